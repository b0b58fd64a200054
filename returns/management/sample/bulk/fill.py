"""Write a large sample: first the archive, then the work, chunk by chunk. Called by `load_sample`."""

from __future__ import annotations

import contextlib
import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence

from django.db import connection, transaction
from django.db.models import F

from aftersales.kernel import clock
from aftersales.kernel.patience import be_patient
from aftersales.search.loading import Loading, loading
from aftersales.search.watch import unwatched
from customers.models import Shop, Sku
from returns.management.sample.bulk.archive import Archive
from returns.management.sample.bulk.bare import bare
from returns.management.sample.bulk.cases import Cases
from returns.management.sample.bulk.entries import Thing, row_of
from returns.management.sample.bulk.tickets import Desk
from returns.management.sample.bulk.writer import Sink, Table
from returns.management.sample.cast import make_cast
from returns.management.sample.orders import SHOP_NAME

_CHUNK = 5_000  # tickets between two flushes: some hundred megabytes of rows in memory
_DAYS = 540
_RETURNS = 0.35  # of all tickets; the others are questions
_QUIET_ORDERS = 0.25  # orders without a ticket, for each ticket


def fill(tickets: int, *, seed: int, progress: Callable[[str], None]) -> None:
    """Add so many tickets with their people, orders, events and search entries. All of it or, when it is cut off, nothing."""
    with loading(row_of) as entries, transaction.atomic():
        be_patient()
        tables = _write(tickets, seed, entries, progress)
        _refresh_statistics(tables)
        entries.finish()


def _write(tickets: int, seed: int, entries: Loading[Thing], progress: Callable[[str], None]) -> Sequence[Table]:
    chance = random.Random(seed)  # noqa: S311  a sample, not a secret
    shop = Shop.objects.get(name=SHOP_NAME)
    found: list[Thing] = []
    desk = Desk(make_cast(), seed, chance, found)
    archive = Archive(shop.pk, seed, chance, found)
    cases = Cases(archive, desk, shop, seed, chance, found)
    tables = (
        *archive.tables,
        *desk.tables,
        *cases.tables.in_order(),
        cases.judge.texts,
        cases.judge.verdicts,
    )
    now = int(clock.now().timestamp())
    began = time.monotonic()
    names = [table.model._meta.db_table for table in tables]
    with bare(names), unwatched(names):
        with _uncollected(), Sink() as sink:
            for number in range(1, tickets + 1):
                _one(archive, desk, cases, chance, now)
                if number % _CHUNK == 0 or number == tickets:
                    for table in tables:
                        table.flush(sink)
                    entries.put(found)
                    found.clear()
                    seconds, rows = time.monotonic() - began, sum(table.written for table in tables)
                    progress(f"{number:,} of {tickets:,} tickets, {rows:,} rows, {seconds:,.0f} s")
            entries.begin_index()
            progress("Tables, indexes and foreign keys …")
            sink.pour()
        cases.judge.put_together()
    for sku, held in cases.held.items():
        # What exchanges under way keep aside stands on the shelf as well.
        Sku.objects.filter(pk=sku).update(on_hand=F("on_hand") + held, reserved=F("reserved") + held)
    for table in tables:
        table.settle_sequence()
    return tables


def _one(archive: Archive, desk: Desk, cases: Cases, chance: random.Random, now: int) -> None:
    # The shop has grown: the square root puts more of the tickets into the recent months.
    opened = now - int(_DAYS * 86_400 * (1 - chance.random() ** 0.5)) - 60
    if chance.random() < _QUIET_ORDERS:
        archive.order(archive.basket(), signed=opened)
    if chance.random() < _RETURNS:
        cases.make(opened=opened, now=now)
        return
    bought = archive.order(archive.basket(), signed=opened - chance.randint(3600, 5 * 86_400))
    desk.question(bought, opened=opened, now=now)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Rows hold no cycles, and looking for some among millions of them costs an eighth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _refresh_statistics(tables: Sequence[Table]) -> None:
    """The planner would otherwise take a million rows for none until it looks by itself."""
    names = {connection.ops.quote_name(table.model._meta.db_table) for table in tables}
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute(f"ANALYZE {name}")
