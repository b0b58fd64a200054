"""Give the peer as many tickets with as many messages: `python -m bench.desk_parts.peer.fill N`, or `facts`. Prints JSON."""

from __future__ import annotations

import datetime as dt
import json
import random
import sys

import django

CHUNK = 5_000


def fill(tickets: int) -> dict[str, object]:
    """Open and closed as ours are (a twentieth is open), three to six messages each, a rare word in twenty of them."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone
    from helpdesk.models import FollowUp, Queue, Ticket

    from bench.desk_parts.shop import PLANTED, RARE
    from returns.management.sample.bulk.words import added, asked, replied

    chance, now = random.Random(3), timezone.now()
    agent = get_user_model().objects.create_superuser("agent", "agent@shop.example", "bench")
    queues = [
        Queue.objects.create(title=name, slug=slug) for name, slug in (("退换货", "returns"), ("咨询", "questions"))
    ]
    planted = set(chance.sample(range(tickets), min(PLANTED, tickets)))
    for start in range(0, tickets, CHUNK):
        rows, talks = [], []
        for number in range(start, min(start + CHUNK, tickets)):
            text = f"我买的{RARE}什么时候能修好？" if number in planted else asked(chance)
            opened = now - dt.timedelta(seconds=chance.randrange(540 * 86_400))
            is_open = chance.random() < 0.05
            rows.append(
                Ticket(
                    title=text[:150], queue=chance.choice(queues), created=opened, modified=opened, description=text,
                    submitter_email=f"c{number}@example.org", status=1 if is_open else 4, priority=chance.randint(2, 4),
                    assigned_to=agent if chance.random() < 0.7 else None,
                    due_date=opened + dt.timedelta(days=1) if is_open else None,
                )
            )  # fmt: skip
        for ticket in Ticket.objects.bulk_create(rows):
            for turn in range(chance.randint(2, 5)):  # the first message is the description
                talks.append(
                    FollowUp(
                        ticket=ticket, date=ticket.created + dt.timedelta(hours=turn + 1), title="Comment", public=True,
                        comment=added(chance) if turn % 2 else replied(chance), user=None if turn % 2 else agent,
                    )
                )  # fmt: skip
        FollowUp.objects.bulk_create(talks, batch_size=5_000)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return facts()


def facts() -> dict[str, object]:
    from django.contrib.auth import get_user_model
    from django.test import Client
    from helpdesk.models import Ticket

    client = Client()
    client.force_login(get_user_model().objects.get(username="agent"))
    keys = list(Ticket.objects.order_by("?").values_list("pk", flat=True)[:500])
    open_keys = list(Ticket.objects.filter(status=1).order_by("?").values_list("pk", flat=True)[:200])
    return {
        "cookies": {name: morsel.value for name, morsel in client.cookies.items()},
        "keys": keys, "open_keys": open_keys, "tickets": Ticket.objects.count(),
    }  # fmt: skip


if __name__ == "__main__":
    django.setup()
    print(json.dumps(facts() if sys.argv[1] == "facts" else fill(int(sys.argv[1]))))
