"""One case of the sample while it is being lived through: each method is one step, done by the one who would do it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor, Role
from aftersales.ledger.models import Outbound
from customers.actions.notes import note_order
from customers.actions.promises import keep_promise
from customers.models import Order, Promise, Sku
from returns.actions import (
    decision,
    ending,
    exchange,
    info,
    objections,
    payment,
    receiving,
    repair,
    shipping,
    submission,
)
from returns.management.sample.cast import Cast
from returns.models import Refund, Return
from tickets.actions import phrases
from tickets.actions.assignment import assign
from tickets.actions.batches import open_batch
from tickets.actions.checklists import tick
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import note, receive_message, reply, save_draft
from tickets.actions.details import change_ticket
from tickets.actions.fields import fill_in
from tickets.actions.promises import promise_on_ticket
from tickets.actions.questions import ask_question
from tickets.actions.waiting import set_waiting
from tickets.models import Phrase, Tag, Ticket, TicketCheck

Step = Callable[["Case"], object]


@dataclass(slots=True)
class Case:
    """`ret` and `ticket` appear with the first step."""

    order: Order
    cast: Cast
    number: int
    ret: Return | None = None
    ticket: Ticket | None = field(default=None)

    @property
    def customer(self) -> Actor:
        return Actor(kind="customer", role=Role.CUSTOMER, orders=frozenset({self.order.pk}))

    @property
    def pk(self) -> int:
        assert self.ret is not None
        return self.ret.pk

    @property
    def ticket_pk(self) -> int:
        assert self.ticket is not None
        return self.ticket.pk


def submit(
    reason: str, story: str = "", *, line: int = 1, quantity: int = 1, kind: str = "return", wanted: str = "",
    proof: bool = False,
) -> Step:  # fmt: skip
    def step(case: Case) -> None:
        item = submission.Item(
            case.order.lines.get(number=str(line)).pk,
            quantity,
            reason,
            story,
            Sku.objects.get(code=wanted).pk if wanted else None,
        )
        case.ret = submission.submit_return(case.order.pk, [item], kind=kind, actor=case.customer, has_proof=proof)
        case.ticket = case.ret.ticket

    return step


def question(text: str) -> Step:
    def step(case: Case) -> None:
        case.ticket = ask_question(case.order.pk, text=text, actor=case.customer)

    return step


def taken() -> Step:
    return lambda case: assign(case.ticket_pk, user_id=case.cast.agent.id, actor=case.cast.agent)


def says(text: str) -> Step:
    return lambda case: receive_message(case.ticket_pk, text=text, actor=case.customer)


def answers(text: str) -> Step:
    return lambda case: reply(case.ticket_pk, text=text, actor=case.cast.agent)


def answers_with(key: str) -> Step:
    """The shop answers with one of its phrases, steps included."""

    def step(case: Case) -> None:
        assert case.ticket is not None
        phrase = Phrase.objects.get(key=key)
        values = phrases.values_for(case.ticket, case.cast.agent, locale="zh-hans")
        text = phrases.fill(phrase.text("zh-hans"), values)
        reply(case.ticket_pk, text=text, actor=case.cast.agent, phrase=key, steps=phrase.steps)

    return step


def asks_manager(text: str) -> Step:
    """A note that names the manager, who hears of it."""
    return lambda case: note(case.ticket_pk, text=f"@{case.cast.manager.label} {text}", actor=case.cast.agent)


def begins(text: str) -> Step:
    """A reply that somebody has begun and not sent."""
    return lambda case: save_draft(case.ticket_pk, text=text, internal=False, actor=case.cast.agent)


def notes(text: str) -> Step:
    return lambda case: note(case.ticket_pk, text=text, actor=case.cast.agent)


def notes_order(text: str) -> Step:
    return lambda case: note_order(case.order.pk, text=text, actor=case.cast.agent)


def tagged(*names: str) -> Step:
    def step(case: Case) -> None:
        tags = [Tag.objects.get_or_create(name=name)[0].pk for name in names]
        change_ticket(case.ticket_pk, actor=case.cast.agent, tags=tags)

    return step


def filled_in(**values: str) -> Step:
    """The shop's own fields of the ticket."""
    return lambda case: fill_in(case.ticket_pk, values, actor=case.cast.agent)


def ticks(text: str) -> Step:
    """The item with these words on the ticket's checklist is done."""

    def step(case: Case) -> None:
        tick(TicketCheck.objects.get(of__ticket=case.ticket_pk, text_zh=text).pk, actor=case.cast.agent)

    return step


def titled(title: str, priority: int) -> Step:
    return lambda case: change_ticket(case.ticket_pk, actor=case.cast.agent, title=title, priority=priority)


def awaits(whom: str, why: str, *, days: int) -> Step:
    def step(case: Case) -> None:
        until = clock.now() + dt.timedelta(days=days)
        set_waiting(case.ticket_pk, whom, actor=case.cast.agent, until=until, why=why)

    return step


