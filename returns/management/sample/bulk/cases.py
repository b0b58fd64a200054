"""Returns and exchanges of the large sample: which road each takes and when. The steps themselves are in `steps`."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

from customers.models import Shop
from returns.management.sample.bulk.archive import Archive, Basket, Bought
from returns.management.sample.bulk.case_tables import Tables
from returns.management.sample.bulk.entries import Thing
from returns.management.sample.bulk.moments import text_of
from returns.management.sample.bulk.refs import Refs
from returns.management.sample.bulk.roads import MOVES, PACE, ROADS, WEIGHTS, Road
from returns.management.sample.bulk.steps import Course, walk
from returns.management.sample.bulk.tickets import Desk
from returns.management.sample.bulk.verdicts import Judge, Spoken
from returns.management.sample.bulk.words import REASON_WEIGHTS, REASONS, STORIES

_HOUR, _DAY = 3600, 86_400
_LABELS = {"return": "退货退款", "exchange": "换货"}
_LAST_WORD = {"submitted": "customer", "in_transit": "customer"}  # whose word is the last while it stands so
_RETURN_FREIGHT = 1_200  # fen, what customers lay out for the way back


@dataclass(frozen=True, slots=True)
class _Case:
    road: Road
    instants: dict[str, int]
    basket: Basket
    reason: str
    told: Spoken
    found: Spoken

    @property
    def last(self) -> int:
        return max(self.instants.values())

    @property
    def refund(self) -> int:
        """Fen that go back to the customer for goods and, where the shop bears it, for the first delivery."""
        return self.basket.goods + (self.basket.freight if self.found.legs["outbound"] == "shop" else 0)


class Cases:
    """Makes one case at a time; `held` counts the units that exchanges under way keep on the shelf, by SKU."""

    def __init__(
        self, archive: Archive, desk: Desk, shop: Shop, seed: int, chance: random.Random, found: list[Thing]
    ) -> None:
        self._archive, self._desk, self._shop, self._chance, self._found = archive, desk, shop, chance, found
        self.judge = Judge()
        self._refs, self._refund_refs = Refs("R", seed), Refs("F", seed)
        self.tables = Tables()
        self.held: Counter[int] = Counter()

    def make(self, *, opened: int, now: int) -> None:
        """A case opened then; one whose road is not over yet is as recent as its last step needs."""
        case = self._cast_dice(opened, now)
        road, at = case.road, case.instants["submit"]
        units = case.basket.quantity
        is_back = "inspect" in road.steps
        holds = 0 if road.status in ("withdrawn", "expired") or "reject" in road.steps else units
        bought = self._archive.order(
            case.basket,
            signed=at - self._chance.randint(2 * _DAY, 4 * _DAY),
            claimed=holds,
            refunded=case.refund if "pay" in road.steps else 0,
        )
        turns = self._desk.turns(
            opened=at,
            until=case.last if road.is_over else max(case.last, min(now - 30, at + 6 * _HOUR)),
            last=_LAST_WORD.get(road.status, "staff"),
        )
        updated = max(case.last, turns[-1][1])
        ticket = self._ticket(case, bought, updated)
        moves = [case.instants[step] for step in road.steps if step in MOVES]
        ref = self._refs.next()
        ret = self.tables.returns.add(
            ref, road.kind, road.status, len(moves) + 1, ticket[0], bought.order, bought.by.person,
            text_of(at), text_of(moves[-1] if moves else at), text_of(case.last) if road.status == "closed" else None,
        )  # fmt: skip
        told = self._chance.choice(STORIES[case.reason])
        self._desk.talk(ticket, bought, turns, first=told)
        counted = units if "count" in road.steps else 0
        line = self.tables.lines.add(
            ret, bought.line, units, case.reason, told,
            case.basket.sku if road.kind == "exchange" else None, counted, units if is_back else 0, holds,
        )  # fmt: skip
        course = Course(
            tables=self.tables, verdicts=self.judge.verdicts, desk=self._desk, shop=self._shop,
            refund_refs=self._refund_refs, bought=bought, basket=case.basket, ret=ret, line=line, ticket=ticket[0],
            kind=road.kind, reason=case.reason,
            told=case.told, found=case.found, refund=case.refund, is_inspected=is_back, is_under_way=not road.is_over,
            return_freight=_RETURN_FREIGHT if road.kind == "return" else 0, status=road.status, now=now,
            held=self.held, parcels=[], refs=[ref],
        )  # fmt: skip
        walk(course, case.instants)
        lines = (bought.by.called, bought.goods, told)
        self._found.append(
            Thing(
                "return", ret, text_of(at), lines, bought.by.phone, bought.by.email, bought.number,
                tuple(course.parcels), tuple(course.refs),
            )
        )  # fmt: skip

    def _cast_dice(self, opened: int, now: int) -> _Case:
        chance = self._chance
        road = chance.choices(ROADS, cum_weights=WEIGHTS)[0]
        reason = chance.choices(REASONS, cum_weights=REASON_WEIGHTS)[0][0]
        basket = self._archive.basket()
        told = self.judge.says(basket, reason=reason, kind=road.kind, found=False)
        found = self.judge.says(basket, reason=reason, kind=road.kind, found=True)
        return _Case(road, self._instants(road, opened, now), basket, reason, told, found)

    def _instants(self, road: Road, opened: int, now: int) -> dict[str, int]:
        """When each step was taken. Nothing lies in the future, and nothing under way is older than its next clock."""
        instants = {"submit": 0}
        at = 0
        for step in road.steps:
            least, most = PACE[step]
            at += self._chance.randint(least * _HOUR, most * _HOUR) + 1
            instants[step] = at
        start = min(opened, now - at - _HOUR) if road.is_over else now - at - self._chance.randint(1, 22 * _HOUR)
        return {step: start + offset for step, offset in instants.items()}

    def _ticket(self, case: _Case, bought: Bought, updated: int) -> tuple[int, str]:
        road = case.road
        due_after = {
            "submitted": ("submit", 48), "delivered": ("arrive", 72), "received": ("count", 24),
            "refund_due": ("due", 24), "awaiting_reship": ("inspect", 48),
        }  # fmt: skip
        step, hours = due_after.get(road.status, ("", 0))
        status = "closed" if road.is_over else "waiting" if road.waits else "open"
        due = case.instants[step] + hours * _HOUR if step else None
        return self._desk.ticket(
            kind=road.kind, title=f"{_LABELS[road.kind]} · {bought.number}", bought=bought,
            opened=case.instants["submit"], updated=updated,
            queue_key="returns", status=status, waits=road.waits,
            due=due, process_due=due,
        )  # fmt: skip
