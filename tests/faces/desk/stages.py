"""A case at each stage of its road, made by the actions themselves."""

from __future__ import annotations

import datetime as dt
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from aftersales.files.actions.hiding import hide
from aftersales.files.models import Attachment
from aftersales.kernel import clock
from customers.models import Order, Sku
from returns.actions.claims import answer_claim
from returns.actions.decision import approve_return, reject_return
from returns.actions.ending import expire_return
from returns.actions.exchange import ship_replacement
from returns.actions.handback import handback_came_back, send_handback
from returns.actions.info import ask_info
from returns.actions.objections import contest_rejection
from returns.actions.payment import mark_failed, mark_unknown, release_refund
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from returns.actions.refusals import make_final
from returns.actions.repair import record_repair
from returns.actions.shipping import enter_tracking, mark_delivered
from returns.models import CarrierClaim, Refund, Return
from tests.world import a_claim, a_return, a_sku, an_order, attach, customer, member, staff
from tickets.actions.batches import name_root_cause, open_batch
from tickets.actions.checklists import add_checklist, tick
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import note
from tickets.actions.linking import link_tickets
from tickets.actions.merging import merge_tickets
from tickets.actions.opening import open_ticket
from tickets.actions.waiting import set_waiting
from tickets.models import BatchProblem, Checklist, Link, Queue, Ticket, TicketCheck, TicketChecklist, TicketField

MADE = iter(range(1, 10_000))


def submitted(order: Order | None = None, **asked: object) -> Return:
    return a_return(order or an_order(), **asked)  # type: ignore[arg-type]


def need_info() -> Return:
    ret = submitted()
    ask_info(ret.pk, question="Which seam is open?", actor=staff())
    return ret


def awaiting_return(ret: Return | None = None) -> Return:
    ret = ret or submitted()
    approve_return(ret.pk, actor=staff())
    return ret


def in_transit(ret: Return | None = None) -> Return:
    ret = awaiting_return(ret)
    enter_tracking(ret.pk, carrier="SF", number=f"SF77{next(MADE):010d}", actor=customer(ret.order))
    return ret


def delivered(ret: Return | None = None) -> Return:
    ret = in_transit(ret)
    mark_delivered(ret.parcels.get().pk, actor=staff("warehouse"))
    return ret


def received(ret: Return | None = None) -> Return:
    ret = in_transit(ret)
    receive_goods(ret.pk, {ret.lines.get().pk: 1}, key="count", actor=staff("warehouse"))
    return ret


def _inspected(ret: Return, *, accepted: bool = True) -> Return:
    line = ret.lines.get()
    finding = Finding(line.pk, 1, accepted, "intact" if accepted else "wrong", "restock" if accepted else "send_back",
                      note="" if accepted else "This is not our shirt.")  # fmt: skip
    inspect_goods(ret.pk, [finding], clause="" if accepted else "Terms 4.2", actor=staff("warehouse"))
    return Return.objects.get(pk=ret.pk)


def refund_due(order: Order | None = None, *, price: int = 12_800) -> Return:
    return _inspected(received(submitted(order or an_order(skus=[(a_sku(price=price), 1)]))))


def refunding() -> Return:
    ret = refund_due()
    release_refund(ret.refunds.get().pk, actor=staff())
    return Return.objects.get(pk=ret.pk)


def _refund(ret: Return) -> Refund:
    return ret.refunds.get()


def failed() -> Return:
    ret = refunding()
    with transaction.atomic():
        mark_failed(_refund(ret), ret, why="account closed")
    return ret


def unknown() -> Return:
    ret = refunding()
    with transaction.atomic():
        mark_unknown(_refund(ret), ret, why="timeout")
    return ret


def goods_refused() -> Return:
    return _inspected(received(), accepted=False)


def to_hand_back() -> Return:
    ret = goods_refused()
    make_final(ret.pk, actor=staff())
    return Return.objects.get(pk=ret.pk)


def handed_back() -> Return:
    ret = to_hand_back()
    send_handback(ret.pk, carrier="SF", number=f"SFB{ret.pk:010d}", payer="buyer", actor=staff("warehouse"))
    return Return.objects.get(pk=ret.pk)


