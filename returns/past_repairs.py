"""What was repaired before, and how long the warranty is because of it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef

from aftersales.kernel import clock
from customers.models import Order
from returns.models import Repair, ReturnLine, Verdict
from returns.receipt import days_since_receipt


def warranty(days: int, order: Order, at: dt.datetime, in_repair: int) -> str:
    """Without the time in repair, by which it is longer (R-56)."""
    if not days:
        return "unknown"
    return "valid" if days_since_receipt(order, at) - in_repair <= days else "expired"


def repairs_before(line_id: int, return_id: int | None, order: Order, at: dt.datetime) -> tuple[int, int]:
    """How often goods of this line were repaired before, and for how many days in all (hand-in to repaired, where the shop is).

    The units of a line are not told apart: a repair of one counts for the line.
    """
    mine = [each for each in _repaired(order) if each[0] == line_id and each[1] != return_id and each[3] <= at]
    days = sum((clock.shop_date(ended) - clock.shop_date(came_in)).days for _line, _of, came_in, ended in mine)
    return min(len(mine), 99), min(days, days_since_receipt(order, at))


def _repaired(order: Order) -> list[tuple[int, int, dt.datetime, dt.datetime]]:
    """Order line, return, hand-in and end of every finished repair, once a visit; read once for the life of the row in memory.

    A line of which nothing was accepted was not repaired, and damage found to be the buyer's own is no fault of the goods.
    """
    kept = vars(order)
    if "repaired" not in kept:
        lines = ReturnLine.objects.filter(
            of__order=order, of__repair__outcome=Repair.Outcome.REPAIRED, accepted_quantity__gt=0
        )
        blamed = Verdict.objects.filter(line=OuterRef("pk"), superseded=False, facts__found_cause="buyer")
        rows = lines.exclude(Exists(blamed)).distinct().order_by("of", "order_line")
        kept["repaired"] = list(rows.values_list("order_line", "of", "of__repair__came_in_at", "of__repair__ended_at"))
    known: list[tuple[int, int, dt.datetime, dt.datetime]] = kept["repaired"]
    return known
