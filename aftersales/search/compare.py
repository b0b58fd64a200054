"""Hold the index against the things it is made of; what differs is touched, so that the sweep makes it again.

Called nightly and by `manage.py reindex --check`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import connection

from aftersales.search.index import Row, catch_up, row_of
from aftersales.search.kinds import Kind, kinds, with_followers
from aftersales.search.models import Entry, Rebuild, Touched

SLICES = 14  # nights in which every entry has been read once
_BATCH = 1_000


def compare(*, part: int | None = None) -> dict[str, list[int]]:
    """Keys of things whose entry is missing, left over or not as the thing is now, by kind.

    With `part` the words of one entry in fourteen are read. What was touched and waits for its turn is no difference.
    While the index is made anew there is nothing to compare.
    """
    if Rebuild.objects.filter(anew=True).exists():
        return {}
    while catch_up():
        pass
    found: dict[str, list[int]] = {}
    for kind in kinds():
        differing = {*_missing(kind), *_left_over(kind), *_differing(kind, part)}
        wrong = sorted(differing - _waiting(kind)) if differing else []
        if wrong:
            found[kind.name] = wrong
            Touched.objects.bulk_create([Touched(kind=kind.name, key=key) for key in wrong], batch_size=_BATCH)
    return found


def _waiting(kind: Kind) -> set[int]:
    """What changed while we compared."""
    touched: dict[str, set[int]] = {}
    for name, key in Touched.objects.values_list("kind", "key"):
        touched.setdefault(name, set()).add(key)
    return with_followers(touched).get(kind.name, set())


def _missing(kind: Kind) -> Iterator[int]:
    table = kind.model._meta.db_table
    yield from _keys(
        f'SELECT t.id FROM "{table}" t WHERE NOT EXISTS'  # noqa: S608  names of tables and kinds are our own
        f" (SELECT 1 FROM search_entry e WHERE e.kind = '{kind.name}' AND e.key = t.id)"
    )


def _left_over(kind: Kind) -> Iterator[int]:
    table = kind.model._meta.db_table
    yield from _keys(
        f"SELECT e.key FROM search_entry e WHERE e.kind = '{kind.name}'"  # noqa: S608
        f' AND NOT EXISTS (SELECT 1 FROM "{table}" t WHERE t.id = e.key)'
    )


def _keys(sql: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [key for (key,) in cursor.fetchall()]


def _differing(kind: Kind, part: int | None) -> Iterator[int]:
    last = 0
    while True:
        keys = list(
            Entry.objects.filter(kind=kind.name, key__gt=last).order_by("key").values_list("key", flat=True)[:_BATCH]
        )
        if not keys:
            return
        last = keys[-1]
        chosen = keys if part is None else [key for key in keys if key % SLICES == part]
        kept = _kept(kind, chosen)
        for document in kind.documents(chosen) if chosen else ():
            row = row_of(kind, document)
            if kept.get(document.key) != _comparable(row):
                yield document.key


def _comparable(row: Row) -> tuple[int | None, str, str, str]:
    _kind, _key, at, team, tokens, body = row
    return team, at[:19], tokens, body


def _kept(kind: Kind, keys: Sequence[int]) -> dict[int, tuple[int | None, str, str, str]]:
    tokens = "tokens::text" if connection.vendor == "postgresql" else "tokens"
    at = "at AT TIME ZONE 'UTC'" if connection.vendor == "postgresql" else "at"
    if not keys:
        return {}
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT key, team, {at}, {tokens}, body FROM search_entry WHERE kind = %s AND key IN ({marks})",  # noqa: S608
            [kind.name, *keys],
        )
        return {key: (team, str(at)[:19], tokens, body) for key, team, at, tokens, body in cursor.fetchall()}
