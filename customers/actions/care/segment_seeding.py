"""The segments a shop starts with. Called after every migration; what is there is never touched."""

from __future__ import annotations

from customers.models import Segment

_ANY, _LOW, _MOST = (1, 5), (1, 2), (4, 5)
# key, Chinese, English, how lately, how often, how much. The first that fits holds; together they leave nobody out.
SEGMENTS = (
    ("champions", "核心顾客", "Champions", _MOST, _MOST, _MOST),
    ("loyal", "忠诚顾客", "Loyal", (3, 5), (3, 5), _ANY),
    ("new", "新顾客", "New", _MOST, (1, 1), _ANY),
    ("promising", "潜力顾客", "Promising", _MOST, (2, 2), _ANY),
    ("attention", "需要关注", "Need attention", (3, 3), _LOW, (3, 5)),
    ("sleepy", "即将沉睡", "About to sleep", (3, 3), _LOW, _LOW),
    ("cannot-lose", "不能失去", "Cannot lose them", _LOW, _MOST, _MOST),
    ("at-risk", "流失风险", "At risk", _LOW, (3, 5), _ANY),
    ("hibernating", "沉睡顾客", "Hibernating", (2, 2), _LOW, _ANY),
    ("lost", "已流失", "Lost", (1, 1), _LOW, _ANY),
)  # fmt: skip


def seed_segments() -> None:
    """Only where there is none at all: a manager may have renamed or retired any of them."""
    if Segment.objects.exists():
        return
    Segment.objects.bulk_create(
        Segment(
            key=key, name_zh=zh, name_en=en, position=position, recency_from=lately[0], recency_to=lately[1],
            frequency_from=often[0], frequency_to=often[1], money_from=much[0], money_to=much[1],
        )
        for position, (key, zh, en, lately, often, much) in enumerate(SEGMENTS, start=1)
    )  # fmt: skip
