"""Statements that PostgreSQL has read and planned already, on the connection at hand: of a short question that joins eight
tables, planning takes four fifths of the database's time.

Each is planned once for all its values (`plan_cache_mode` in the settings): they are keys, accounts and instants, and one plan
is right for all of them. The plans belong to a connection, and a pooler between us may hand out another one with each
transaction: there `DB_PLANS_AHEAD=false` leaves all of this out.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.conf import settings
from psycopg2.extensions import AsIs

MOST = 100  # statements of one connection and kind: there, one that joins many tables takes half a megabyte

_numbers = itertools.count(1)
# Connection -> kind -> statement -> its name there, the one that was asked last at the end.
_known: WeakKeyDictionary[Any, defaultdict[str, OrderedDict[Statement, str]]] = WeakKeyDictionary()


class Sent(NamedTuple):
    """What the database is sent."""

    sql: str
    params: list[Any]


class Statement:
    """One statement. Of its parameters those at `places` change from time to time; the others are part of it. One of another
    `kind` does not push it out. `given`: how each is written in the call, where its type must be told."""

    def __init__(
        self,
        sql: str,
        params: list[Any],
        places: Sequence[int],
        kind: str = "question",
        given: Sequence[str] | None = None,
    ) -> None:
        self.sql, self.params, self.places, self.kind = sql, params, places, kind
        self.given = f" ({', '.join(given or ['%s'] * len(places))})" if places else ""

    def whole(self, values: list[Any]) -> Sent:
        """The statement with these values at its places."""
        params = self.params.copy()
        for at, value in zip(self.places, values, strict=True):
            params[at] = value
        return Sent(self.sql, params)

    def sent(self, values: list[Any], connection: Any) -> Sent:
        """The call of the planned statement; on SQLite the whole statement."""
        if connection.vendor != "postgresql" or not settings.DB_PLANS_AHEAD:
            return self.whole(values)
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        name = self._name_on(connection.connection)
        return Sent(f"EXECUTE {name}{self.given}", values)

    def _name_on(self, raw: Any) -> str:
        names = _known.setdefault(raw, defaultdict(OrderedDict))[self.kind]
        if (name := names.get(self)) is not None:
            names.move_to_end(self)
            return name
        with raw.cursor() as cursor:
            while len(names) >= MOST:
                cursor.execute(f"DEALLOCATE {names.popitem(last=False)[1]}")
            name = f"{self.kind[:50]}_{next(_numbers)}"
            cursor.execute(f"PREPARE {name} AS {self._numbered(cursor)}")
        names[self] = name
        return name

    def _numbered(self, cursor: Any) -> str:
        """What is always the same stands in it as it is, so that an index of some rows only is found; the rest is `$1`, `$2`."""
        told = self.whole([AsIs(f"${number}") for number in range(1, len(self.places) + 1)])
        words: str = cursor.mogrify(*told).decode()
        return words
