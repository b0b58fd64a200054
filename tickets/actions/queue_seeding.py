"""The queues a shop starts with, which actions put tickets into. Called after every migration."""

from __future__ import annotations

from tickets.models import Queue

SHIPPED = (
    ("returns", "退换货", "Returns", 0),
    ("questions", "咨询", "Questions", 1),
    ("complaints", "投诉", "Complaints", 2),
    ("tasks", "内部任务", "Tasks", 4),
)
SHIPPED_KEYS = frozenset(key for key, *_words in SHIPPED)


def seed_queues() -> None:
    """Put in what is missing; what managers made of the others stays as they left it. Of a shop that makes one at the same
    moment, since an older version of it is still running, that one stands."""
    there = set(Queue.objects.values_list("key", flat=True))
    Queue.objects.bulk_create(
        (
            Queue(key=key, name_zh=zh, name_en=en, position=position)
            for key, zh, en, position in SHIPPED
            if key not in there
        ),
        ignore_conflicts=True,
    )
