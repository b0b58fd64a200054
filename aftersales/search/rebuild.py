"""Make the index again from the things: whole or in part, batch by batch, gone on with where a crash left it.

`anew` empties the index, drops its text index and copies everything in: fast, and nothing but recent changes is found
meanwhile. In place, entries are replaced while people search.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ProcessPoolExecutor

from django.db import connection, connections, transaction

from aftersales.search.backend import dress, take_turn, undress
from aftersales.search.index import copy, row_of, write
from aftersales.search.kinds import Kind, kind_of, kinds
from aftersales.search.models import Entry, Rebuild, Touched

_BATCH = 4_000
Progress = Callable[[str], None]


def rebuild(
    *,
    progress: Progress,
    only: Collection[str] | None = None,
    since: dt.datetime | None = None,
    anew: bool = False,
    workers: int = 1,
) -> int:
    """Index every thing of these kinds that began since then (UTC). Returns how many things were read.

    `workers` processes share the kinds when the index is made anew on Postgres. Outside of a transaction.

    A rebuild that was cut off is gone on with, whatever is asked now; so after a crash the same command again is right.
    """
    begun = _begin(only, since, anew)
    todo = [(kind, begun[kind.name]) for kind in kinds() if kind.name in begun]
    # Other processes see only what is committed.
    alone = connection.in_atomic_block or connection.vendor != "postgresql"
    if workers > 1 and not alone and all(row.anew for _kind, row in todo):
        done = _in_processes(todo, workers)
    else:
        done = sum(_one_kind(kind, row, progress) for kind, row in todo)
    if any(row.anew for row in begun.values()):
        progress("The text index …")
        dress()
    Rebuild.objects.all().delete()
    return done


def _in_processes(todo: Sequence[tuple[Kind, Rebuild]], workers: int) -> int:
    """The largest kinds begin first. Each process opens its own connection; ours is closed before they are made."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    ordered = sorted(
        todo, key=lambda each: -(each[0].model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0)
    )
    connections.close_all()
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        return sum(pool.map(_apart, [kind.name for kind, _row in ordered]))


def _apart(kind: str) -> int:
    """In a process of its own."""
    try:
        return _one_kind(kind_of(kind), Rebuild.objects.get(kind=kind), lambda _text: None)
    finally:
        connections.close_all()


def _begin(only: Collection[str] | None, since: dt.datetime | None, anew: bool) -> dict[str, Rebuild]:
    left = {row.kind: row for row in Rebuild.objects.all()}
    if left:
        return left
    chosen = [kind.name for kind in kinds() if only is None or kind.name in only]
    with transaction.atomic():
        take_turn(wait=True)
        if anew:
            # What is marked by now is read below; what is marked from here on waits until the index is whole.
            Touched.objects.all().delete()
            _empty()
        rows = [Rebuild(kind=name, anew=anew, since=since) for name in chosen]
        Rebuild.objects.bulk_create(rows)
    return {row.kind: row for row in rows}


def _one_kind(kind: Kind, row: Rebuild, progress: Progress) -> int:
    done = 0
    while keys := _next(kind, row):
        with transaction.atomic():
            if row.anew:  # nobody else writes: the sweep waits until the whole is made
                copy(row_of(kind, document) for document in kind.documents(keys))
            else:
                take_turn(wait=True)
                write(kind, keys)
                if row.since is None:
                    _clear_between(kind, row.last_key, keys)
            row.last_key = keys[-1]
            row.save(update_fields=["last_key"])
        done += len(keys)
        progress(f"{kind.name}: {done:,}")
    if not row.anew and row.since is None:
        Entry.objects.filter(kind=kind.name, key__gt=row.last_key).exclude(key__in=_newer(kind, row.last_key)).delete()
    return done


def _next(kind: Kind, row: Rebuild) -> list[int]:
    things = kind.model._base_manager.filter(pk__gt=row.last_key)
    if row.since is not None:
        things = things.filter(**{f"{kind.made}__gte": row.since})
    return list(things.order_by("pk").values_list("pk", flat=True)[:_BATCH])


def _newer(kind: Kind, key: int) -> list[int]:
    """Things that came while the last batch was written; they were touched and are the sweep's."""
    return list(kind.model._base_manager.filter(pk__gt=key).values_list("pk", flat=True))


def _clear_between(kind: Kind, last: int, keys: Sequence[int]) -> None:
    """Entries between the keys of a batch belong to things that are gone."""
    between = Entry.objects.filter(kind=kind.name, key__gt=last, key__lte=keys[-1])
    gone = set(between.values_list("key", flat=True)) - set(keys)
    if gone:
        between.filter(key__in=gone).delete()


def _empty() -> None:
    if connection.vendor != "postgresql":
        Entry.objects.all().delete()
        return
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE search_entry")
    undress()
