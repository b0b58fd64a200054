"""Replay real orders through the product's clock and count what each should have got: `python bench/replay_orders.py --data DIR`.

DIR holds Olist's `orders.csv` or `orders.csv.gz`. Each order becomes an order with one parcel in a database of its own
(SQLite); the clock is held at each scan and at each instant at which a timer falls due, and the shipped sweep does what
is due then. What should have come of it is counted from the dates alone: the reminders (dispatched, signed, or an apology
where that was after the promised day), the parcel that stands still (48 h: the customer hears, 72 h: the carrier is
chased), the visit three days after the signature and the call the day after a late one; nothing where no carrier was
handed anything. Orders whose dates contradict each other (handed over before they were placed, signed for before that)
are named and left out. The last line is the verdict; the exit code is 1 where one order differs.
"""

import argparse
import csv
import datetime as dt
import gzip
import heapq
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

SELLER, SHOP = ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Shanghai")
Expected = dict[str, dt.datetime]


class Dates(NamedTuple):
    """Of one order, in UTC."""

    number: str
    placed: dt.datetime
    handed: dt.datetime | None  # to the carrier
    signed: dt.datetime | None
    promised: dt.datetime

    @property
    def contradict(self) -> bool:
        """They cannot all be true."""
        if self.handed is None:
            return self.signed is not None
        return self.handed < self.placed or (self.signed is not None and self.signed <= self.handed)


def read(folder: Path, most: int) -> tuple[list[Dates], list[str]]:
    """The first `most` orders, and the numbers of those among them that cannot be."""
    path = next((each for each in (folder / "orders.csv", folder / "orders.csv.gz") if each.exists()), None)
    if path is None:
        sys.exit(f"{folder} has neither orders.csv nor orders.csv.gz.")
    found: list[Dates] = []
    impossible: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if len(found) == most:
                break
            placed, handed = _utc(row["order_purchase_timestamp"]), _utc(row["order_delivered_carrier_date"])
            signed, promised = _utc(row["order_delivered_customer_date"]), _utc(row["order_estimated_delivery_date"])
            if placed is None or promised is None:
                impossible.append(row["order_id"])
                continue
            dates = Dates(row["order_id"], placed, handed, signed, promised)
            if dates.contradict:
                impossible.append(dates.number)
            else:
                found.append(dates)
    if not found:
        sys.exit(f"{path} has no order.")
    return found, impossible


def expected(order: Dates, until: dt.datetime) -> Expected:
    """What is to come of these dates and when, by arithmetic of its own."""
    if order.handed is None:
        return {}
    handed, signed, far = order.handed, order.signed, until + dt.timedelta(days=1)
    told = {"dispatched": _awake(handed), "still 48 h": _awake(handed + dt.timedelta(hours=48))}
    told["still 72 h"] = _awake(handed + dt.timedelta(hours=72))
    told = {what: at for what, at in told.items() if at < (signed or far)}
    if signed is not None:
        day = signed.astimezone(SHOP).date()
        is_late = day > order.promised.astimezone(SHOP).date()
        told["late" if is_late else "signed"] = _awake(signed)
        told["after-signing"] = dt.datetime.combine(day + dt.timedelta(days=3), dt.time(10), SHOP)
        if is_late:
            told["after-late"] = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(10), SHOP)
    return {what: at.astimezone(dt.UTC) for what, at in told.items()}


def all_expected(orders: list[Dates]) -> dict[str, Expected]:
    """Of each order, as far as the replay goes."""
    until = max(each.signed or each.handed or each.placed for each in orders) + dt.timedelta(days=5)
    return {each.number: expected(each, until) for each in orders}


def _awake(at: dt.datetime) -> dt.datetime:
    """Not between nine in the evening and eight in the morning where the shop is."""
    local = at.astimezone(SHOP)
    if 8 <= local.hour < 21:
        return at
    day = local.date() + dt.timedelta(days=local.hour >= 21)
    return dt.datetime.combine(day, dt.time(8), SHOP)


def _utc(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SELLER).astimezone(dt.UTC) if text else None


