"""Orders that a later file tells differently. Called by the batch, which holds the locks of the orders."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.errors import Conflict
from aftersales.kernel.money import Money
from customers.actions.importing.erased import of_erased, without_words
from customers.actions.importing.goods import skus_of
from customers.actions.importing.people import add_contacts, addresses_of
from customers.actions.importing.results import BatchResult, Refused
from customers.actions.importing.rows import (
    LINE_FIELDS,
    ORDER_FIELDS,
    PAYMENT_FIELDS,
    SHIPMENT_FIELDS,
    line_row,
    line_values,
    order_values,
    payment_row,
    payment_values,
    scans_of,
    shipment_row,
    shipment_values,
)
from customers.actions.importing.shapes import OrderFacts
from customers.models import Order, OrderLine, Payment, Shipment, Sku, TrackingEvent

Pairs = Sequence[tuple[Order, OrderFacts]]
Row = TypeVar("Row", bound=Model)


class FileContradictsDesk(Conflict):
    """What the file says cannot be true with what the desk has already done; the desk's record is kept."""

    code = "order_contradicts_desk"


def revise(pairs: Pairs, source: str, at: dt.datetime, result: BatchResult) -> None:
    """Write what differs. An instant or text that the file no longer names is not forgotten."""
    lines = _by_order(OrderLine.objects.select_for_update().filter(order__in=[order for order, _ in pairs]))
    possible = [(order, facts) for order, facts in pairs if _agrees(order, facts, lines[order.pk], result)]
    if not possible:
        return
    digests = {facts.number: facts.digest for _order, facts in possible}
    gone = of_erased([order for order, _facts in possible])
    possible = [(order, without_words(facts) if facts.number in gone else facts) for order, facts in possible]
    add_contacts([(order.person, facts.buyer) for order, facts in possible], at)
    _revise_orders(possible, digests, at)
    _revise_lines(possible, lines, result)
    _revise_shipments(possible)
    _revise_payments(possible)
    result.orders_changed += len(possible)


def _by_order(rows: Any) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows.order_by("pk"):
        grouped[row.order_id].append(row)
    return grouped


def _agrees(order: Order, facts: OrderFacts, lines: list[OrderLine], result: BatchResult) -> bool:
    """Whether the file leaves room for refunds and returns that exist. If not, the order is refused, not bent."""
    if facts.paid_minor < order.refunded_minor:
        why = FileContradictsDesk(
            gettext_lazy("The file says that %(paid)s was paid, but %(refunded)s has been refunded already."),
            paid=str(Money(facts.paid_minor, facts.currency)),
            refunded=str(Money(order.refunded_minor, order.currency)),
        )
        result.refused.append(Refused(facts.number, why))
        return False
    shipped = {line.number: line.shipped_quantity for line in facts.lines}
    for line in lines:
        if line.claimed_quantity > shipped.get(line.number, line.shipped_quantity):
            why = FileContradictsDesk(
                gettext_lazy(
                    "The file says that %(shipped)s of “%(title)s” were shipped, but %(claimed)s are in returns."
                ),
                shipped=shipped[line.number],
                title=line.title,
                claimed=line.claimed_quantity,
            )
            result.refused.append(Refused(facts.number, why))
            return False
    return True


def _take(row: Row, values: dict[str, Any]) -> bool:
    """Set what differs; an empty instant or text in the file leaves what is known. Says whether anything did."""
    changed = False
    for name, value in values.items():
        if value in (None, "") or getattr(row, name) == value:
            continue
        setattr(row, name, value)
        changed = True
    return changed


def _revise_orders(pairs: Pairs, digests: dict[str, str], at: dt.datetime) -> None:
    addresses = addresses_of([(order.person, facts.address) for order, facts in pairs if facts.address])
    for order, facts in pairs:
        _take(order, order_values(facts))
        if facts.address:
            order.address = addresses[order.person_id, facts.address]
        order.content_sha256, order.imported_at = digests[facts.number], at
    Order.objects.bulk_update(
        [order for order, _facts in pairs], [*ORDER_FIELDS, "address", "content_sha256", "imported_at"], batch_size=100
    )


def _revise_lines(pairs: Pairs, lines: dict[int, list[OrderLine]], result: BatchResult) -> None:
    skus: dict[str, Sku] = skus_of([facts for _order, facts in pairs])
    new: list[OrderLine] = []
    changed: list[OrderLine] = []
    for order, facts in pairs:
        known = {line.number: line for line in lines[order.pk]}
        for line in facts.lines:
            if (row := known.pop(line.number, None)) is None:
                new.append(line_row(order, line, skus))
            elif _take(row, line_values(line)):
                changed.append(row)
        if known:
            result.remarks.append(
                _(
                    "Order %(number)s: line %(lines)s is no longer in the file. It was kept, because returns may name it."
                )
                % {"number": facts.number, "lines": ", ".join(known)}
            )
    OrderLine.objects.bulk_create(new)
    OrderLine.objects.bulk_update(changed, LINE_FIELDS, batch_size=100)
    result.lines_created += len(new)
    result.lines_changed += len(changed)


def _revise_shipments(pairs: Pairs) -> None:
    """A parcel is known by carrier and number. One that had none yet takes the first number the file gives."""
    known = _by_order(Shipment.objects.filter(order__in=[order for order, _facts in pairs]))
    new: list[Shipment] = []
    changed: list[Shipment] = []
    told_before: list[TrackingEvent] = []
    for order, facts in pairs:
        left = list(known[order.pk])
        for parcel in facts.shipments:
            same = [row for row in left if (row.carrier, row.number) == (parcel.carrier, parcel.number)]
            row = next(iter(same or [row for row in left if not row.number]), None)
            if row is None:
                new.append(shipment_row(order, parcel))
                continue
            left.remove(row)
            told_before += scans_of(row)
            row.carrier, row.number = parcel.carrier or row.carrier, parcel.number or row.number
            _take(row, shipment_values(parcel))
            changed.append(row)
    Shipment.objects.bulk_update(changed, ["carrier", "number", *SHIPMENT_FIELDS], batch_size=100)
    made = Shipment.objects.bulk_create(new)
    scans = [scan for shipment in [*made, *changed] for scan in scans_of(shipment)]
    _forget_scans(told_before, scans)
    TrackingEvent.objects.bulk_create(scans, ignore_conflicts=True)


def _forget_scans(before: Sequence[TrackingEvent], after: Sequence[TrackingEvent]) -> None:
    """Take away the scans that an earlier file told at another instant; what the carrier reported stays."""
    still = {(scan.shipment_id, scan.at, scan.status) for scan in after}
    gone = {key for scan in before if (key := (scan.shipment_id, scan.at, scan.status)) not in still}
    if not gone:
        return
    kept = TrackingEvent.objects.filter(shipment__in={shipment for shipment, _at, _status in gone})
    stale = [pk for pk, *key in kept.values_list("pk", "shipment_id", "at", "status") if tuple(key) in gone]
    TrackingEvent.objects.filter(pk__in=stale).delete()


def _revise_payments(pairs: Pairs) -> None:
    known = _by_order(Payment.objects.filter(order__in=[order for order, _facts in pairs]))
    new: list[Payment] = []
    changed: list[Payment] = []
    for order, facts in pairs:
        rows = {row.number: row for row in known[order.pk]}
        for tender in facts.payments:
            if (row := rows.get(tender.number)) is None:
                new.append(payment_row(order, tender))
            elif _take(row, payment_values(tender)):
                changed.append(row)
    Payment.objects.bulk_create(new)
    Payment.objects.bulk_update(changed, PAYMENT_FIELDS, batch_size=100)
