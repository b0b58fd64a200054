"""Each step of a return in the large sample: the rows and events that its action would have written, and no others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aftersales.kernel.money import Money
from customers.models import Shop
from returns import policy
from returns.management.sample.bulk.archive import Basket, Bought
from returns.management.sample.bulk.case_tables import Tables
from returns.management.sample.bulk.moments import iso_of, text_of
from returns.management.sample.bulk.refs import Refs
from returns.management.sample.bulk.tickets import CUSTOMER, SYSTEM, Desk, Who
from returns.management.sample.bulk.verdicts import Spoken
from returns.management.sample.bulk.writer import Table

_SUBJECT = "returns.return"
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Course:
    """One return while its road is written. Keys are primary keys, money is fen, instants are seconds."""

    tables: Tables
    verdicts: Table
    desk: Desk
    shop: Shop
    refund_refs: Refs
    bought: Bought
    basket: Basket
    ret: int
    line: int
    ticket: int
    kind: str
    reason: str
    told: Spoken
    found: Spoken
    refund: int
    is_inspected: bool
    is_under_way: bool
    return_freight: int
    status: str
    now: int
    held: Counter[int]
    parcels: list[str]
    refs: list[str]

    def event(self, name: str, actor: Who, at: int, **data: Any) -> None:
        self.desk.event(name, _SUBJECT, self.ret, actor, at, data)

    def timer(self, kind: str, due: int, at: int, *, source: str = "shop", paused: int | None = None) -> None:
        """Only what is still to come: a timer of the past has fired, and its effect is a step of the road."""
        if self.is_under_way and (due > self.now or paused is not None):
            self.desk.timer(kind, _SUBJECT, self.ret, due=due, at=at, source=source, paused=paused)

    def verdict(self, spoken: Spoken, stage: str, at: int) -> None:
        superseded = int(stage == "told" and self.is_inspected)
        self.verdicts.add(self.line, stage, text_of(at), superseded, spoken.text)

    def close_ticket(self, at: int) -> None:
        self.desk.close(self.ticket, SYSTEM, at, "request_ended")

    @property
    def owes_freight(self) -> bool:
        """Whether the customer gets back what the way back cost."""
        return self.return_freight > 0 and self.found.legs["return"] == "shop"


def _seconds(limit: Any) -> int:
    return int(limit.total_seconds())


def _submit(on: Course, at: int) -> None:
    on.event("return.submitted", CUSTOMER, at, kind=on.kind, deadline=iso_of(at + _seconds(policy.FIRST_DECISION)))
    on.verdict(on.told, "told", at)
    legs = on.found.legs if on.is_inspected else on.told.legs
    for leg, payer in legs.items():
        told_freight = on.return_freight if leg == "return" and on.is_inspected else 0
        on.tables.freight.add(on.ret, leg, payer, told_freight)
    if on.told.carrier_claim:
        _claim(on, at)
    on.event("return.decided", CUSTOMER, at, stage="told", remedies=[on.told.remedies])
    if on.status == "submitted":
        on.timer("return.T1.warn", at + _seconds(policy.FIRST_DECISION_WARN), at)
        on.timer("return.T1", at + _seconds(policy.FIRST_DECISION), at)


def _claim(on: Course, at: int) -> None:
    """Carriers answered what is older than three weeks."""
    status = "paid" if at < on.now - 21 * _DAY else "open"
    due = at + _seconds(policy.CARRIER_ANSWERS)
    on.tables.claims.add(
        on.ret, on.bought.shipment, "SF", on.bought.tracking, on.reason, on.basket.goods, "CNY", status, text_of(at),
        text_of(due),
    )  # fmt: skip
    on.event("claim.opened", CUSTOMER, at, carrier="SF", amount_minor=on.basket.goods)


def _ask(on: Course, at: int) -> None:
    deadline = at + _seconds(policy.PROOF)
    on.tables.questions.add(on.ret, on.desk.cast.agent.id, text_of(at), "麻烦补两张清楚的照片，收到后马上处理。")
    on.event("return.info_requested", on.desk.agent, at, deadline=iso_of(deadline))
    on.timer("return.T2", deadline, at)
    _reminders(on, "return.T2", at)
    for kind, limit in (("return.T1", policy.FIRST_DECISION), ("return.T1.warn", policy.FIRST_DECISION_WARN)):
        on.timer(kind, at + _seconds(limit), at, paused=at)


def _reminders(on: Course, kind: str, at: int) -> None:
    for number, after in enumerate(policy.REMIND_AFTER, start=1):
        on.timer(f"{kind}.remind{number}", at + _seconds(after), at)


def _approve(on: Course, at: int) -> None:
    shop, deadline = on.shop, at + _seconds(policy.SHIP_BACK)
    on.tables.approvals.add(
        on.ret, on.desk.cast.agent.id, text_of(at), shop.return_recipient, shop.return_phone, shop.return_address,
        on.basket.goods + on.basket.freight,
    )  # fmt: skip
    if on.kind == "exchange":
        holds = on.status in ("awaiting_return", "awaiting_reship")
        on.tables.exchanges.add(on.ret, "CNY", int(holds), text_of(at))
        on.held[on.basket.sku] += on.basket.quantity if holds else 0
        on.event("exchange.stock_held", on.desk.agent, at)
    on.event("return.approved", on.desk.agent, at, goods_back=True, deadline=iso_of(deadline))
    if on.status == "awaiting_return":
        on.timer("return.T3", deadline, at)
        _reminders(on, "return.T3", at)


def _ship(on: Course, at: int) -> None:
    arrived = None
    number = f"SF2{on.ret:012d}"
    on.tables.parcels.add(on.ret, "SF", number, on.return_freight, text_of(at), arrived)
    on.parcels.append(number)
    on.event("return.shipped_back", CUSTOMER, at, carrier="SF", number=number)
    if on.status == "in_transit":
        on.timer("return.T5", at + _seconds(policy.RECEIPT_AFTER_NUMBER), at)


def _arrive(on: Course, at: int) -> None:
    # The parcel was added by the step before; it has been signed for now.
    parcels = on.tables.parcels
    parcels.set_last("signed_at", text_of(at))
    on.event("return.delivered", SYSTEM, at, signed_at=iso_of(at))
    if on.status in ("delivered", "received"):
        on.timer("return.T5", at + _seconds(policy.RECEIPT_AFTER_ARRIVAL), at)
    if on.status in ("delivered", "received", "refund_due", "awaiting_reship"):
        on.timer("return.T6", at + _seconds(policy.REFUND_LAW), at, source="law")


def _count(on: Course, at: int) -> None:
    on.tables.receipts.add(on.line, on.basket.quantity, "sample", on.desk.cast.warehouse.id, text_of(at))
    on.event("return.received", on.desk.warehouse, at, counts={str(on.line): on.basket.quantity})


def _inspect(on: Course, at: int) -> None:
    by = on.desk.cast.warehouse.id
    on.tables.inspections.add(on.line, on.basket.quantity, 1, "intact", "restock", by, text_of(at))
    on.verdict(on.found, "found", at)
    on.event("return.decided", on.desk.warehouse, at, stage="found", remedies=[on.found.remedies])
    on.event("return.inspected", on.desk.warehouse, at, accepted=on.basket.quantity)


def _due(on: Course, at: int) -> None:
    """Written together with the payment, because a row of the large sample is written once."""
    if on.status == "refund_due":
        _refund(on, "goods", on.refund, due=at, paid=None)
        if on.owes_freight:
            _refund(on, "freight", on.return_freight, due=at, paid=None)


def _send(on: Course, at: int) -> None:
    """The refund's row follows with the payment, a moment later."""


