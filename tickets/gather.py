"""What tickets know of people that the archive asks before it writes to them of its own accord."""

from __future__ import annotations

from collections.abc import Collection

from tickets.models import Ticket


def busy(people: Collection[int]) -> dict[int, str]:
    """`complaint` for who has one open, `case` for who has any other ticket open; who has none is left out."""
    found: dict[int, str] = {}
    for person_id, kind in Ticket.objects.open().filter(person__in=people).order_by().values_list("person_id", "kind"):
        if kind == Ticket.Kind.COMPLAINT or person_id not in found:
            found[person_id] = "complaint" if kind == Ticket.Kind.COMPLAINT else "case"
    return found
