"""How many tickets are in each of many lists: one statement for all of them, each counted to an end.

A list is counted by its own index and no further than `CAP`, so a badge costs what is in it, never what is closed. The badge
asks exactly what the list behind it asks; the tests compare the two after every action.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import pgettext

CAP = 10_000


@dataclass(frozen=True, slots=True)
class Count:
    """`number` of tickets, or at least so many when `more` is set."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        shown = str(number_format(self.number, use_l10n=True, force_grouping=True))
        return pgettext("count", "%(number)s+") % {"number": shown} if self.more else shown

    def __bool__(self) -> bool:
        return self.number > 0


def count_all(lists: Mapping[str, QuerySet[Any]]) -> dict[str, Count]:
    """The counts under the same keys."""
    parts, params, asked = list[str](), list[Any](), list[str]()
    for key, rows in lists.items():
        try:
            sql, values = rows.order_by().values("pk")[: CAP + 1].query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS list_{len(parts)})")  # noqa: S608  the ORM’s own SQL and its parameters
        params += values
        asked.append(key)
    found = dict.fromkeys(lists, Count(0))
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", params)
            numbers = cursor.fetchone()
        for key, number in zip(asked, numbers, strict=True):
            found[key] = Count(min(number, CAP), more=number > CAP)
    return found