def kept_in_vain() -> Return:
    """Came back from the courier, and the time to claim it is over."""
    with clock.fixed(clock.now() - dt.timedelta(days=31)):
        ret = handed_back()
        handback_came_back(ret.pk, actor=staff("warehouse"))
    return Return.objects.get(pk=ret.pk)


def rejected() -> Return:
    ret = submitted()
    reject_return(ret.pk, reason="Worn.", clause="Measures art. 9", actor=staff("agent", "refuser"))
    return ret


def contested() -> Return:
    ret = rejected()
    contest_rejection(ret.pk, story="I never wore it.", actor=customer(ret.order))
    return ret


def expired() -> Return:
    ret = awaiting_return()
    expire_return(ret.pk, at=clock.now())
    return ret


def question() -> Ticket:
    order = an_order()
    return open_ticket(kind="question", title="Invoice?", person=order.person, order=order, actor=staff())


def a_photo_of_a_message() -> Attachment:
    body = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(body, "JPEG")
    message = note(question().pk, text="From the customer", actor=staff())
    return attach(SimpleUploadedFile("cup.jpg", body.getvalue(), "image/jpeg"), on=message, actor=staff())


def a_hidden_photo() -> Attachment:
    return hide(a_photo_of_a_message().ref, why="Another customer", actor=staff())


def question_with_a_field() -> Ticket:
    TicketField.objects.create(key="serial", label_zh="序列号", label_en="Serial number", kind="text")
    return question()


def a_checklist() -> Checklist:
    made, _is_new = Checklist.objects.get_or_create(title_zh="验机", title_en="Testing", defaults={"items": "通电"})
    return made


def listed() -> TicketChecklist:
    return add_checklist(question().pk, a_checklist().pk, actor=staff())


def check() -> TicketCheck:
    return TicketCheck.objects.get(of=listed())


def ticked() -> TicketCheck:
    return tick(check().pk, actor=staff())


def waiting_question() -> Ticket:
    return set_waiting(question().pk, "carrier", actor=staff(), why="Where is it?")


def left_lying() -> Ticket:
    """Nobody has it, in a queue that gives tickets to whoever has least to do."""
    ticket = question()
    Queue.objects.update(strategy="by_load")
    member("agent")
    return ticket


def batched() -> BatchProblem:
    return open_batch(question().pk, title="Bad lot", about="lot", actor=staff())


def explained() -> BatchProblem:
    return name_root_cause(batched().pk, text="A wet pallet", actor=staff())


def asked_twice() -> tuple[Ticket, Ticket]:
    first = question()
    second = open_ticket(kind="question", title="Invoice!", person=first.person, order=first.order, actor=staff())
    return first, second


def merged() -> Ticket:
    first, second = asked_twice()
    merge_tickets(first.pk, second.pk, actor=staff())
    return first


def linked() -> Link:
    first, second = asked_twice()
    return link_tickets(first.pk, second.pk, "duplicate", actor=staff())


def two_things() -> Ticket:
    ticket = question()
    note(ticket.pk, text="The kettle", actor=staff())
    note(ticket.pk, text="The invoice", actor=staff())
    return ticket


def closed_question() -> Ticket:
    return close_ticket(question().pk, actor=staff())


def claimed() -> CarrierClaim:
    return a_claim(submitted())


def paid_by_the_carrier() -> CarrierClaim:
    return answer_claim(claimed().pk, paid_minor=8_000, actor=staff())


def exchange(*, price: int = 12_800) -> Return:
    wanted: Sku = a_sku(variant="白 L", price=price)
    return submitted(kind="exchange", reason="wrong_choice.size", wanted=wanted)


def awaiting_reship(*, price: int = 12_800) -> Return:
    return _inspected(received(exchange(price=price)))


def repairing() -> Return:
    ret = received(submitted(kind="repair", reason="flaw"))
    inspect_goods(ret.pk, [Finding(ret.lines.get().pk, 1, True, "damaged", "repair")], actor=staff("warehouse"))
    return Return.objects.get(pk=ret.pk)


def mended() -> Return:
    ret = repairing()
    record_repair(ret.pk, fault="Seam open", actor=staff("warehouse"))
    return Return.objects.get(pk=ret.pk)


def reshipped() -> Return:
    ret = awaiting_reship()
    ship_replacement(ret.pk, carrier="ZTO", number=f"ZT77{next(MADE):010d}", actor=staff("warehouse"))
    return ret
