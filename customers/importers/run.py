"""One import from files to report. Called by the command `import_orders` and by tests."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.patience import be_patient
from aftersales.kernel.policy import check
from customers.actions.importing import Shopfront, finish_import, shop_for, start_import, store_batch
from customers.actions.proof.claims import give_claim_codes
from customers.importers.claim_codes import CodeFile
from customers.importers.decoding import files_of
from customers.importers.problems import BadFile, NothingRead
from customers.importers.report import Report
from customers.importers.shelf import Shelf
from customers.importers.source import Found, Intake, Source

_BATCH = 200  # orders in one transaction: large enough to be fast, small enough to keep nobody waiting
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller asked for. `rebase_to` is a day where the shop is; `code_file` is written, never read back."""

    source: Source
    paths: Sequence[Path]
    shop_name: str = ""
    dry_run: bool = False
    rebase_to: dt.date | None = None
    code_file: Path | None = None
    renew_codes: bool = False


class _Undo(Exception):
    """Leaves the transaction of a dry run, so that it writes nothing."""


def import_orders(wish: Wish, *, actor: Actor, progress: Progress = lambda _done: None) -> Report:
    """Import the files and tell what happened. Raises `BadFile` when there is nothing to read at all.

    A dry run does everything inside one transaction and takes it back. A real run commits batch by batch: cut off in
    the middle it leaves whole orders, and the next run goes on from there.
    """
    check(actor, "order.import")
    started = time.monotonic()
    files = files_of(list(wish.paths))
    shift, newest = _shift(wish, files) if wish.rebase_to else (0, None)
    report = Report(
        source=wish.source.name, shop=wish.shop_name or wish.source.shop_name, dry_run=wish.dry_run, shift_days=shift
    )
    report.newest_delivery = str(wish.rebase_to) if newest else ""
    if wish.rebase_to and newest is None:
        report.remark(_("No order has been delivered, so no date was moved."))
    if wish.dry_run:
        try:
            with transaction.atomic():
                be_patient()
                _import(wish, files, report, actor, progress, started)
                raise _Undo
        except _Undo:
            pass
    else:
        _import(wish, files, report, actor, progress, started)
    return report


def _import(wish: Wish, files: list[Path], report: Report, actor: Actor, progress: Progress, started: float) -> None:
    run = start_import(
        source=wish.source.name, path=", ".join(file.name for file in files), actor=actor, at=clock.now()
    )
    with transaction.atomic():
        shop = shop_for(report.shop, platform=wish.source.name, currency=wish.source.currency)
    front = Shopfront(shop, wish.source.name)
    codes = CodeFile(wish.code_file) if wish.code_file and not wish.dry_run else None
    with Shelf() as shelf:
        intake = Intake(report, shelf)
        try:
            for batch in _batches(wish.source.orders(files, intake)):
                _store(batch, front, report, actor, codes, renew=wish.renew_codes)
                progress(report.orders_read)
        except BadFile as problem:
            raise NothingRead(problem, [bad.reason for bad in report.bad_rows]) from problem
    if report.dated_ahead:
        report.remark(
            _("%(count)s orders are dated later than today, because they were placed after the newest delivery.")
            % {"count": report.dated_ahead}
        )
    if not shop.can_take_back:
        report.remark(
            _(
                "The shop “%(shop)s” has no complete return address yet; give it one in the office, or no return can be approved."
            )
            % {"shop": shop.name}
        )
    report.seconds = time.monotonic() - started
    finish_import(run, report=report.as_data(), actor=actor, at=clock.now())


def _batches(found: Iterator[Found]) -> Iterator[list[Found]]:
    """So many at a time, and never two orders of one number together: the later file must find the earlier one stored."""
    batch: list[Found] = []
    numbers: set[str] = set()
    for each in found:
        if len(batch) >= _BATCH or each.facts.number in numbers:
            yield batch
            batch, numbers = [], set()
        batch.append(each)
        numbers.add(each.facts.number)
    if batch:
        yield batch


def _store(
    batch: list[Found], front: Shopfront, report: Report, actor: Actor, codes: CodeFile | None, *, renew: bool
) -> None:
    report.orders_read += len(batch)
    rows = {found.facts.number: found.row for found in batch}
    at = clock.now()
    facts = [found.facts.moved(report.shift_days) for found in batch]
    report.dated_ahead += sum(order.placed_at > at for order in facts)
    result = store_batch(facts, front=front, actor=actor, at=at)
    for refused in result.refused:
        report.orders_left_out += 1
        report.complain(rows[refused.number], refused.why)
    result.refused.clear()
    if codes is not None:
        _give_codes(result.stored, front, report, actor, codes, renew=renew)
    result.stored.clear()
    report.result.add(result)


def _give_codes(
    numbers: list[str], front: Shopfront, report: Report, actor: Actor, codes: CodeFile, *, renew: bool
) -> None:
    """Write the codes to the file before their hashes commit: a code that nobody can read again must not be lost."""
    with transaction.atomic():
        given = give_claim_codes(numbers, platform=front.source, renew=renew, actor=actor)
        codes.add(given)
    report.claim_codes_new += len(given)
    report.claim_codes_kept += len(numbers) - len(given)


def _shift(wish: Wish, files: list[Path]) -> tuple[int, dt.date | None]:
    """By how many days the newest delivery lies before the wished day, where the shop is. Reads the files once for it."""
    with Shelf() as shelf:
        quiet = Intake(Report(wish.source.name), shelf)
        delivered = (found.facts.delivered_at for found in wish.source.orders(files, quiet))
        newest = max((instant for instant in delivered if instant), default=None)
    if newest is None or wish.rebase_to is None:
        return 0, None
    day = clock.shop_date(newest)
    return (wish.rebase_to - day).days, day