def _pay(on: Course, at: int) -> None:
    _refund(on, "goods", on.refund, due=at - 3600, paid=at)
    if on.owes_freight:
        _refund(on, "freight", on.return_freight, due=at - 3600, paid=at)


def _refund(on: Course, purpose: str, total: int, *, due: int, paid: int | None) -> None:
    ref, cast = on.refund_refs.next(), on.desk.cast
    on.refs.append(ref)
    needs_second = total > on.shop.second_person_above_minor
    released = paid is not None
    by_hand = purpose == "freight"
    refund = on.tables.refunds.add(
        ref, on.ret, purpose, "paid" if released else "due", total, "CNY", text_of(due + _seconds(policy.REFUND_TARGET)),
        text_of(due), int(needs_second), cast.agent.id if released else None,
        cast.manager.id if released and needs_second else None, text_of(paid) if paid is not None else None,
        ("manual" if by_hand else "sandbox") if released else "", f"sample-{ref}" if released else "",
    )  # fmt: skip
    if by_hand:
        on.tables.components.add(refund, "return_freight", None, 0, total)
    else:
        on.tables.components.add(refund, "goods", on.line, on.basket.quantity, on.basket.goods)
        if total > on.basket.goods:
            on.tables.components.add(refund, "outbound_freight", None, 0, total - on.basket.goods)
    said = {"refund": ref, "amount": str(Money(total, "CNY")), "amount_minor": total}
    on.event("refund.due", on.desk.warehouse, due, **said)
    if paid is not None:
        on.event("refund.sending", on.desk.agent, due + 60, refund=ref, amount=said["amount"])
        on.event("refund.paid", SYSTEM, paid, **said, purpose=purpose)


def _reject(on: Course, at: int) -> None:
    on.tables.rejections.add(
        on.ret, on.desk.cast.agent.id, text_of(at), "商品已使用，影响二次销售，不符合无理由退货条件。",
        "《网络购买商品七日无理由退货暂行办法》第八条", "可以为您提供有偿维修或优惠券。",
    )  # fmt: skip
    on.event("return.rejected", on.desk.agent, at, deadline=iso_of(at + _seconds(policy.CONTEST)))


def _withdraw(on: Course, at: int) -> None:
    on.close_ticket(at)
    on.event("return.withdrawn", CUSTOMER, at)


def _expire(on: Course, at: int) -> None:
    on.close_ticket(at)
    on.event("return.expired", SYSTEM, at, was="awaiting_return")


def _reship(on: Course, at: int) -> None:
    number = f"SF3{on.ret:012d}"
    on.tables.reshipments.add(on.ret, "SF", number, text_of(at), None)
    on.parcels.append(number)
    on.event("exchange.shipped", on.desk.warehouse, at, carrier="SF", number=number)


def _deliver(on: Course, at: int) -> None:
    on.tables.reshipments.set_last("delivered_at", text_of(at))
    on.event("exchange.delivered", on.desk.agent, at)


def _close(on: Course, at: int) -> None:
    on.close_ticket(at)
    on.event("return.closed", SYSTEM, at)


def _final(on: Course, at: int) -> None:
    """Nobody objected in time; the closing follows at once."""


_STEPS: dict[str, Callable[[Course, int], None]] = {
    "submit": _submit, "ask": _ask, "approve": _approve, "ship": _ship, "arrive": _arrive, "count": _count,
    "inspect": _inspect, "due": _due, "send": _send, "pay": _pay, "reject": _reject, "withdraw": _withdraw,
    "expire": _expire, "reship": _reship, "deliver": _deliver, "final": _final, "close": _close,
}  # fmt: skip


def walk(on: Course, instants: dict[str, int]) -> None:
    """Write every step at its instant, in order."""
    for step, at in instants.items():
        _STEPS[step](on, at)
