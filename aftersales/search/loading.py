"""Load the entries of very many new things from the one who writes the things, as `load_sample` does.

Reading a million things back to index them takes longer than writing them. On Postgres a process of its own makes the
entries of what it is handed and then the text index, over a connection of its own, while the caller goes on with rows
and their indexes. It commits after the caller has: when either fails, neither is there.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Generic, Protocol, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from aftersales.kernel.patience import be_patient
from aftersales.search.backend import dress, take_turn, undress
from aftersales.search.index import Row, copy

_BATCH = 4_000  # entries in one statement
Thing = TypeVar("Thing")
Given = TypeVar("Given", contravariant=True)


class Loading(Protocol[Given]):
    def put(self, things: Sequence[Given]) -> None:
        """Have the entries of these made."""

    def begin_index(self) -> None:
        """There are no more: let the text index be made."""

    def finish(self) -> None:
        """Wait until it is. Whatever failed is raised here at the latest."""


@contextlib.contextmanager
def loading(row_of: Callable[[Thing], Row]) -> Iterator[Loading[Thing]]:
    """Begin before the caller's transaction and end after it; within one the caller's own connection does everything."""
    if connection.in_atomic_block or connection.vendor != "postgresql":
        yield _Here(row_of)
        return
    connections.close_all()  # a connection must not be shared with the process that is made now
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_beside, args=(ours, theirs, row_of))
    process.start()
    theirs.close()
    try:
        yield _There(ours)
        ours.send(None)  # the caller has committed
    except (ConnectionError, EOFError) as gone:
        raise RuntimeError("The process that writes search entries has ended before its time.") from gone
    finally:
        ours.close()  # without that word nothing is kept
        process.join()
    if process.exitcode:
        raise RuntimeError("The rows are in, but their search entries are not: run `manage.py reindex --anew`.")


class _Here(Generic[Thing]):
    def __init__(self, row_of: Callable[[Thing], Row]) -> None:
        self._row_of = row_of
        take_turn(wait=True)
        undress()

    def put(self, things: Sequence[Thing]) -> None:
        for start in range(0, len(things), _BATCH):
            copy(map(self._row_of, things[start : start + _BATCH]))

    def begin_index(self) -> None:
        dress()

    def finish(self) -> None:
        pass


class _There(Generic[Thing]):
    """What the caller holds of the other process: a pipe that is full while it is busy."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def put(self, things: Sequence[Thing]) -> None:
        self._pipe.send(things)

    def begin_index(self) -> None:
        self._pipe.send(None)

    def finish(self) -> None:
        self._pipe.recv()


def _beside(ours: Connection, theirs: Connection, row_of: Callable[[Thing], Row]) -> None:
    """The other process. The end of the caller ends it too, with everything rolled back."""
    ours.close()
    gc.disable()  # entries hold no cycles, and looking for some among what is kept of the texts costs a tenth of the time
    # `close_all` has met the connections of its own context; what others left open here is shared and must not be touched.
    connections[DEFAULT_DB_ALIAS] = connections.create_connection(DEFAULT_DB_ALIAS)
    with contextlib.suppress(ConnectionError, EOFError), contextlib.closing(theirs), transaction.atomic():
        be_patient()
        here = _Here(row_of)
        while (things := theirs.recv()) is not None:
            here.put(things)
        here.begin_index()
        theirs.send(None)
        theirs.recv()
    connections.close_all()
