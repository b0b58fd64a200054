"""The periods that run in a case, as dates where the day of receipt is known. Called by the engine.

The table says how many days, counted from what, and who has to act. A period of n days counted from an event ends
with day n after it, at 24:00 (Civil Code 201, 203); the day of the event does not count.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any


def deadlines_of(
    clocks: Sequence[Mapping[str, Any]], facts: Mapping[str, Any]
) -> tuple[tuple[dict[str, Any], ...], str | None]:
    """Each running period with the days left and its end, and the party that has let one of its own pass."""
    out = tuple(_deadline(clock, facts) for clock in clocks)
    late = [item["party"] for item in out if item["duty"] and item["left"] is not None and item["left"] < 0]
    return out, (late[0] if late else None)


def _deadline(clock: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    days = int(clock["days"])
    passed: int | None = None
    ends = ""
    if clock["counted_from"] == "receipt" and facts["stage"] == "delivered":
        # Only the statutory no-reason period moves with a holiday; longer promises are counted as promised.
        if clock["what"] == "no_reason_return":
            days += int(facts["holiday_shift"])
        passed = int(facts["days_since_receipt"])
        ends = _end(str(facts["received_on"]), days)
    elif clock["counted_from"] == "goods_back" and facts["goods_with"] == "shop":
        passed = int(facts["days_since_goods_back"])
        ends = _end(str(facts["goods_back_on"]), days)
    return {
        **clock,
        "days": days,
        "left": None if passed is None else days - passed,
        "ends": ends,
    }


def _end(start: str, days: int) -> str:
    """The last day with T24:00, which is the end of that day; empty where the start is not known."""
    return f"{date.fromisoformat(start) + timedelta(days=days)}T24:00" if start else ""
