"""Orders the archive has not seen yet. Called by the batch, in its transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from customers.actions.importing.erased import owners_erased, wait_for_erasures, without_words
from customers.actions.importing.goods import skus_of
from customers.actions.importing.people import addresses_of, people_of
from customers.actions.importing.results import BatchResult
from customers.actions.importing.rows import line_row, order_values, payment_row, scans_of, shipment_row
from customers.actions.importing.shapes import OrderFacts
from customers.models import Order, OrderLine, Payment, Shipment, Shop, TrackingEvent


def create(batch: Sequence[OrderFacts], shop: Shop, source: str, at: dt.datetime, result: BatchResult) -> None:
    """Make the orders with all that hangs on them: a fixed number of statements, however many orders."""
    wait_for_erasures(batch, source)
    gone, digests = owners_erased(batch, source), {facts.number: facts.digest for facts in batch}
    batch = [without_words(facts) if facts.number in gone else facts for facts in batch]
    people, new_people = people_of([facts for facts in batch if facts.number not in gone], source, at)
    addresses = addresses_of([(people[facts.buyer.key], facts.address) for facts in batch if facts.address])
    skus = skus_of(batch)
    orders = Order.objects.bulk_create(
        [
            Order(
                shop=shop,
                platform=source,
                number=facts.number,
                person=gone.get(facts.number) or people[facts.buyer.key],
                address=addresses[people[facts.buyer.key].pk, facts.address] if facts.address else None,
                imported_at=at,
                content_sha256=digests[facts.number],
                **order_values(facts),
            )
            for facts in batch
        ]
    )
    pairs = list(zip(orders, batch, strict=True))
    lines = OrderLine.objects.bulk_create(
        [line_row(order, line, skus) for order, facts in pairs for line in facts.lines]
    )
    shipments = Shipment.objects.bulk_create(
        [shipment_row(order, parcel) for order, facts in pairs for parcel in facts.shipments]
    )
    TrackingEvent.objects.bulk_create([scan for shipment in shipments for scan in scans_of(shipment)])
    Payment.objects.bulk_create([payment_row(order, tender) for order, facts in pairs for tender in facts.payments])
    result.people_created += new_people
    result.orders_created += len(orders)
    result.lines_created += len(lines)