def promises(text: str, *, hours: int) -> Step:
    return lambda case: promise_on_ticket(
        case.ticket_pk, text=text, due_at=clock.now() + dt.timedelta(hours=hours), actor=case.cast.agent
    )


def keeps_promises() -> Step:
    def step(case: Case) -> None:
        for promise in Promise.objects.unsettled().filter(on_ticket__ticket_id=case.ticket_pk):
            keep_promise(promise.pk, actor=case.cast.agent)

    return step


def of_a_batch(title: str, lot: str) -> Step:
    def step(case: Case) -> None:
        line = case.order.lines.select_related("sku").first()
        product = line.sku.product_id if line and line.sku else None
        open_batch(case.ticket_pk, title=title, about="lot", mark=lot, product_id=product, actor=case.cast.agent)

    return step


def done() -> Step:
    return lambda case: close_ticket(case.ticket_pk, actor=case.cast.agent)


def asks(text: str) -> Step:
    return lambda case: info.ask_info(case.pk, question=text, actor=case.cast.agent)


def gives(text: str) -> Step:
    return lambda case: info.give_info(case.pk, answer=text, has_proof=True, actor=case.customer)


def approved() -> Step:
    return lambda case: decision.approve_return(case.pk, actor=case.cast.agent)


def refused(reason: str, clause: str, alternative: str) -> Step:
    return lambda case: decision.reject_return(
        case.pk, reason=reason, clause=clause, alternative=alternative, actor=case.cast.agent
    )


def contested(story: str) -> Step:
    return lambda case: objections.contest_rejection(case.pk, story=story, actor=case.customer)


def sent_back(freight: int = 0) -> Step:
    return lambda case: shipping.enter_tracking(
        case.pk, carrier="SF", number=f"SF20000000{case.number:05d}", freight_told_minor=freight, actor=case.customer
    )


def arrived() -> Step:
    def step(case: Case) -> None:
        assert case.ret is not None
        for parcel in case.ret.parcels.all():
            shipping.mark_delivered(parcel.pk, actor=SYSTEM)

    return step


def counted() -> Step:
    def step(case: Case) -> None:
        assert case.ret is not None
        counts = {line.pk: line.quantity for line in case.ret.lines.all()}
        receiving.receive_goods(case.pk, counts, key=f"sample-{case.number}", actor=case.cast.warehouse)

    return step


def inspected(
    grade: str = "intact", disposition: str = "restock", *, note: str = "", accepted: bool = True, cause: str = "",
    clause: str = "",
) -> Step:  # fmt: skip
    def step(case: Case) -> None:
        assert case.ret is not None
        findings = [
            receiving.Finding(line.pk, line.received_quantity, accepted, grade, disposition, note, found_cause=cause)
            for line in case.ret.lines.all()
        ]
        receiving.inspect_goods(case.pk, findings, clause=clause, actor=case.cast.warehouse)

    return step


def paid() -> Step:
    """Release every refund that is due: the agent's hand, the manager's second one where the sum asks for it."""

    def step(case: Case) -> None:
        for refund in Refund.objects.filter(of_id=case.pk, status=Refund.Status.DUE):
            payment.release_refund(refund.pk, actor=case.cast.agent)
            if refund.needs_second:
                payment.release_refund(refund.pk, actor=case.cast.manager)

    return step


def first_release() -> Step:
    def step(case: Case) -> None:
        for refund in Refund.objects.filter(of_id=case.pk, status=Refund.Status.DUE):
            payment.release_refund(refund.pk, actor=case.cast.agent)

    return step


def freight_proof() -> Step:
    """The freight of the way back is paid by hand: somebody enters the number of the transfer."""

    def step(case: Case) -> None:
        by_hand = Refund.objects.filter(of_id=case.pk, status=Refund.Status.SENDING)
        sent = set(Outbound.objects.filter(channel="refund").values_list("subject_id", flat=True))
        for refund in by_hand.exclude(pk__in=sent):
            payment.record_payment(refund.pk, payment_ref=f"ZZ2026{case.number:06d}", actor=case.cast.agent)

    return step


def topped_up() -> Step:
    return lambda case: exchange.settle_difference(
        case.pk, payment_ref=f"WX2026{case.number:06d}", actor=case.cast.agent
    )


def reshipped() -> Step:
    return lambda case: exchange.ship_replacement(
        case.pk, carrier="SF", number=f"SF30000000{case.number:05d}", actor=case.cast.warehouse
    )


def repaired(fault: str, parts: str = "") -> Step:
    return lambda case: repair.record_repair(case.pk, fault=fault, parts=parts, actor=case.cast.warehouse)


def replaced() -> Step:
    return lambda case: exchange.replacement_delivered(case.pk, actor=case.cast.agent)


def withdrawn() -> Step:
    return lambda case: ending.withdraw_return(case.pk, actor=case.customer)
