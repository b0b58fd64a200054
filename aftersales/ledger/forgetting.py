"""What people wrote goes out of the events about somebody who is erased; that it happened, when and by whom stays."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from aftersales.kernel.personal import NOTHING
from aftersales.ledger.catalogue import event_types
from aftersales.ledger.models import Event


def forget_words(rows: QuerySet[Any]) -> None:
    """In the transaction of the erasure. The database lets nothing but this be changed (`migrations/_events_lose_words.py`)."""
    words = {each.name: each.words for each in event_types().values() if each.words}
    events = list(rows.filter(name__in=words).only("name", "data"))
    for event in events:
        event.data |= {key: NOTHING for key in words[event.name] if event.data.get(key)}
    Event.objects.bulk_update(events, ["data"], batch_size=500)