def replay(orders: list[Dates]) -> dict[str, Expected]:
    """Let the product live through all the dates; what it told of each order, and when."""
    from aftersales.kernel import clock
    from aftersales.kernel.actor import SYSTEM
    from aftersales.ledger import daily
    from aftersales.ledger.models import Event, Timer
    from aftersales.ledger.sweep import sweep
    from customers.actions import tracking
    from customers.models import Order, OrderLine, Shipment
    from tests.world import a_person, a_shop
    from tickets.models import Visit

    daily._jobs.clear()  # nothing replayed here waits for the night; years of nights would only cost time
    shop, scans, parcels, bought = a_shop(), [], {}, {}
    for index, (number, placed, handed, signed, promised) in enumerate(orders):
        person = a_person(f"Buyer {index}", f"+86138{index:08d}", f"buyer{index}@example.org")
        order = Order.objects.create(
            shop=shop, platform="olist", number=number, person=person, status="paid", paid_minor=100, placed_at=placed,
            promised_at=promised, imported_at=placed,
        )  # fmt: skip
        OrderLine.objects.create(order=order, number="1", title="goods", quantity=1, shipped_quantity=1, paid_minor=100,
                                 unit_price_minor=100)  # fmt: skip
        parcels[Shipment.objects.create(order=order, carrier="SF", number=f"SF{index:013d}").pk] = number
        bought[order.pk] = number
        if handed:
            scans.append((handed, f"SF{index:013d}", "picked_up"))
        if signed:
            scans.append((signed, f"SF{index:013d}", "signed"))
    heapq.heapify(scans)
    last = max((each[0] for each in scans), default=orders[-1].placed) + dt.timedelta(days=6)
    running = Timer.objects.pending().filter(paused_at=None).order_by("due_at")
    while scans or running.filter(due_at__lte=last).exists():
        due = running.values_list("due_at", flat=True).first()
        if scans and (due is None or scans[0][0] < due):
            at, parcel, status = heapq.heappop(scans)
            told = {
                "carrier": "SF",
                "number": parcel,
                "scans": [{"at": at.isoformat(), "status": status, "text": status}],
            }
            with clock.fixed(at):
                tracking.report("generic", told, actor=SYSTEM)
                sweep("replay", budget_seconds=60)
        else:
            assert due is not None
            with clock.fixed(due):
                sweep("replay", budget_seconds=60)
    got: dict[str, Expected] = {each.number: {} for each in orders}
    twice = Counter[tuple[str, str]]()
    for event in Event.objects.filter(name__in=("shipment.reminded", "shipment.stuck")).order_by("pk"):
        what = event.data["kind"] if event.name == "shipment.reminded" else f"still {event.data['hours']} h"
        _note(got, twice, parcels[event.subject_id], what, event.at)
    for visit in Visit.objects.exclude(order=None).select_related("plan"):
        _note(got, twice, bought[visit.order_id or 0], visit.plan.code, visit.due_at)
    return got


def _note(got: dict[str, Expected], twice: Counter[tuple[str, str]], number: str, what: str, at: dt.datetime) -> None:
    """Something told twice gets a name of its own, which nobody expects."""
    twice[number, what] += 1
    times = twice[number, what]
    got[number][what if times == 1 else f"{what}, time {times}"] = at.astimezone(dt.UTC)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder with Olist's orders.csv[.gz]")
    parser.add_argument("--orders", type=int, default=300, metavar="N", help="the first N (300)")
    options = parser.parse_args()
    orders, impossible = read(options.data, options.orders)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "aftersales.settings", "DESK_MODE": "test", "LOG_LEVEL": "CRITICAL",
                       "DATABASE_URL": f"sqlite:///{folder}/replay.sqlite3", "DATA_DIR": folder}  # fmt: skip
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        begin = time.monotonic()
        got = replay(orders)
        took = time.monotonic() - begin
    wanted = all_expected(orders)
    differing = [number for number in wanted if wanted[number] != got[number]]
    names = sorted({what for told in (*wanted.values(), *got.values()) for what in told})
    print(
        f"{len(orders)} orders replayed in {took:.0f} s, {sum(not each for each in wanted.values())} of them expect nothing"
    )
    if impossible:
        print(f"  left out, their dates contradict each other: {', '.join(impossible)}")
    print(f"  {'':<24}{'expected':>10}{'told':>10}{'at its instant':>16}")
    for what in names:
        right = sum(what in wanted[each] and wanted[each][what] == got[each].get(what) for each in wanted)
        print(f"  {what:<24}{sum(what in each for each in wanted.values()):>10}"
              f"{sum(what in each for each in got.values()):>10}{right:>16}")  # fmt: skip
    for number in differing[:5]:
        print(f"  {number}: expected {wanted[number]}, got {got[number]}")
    print(f"{len(differing)} orders DIFFER" if differing else "Every order got what its own dates imply, once each.")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
