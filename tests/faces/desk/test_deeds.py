"""Every deed through its door: who may, who may not, twice is once, and a page that was open too long gets a sentence."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from aftersales.desk.deeds.all import DEEDS
from aftersales.desk.refusals import refused_by
from aftersales.files.models import Attachment
from aftersales.kernel.actor import Role
from aftersales.kernel.policy import GRANTS
from aftersales.ledger.models import Event
from customers.actions.birthdays import note_birthday
from customers.actions.consents import give_consent
from customers.actions.promises import make_promise
from customers.models import Birthday, Erasure, Gift, Person, Promise, Referral
from returns.models import CarrierClaim, Return
from tests.faces.desk import keeping, stages
from tests.faces.desk.conftest import fresh
from tests.world import a_person, an_order, staff
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]
STAFF = (Role.AGENT, Role.WAREHOUSE, Role.LEAD, Role.MANAGER, Role.AUDITOR)


@dataclasses.dataclass(frozen=True)
class Row:
    """One deed: the case it is done to, by whom, what is sent, and how it shows that it was done."""

    deed: str  # "returns/approval"
    case: Callable[[], Any]
    data: Any  # what is sent, or how it is made from the case
    done: Callable[[Any], bool]
    role: str = "lead"
    key: Callable[[Any], Any] = lambda ret: ret.ref
    again: int = 302  # what sending it a second time answers: where it cannot be told from a first, a sentence


def refund_of(ret: Return) -> Any:
    return ret.refunds.order_by("-pk").first()


def _status(status: str) -> Callable[[Any], bool]:
    return lambda ret: fresh(ret).status == status


def _ticket(ret: Return) -> Ticket:
    return Ticket.objects.get(pk=ret.ticket_id)


def a_promise() -> Promise:
    order = an_order()
    return make_promise(order.person_id, text="A bag with it", order_id=order.pk, actor=staff())


def agreed() -> Person:
    person = a_person()
    give_consent(person.pk, purpose="news", proof="chat", actor=staff())
    return person


def born() -> Person:
    person = a_person()
    note_birthday(person.pk, month=3, day=8, source="chat", actor=staff())
    return person


TABLE = [
    Row("returns/approval", stages.submitted, {}, _status("awaiting_return"), "agent"),
    Row("returns/info-request", stages.submitted, {"question": "Which seam?"}, _status("need_info"), "agent", again=409),
    Row("returns/info-answer", stages.need_info, {"answer": "The left one", "has_proof": "on"}, _status("submitted"), "agent"),
    Row("returns/rejection", stages.submitted, {"reason": "Worn", "clause": "art. 9", "alternative": ""},
        _status("rejected"), "agent"),
    Row("returns/refund-instead", stages.exchange, {}, lambda ret: fresh(ret).kind == "return", "agent"),
    Row("returns/contest", stages.rejected, {"story": "Never worn"}, lambda ret: fresh(ret).is_contested, "agent"),
    Row("returns/contest-answer", stages.contested, {"upheld": "no", "answer": "You are right"}, _status("awaiting_return")),
    Row("returns/tracking", stages.awaiting_return, {"carrier": "SF", "number": "sf 1234567890", "freight": "12"},
        lambda ret: ret.parcels.filter(number="SF1234567890", freight_told_minor=1200).exists(), "agent"),
    Row("returns/difference", lambda: stages.awaiting_reship(price=15_000), {"payment_ref": "PAY-1"},
        lambda ret: fresh(ret).exchange.difference_status == "settled", "agent"),
    Row("returns/reshipment", stages.awaiting_reship, {"carrier": "ZTO", "number": "ZT1234567890"}, _status("reshipped"),
        "warehouse"),
    Row("returns/repair", stages.repairing, {"fault": "Seam open", "parts": ""}, _status("awaiting_reship"), "warehouse"),
    Row("returns/repair-end", stages.mended, {"fault": "Torn again", "instead": "return"}, _status("refund_due"), "agent"),
    Row("returns/delivery", stages.reshipped, {}, _status("closed"), "agent"),
    Row("returns/withdrawal", stages.in_transit, {}, _status("withdrawn"), "agent"),
    Row("returns/closing", stages.rejected, {}, _status("closed"), "agent"),
    Row("returns/handback", stages.to_hand_back, {"carrier": "SF", "number": "SF7788990011", "payer": "shop"},
        lambda ret: fresh(ret).handback.sent_at is not None, "warehouse"),
    Row("returns/handback-return", stages.handed_back, {}, lambda ret: fresh(ret).handback.came_back_at is not None, "warehouse"),
    Row("returns/handback-delivery", stages.handed_back, {}, _status("closed"), "agent"),
    Row("returns/handback-end", stages.kept_in_vain, {}, _status("closed")),
    Row("returns/reopening", stages.expired, {}, _status("submitted"), "agent"),
    Row("refunds/release", stages.refund_due, {}, _status("refunding"), "agent", key=lambda ret: refund_of(ret).ref),
    Row("refunds/payment", stages.refunding, {"payment_ref": "P-1"}, _status("closed"), "agent",
        key=lambda ret: refund_of(ret).ref),
    Row("refunds/finding", stages.unknown, {"was_paid": "yes", "payment_ref": "P-2"}, _status("closed"),
        key=lambda ret: refund_of(ret).ref),
    Row("refunds/retry", stages.failed, {}, lambda ret: ret.refunds.count() == 2 and refund_of(ret).status == "due",
        "agent", key=lambda ret: ret.refunds.order_by("pk").first().ref),
    Row("claims/answer", stages.claimed, {"paid": "80", "answer": "按保价赔付"},
        lambda claim: CarrierClaim.objects.filter(pk=claim.pk, paid_minor=8_000).exists(), "agent", key=lambda claim: claim.pk),
    Row("claims/asking-again", stages.paid_by_the_carrier, {},
        lambda claim: CarrierClaim.objects.filter(pk=claim.pk, status="open").exists(), "agent", key=lambda claim: claim.pk),
    Row("parcels/arrival", stages.in_transit, {}, _status("delivered"), "warehouse", key=lambda ret: ret.parcels.get().pk),
    Row("tickets/taking", stages.submitted, {}, lambda ret: str(_ticket(ret).assignee) == "agent", "agent",
        key=lambda ret: ret.ticket.ref),
    Row("tickets/assignee", stages.submitted, {"user": ""}, lambda ret: _ticket(ret).assignee is None, "agent",
        key=lambda ret: ret.ticket.ref),
    Row("tickets/waiting", stages.question, {"waiting_on": "supplier", "why": "Spare part", "until": ""},
        lambda ticket: Ticket.objects.get(pk=ticket.pk).waiting_on == "supplier", "agent"),
    Row("tickets/resumption", stages.waiting_question, {}, lambda ticket: Ticket.objects.get(pk=ticket.pk).status == "open",
        "agent"),
    Row("tickets/details", stages.question, {"title": "Two invoices", "kind": "task", "priority": "2", "queue": "returns"},
        lambda ticket: Ticket.objects.get(pk=ticket.pk).title == "Two invoices", "agent"),
    Row("tickets/distribution", stages.left_lying, {}, lambda ticket: Ticket.objects.get(pk=ticket.pk).assignee is not None,
        "agent"),
    Row("tickets/batch", stages.question, {"title": "Bad lot", "about": "lot", "mark": "L-7"},
        lambda ticket: type(ticket).objects.filter(pk=ticket.pk, batch__problem__mark="L-7").exists(), "agent"),
    Row("tickets/unbatching", stages.batched, {}, lambda problem: not problem.members.exists(), "agent",
        key=lambda _problem: Ticket.objects.get().ref),
    Row("batches/reply", stages.batched, {"key": "0123456789abcdef", "text": "We are looking into it"},
        lambda problem: problem.replies.count() == 1, "agent"),
    Row("batches/root-cause", stages.batched, {"root_cause": "A wet pallet"},
        lambda problem: type(problem).objects.get(pk=problem.pk).root_cause == "A wet pallet", "agent"),
    Row("batches/closing", stages.explained, {"key": "0123456789abcdef"},
        lambda problem: type(problem).objects.get(pk=problem.pk).closed_at is not None, "agent"),
    Row("tickets/merging", stages.asked_twice, lambda twins: {"into": twins[1].ref},
        lambda twins: Ticket.objects.get(pk=twins[0].pk).merged_into_id == twins[1].pk, "agent", key=lambda twins: twins[0].ref),
    Row("tickets/unmerging", stages.merged, {}, lambda ticket: Ticket.objects.get(pk=ticket.pk).merged_into is None, "agent"),
    Row("tickets/splitting", stages.two_things, lambda ticket: {"title": "Invoice", "messages": [ticket.messages.last().pk]},
        lambda ticket: Ticket.objects.filter(links__other=ticket, links__kind="split").count() == 1, "agent"),
    Row("tickets/linking", stages.asked_twice, lambda twins: {"other": twins[1].ref, "kind": "duplicate"},
        lambda twins: twins[0].links.filter(other=twins[1]).exists(), "agent", key=lambda twins: twins[0].ref),
    Row("tickets/unlinking", stages.linked, lambda link: {"link": str(link.pk)},
        lambda link: not type(link).objects.filter(pk=link.pk).exists(), "agent", key=lambda link: link.one.ref, again=422),
    Row("tickets/fields", stages.question_with_a_field, {"serial": "AB-1"},
        lambda ticket: Ticket.objects.get(pk=ticket.pk).custom == {"serial": "AB-1"}, "agent"),
    Row("tickets/checklist", stages.question, lambda _ticket: {"checklist": stages.a_checklist().pk},
        lambda ticket: ticket.checklists.exists(), "agent", again=422),
    Row("checklists/omission", stages.listed, {"why": "Nothing to test"},
        lambda each: each.ticket.checklists.exclude(left_out_at=None).exists(), "agent", key=lambda each: each.pk),
    Row("checks/tick", stages.check, {}, lambda item: item.of.checks.exclude(ticked_at=None).exists(), "agent",
        key=lambda item: item.pk),
    Row("checks/untick", stages.ticked, {}, lambda item: item.of.checks.filter(ticked_at=None).exists(), "agent",
        key=lambda item: item.pk),
    Row("tickets/closing", stages.question, {}, lambda ticket: Ticket.objects.get(pk=ticket.pk).status == "closed", "agent"),
    Row("tickets/other-closing", stages.question, {"reason": "not_for_us"},
        lambda ticket: list(ticket.closures.values_list("reason", flat=True)) == ["not_for_us"], "agent"),
    Row("tickets/reopening", stages.closed_question, {}, lambda ticket: Ticket.objects.get(pk=ticket.pk).status == "open",
        "agent"),
    Row("orders/note", an_order, {"text": "Rings twice"}, lambda order: order.notes.exists(), "warehouse",
        key=lambda order: order.pk),
    Row("orders/promise", an_order, {"text": "A bag", "due_on": ""}, lambda order: order.promises.exists(), "agent",
        key=lambda order: order.pk),
    Row("tickets/promise", stages.question, {"text": "A lid", "due_on": "2099-01-01"},
        lambda ticket: ticket.promised.exists(), "agent"),
    Row("people/promise", lambda: an_order().person, {"text": "A call", "due_on": "2099-01-01"},
        lambda person: person.promises.exists(), "agent"),
    Row("people/note", a_person, {"text": "Rings twice"}, lambda person: person.notes.exists(), "warehouse"),
    Row("people/details", a_person, {"name": "Lin Mei", "locale": "en"},
        lambda person: Person.objects.filter(pk=person.pk, name="Lin Mei", locale="en").exists(), "agent"),
    Row("people/contact", a_person, {"contact": "139 0000 0000"},
        lambda person: person.contact_points.filter(value="+8613900000000").count() == 1, "agent"),
    Row("people/merging", a_person, lambda _person: {"into": keeping.somebody_else().ref, "sure": "on"},
        lambda person: Person.objects.exclude(merged_into=None).filter(pk=person.pk).exists()),
    Row("contacts/removal", lambda: a_person().contact_points.get(kind="phone"), {},
        lambda point: not type(point).objects.filter(pk=point.pk).exists(), "agent", key=lambda point: point.pk, again=404),
    Row("people/preferences", a_person, {"refused": ["sms"]}, lambda person: bool(refused_by(person=person.pk)), "agent"),
    Row("files/hiding", stages.a_photo_of_a_message, {"why": "Another customer’s address"},
        lambda file: Attachment.objects.get(pk=file.pk).hidden_at is not None, "agent"),
    Row("files/showing", stages.a_hidden_photo, {},
        lambda file: Attachment.objects.get(pk=file.pk).hidden_at is None, "agent"),
    Row("people/consent", a_person, {"purpose": "news", "proof": "chat"},
        lambda person: person.consents.filter(withdrawn_at=None).exists(), "agent", again=422),
    Row("people/withdrawal", agreed, {"purpose": "news", "proof": "call"},
        lambda person: not person.consents.filter(withdrawn_at=None).exists(), "agent", again=422),
    Row("people/birthday", a_person, {"month": "3", "day": "8", "source": "chat"},
        lambda person: Birthday.objects.filter(person=person).exists(), "agent"),
    Row("people/birthday-deletion", born, {}, lambda person: not Birthday.objects.filter(person=person).exists(), "agent"),
    Row("people/gift", a_person, {"what": "Tea", "why": "A long wait", "cost": "30", "way": "parcel"},
        lambda person: person.gifts.count() == 1, "agent"),
    Row("gifts/approval", keeping.a_large_gift, {}, lambda each: Gift.objects.get(pk=each.pk).state == "approved",
        key=lambda each: each.pk),
    Row("gifts/sending", keeping.a_gift, {}, lambda each: Gift.objects.get(pk=each.pk).state == "sent", "agent",
        key=lambda each: each.pk),
    Row("gifts/dropping", keeping.a_gift, {"why": "Not in stock"},
        lambda each: Gift.objects.get(pk=each.pk).state == "dropped", "agent", key=lambda each: each.pk),
    Row("people/referral", a_person, lambda _person: {"by_ref": keeping.somebody_else().ref, "how": "word", "source": "Chat"},
        lambda person: Referral.objects.filter(person=person).count() == 1, "agent"),
    Row("people/referral-deletion", keeping.recommended, {},
        lambda person: not Referral.objects.filter(person=person).exists(), "agent"),
    Row("people/copy", a_person, {}, lambda person: person.copies.count() == 1),
    Row("people/erasure", a_person, lambda person: {"ref": person.ref, "ground": "asked"},
        lambda person: Erasure.objects.filter(person=person).count() == 1, "manager"),
    Row("people/testimonial", keeping.agrees_to_quoting, {"text": "Like new", "shown_as": "Lin", "source": "Chat"},
        lambda person: person.testimonials.count() == 1, "agent"),
    Row("testimonials/publication", keeping.words, {"place": "Home page"},
        lambda each: type(each).objects.get(pk=each.pk).state == "published", key=lambda each: each.pk),
    Row("testimonials/ending", keeping.words, {}, lambda each: type(each).objects.get(pk=each.pk).state == "ended", "agent",
        key=lambda each: each.pk),
    Row("promises/keeping", a_promise, {}, lambda each: Promise.objects.get(pk=each.pk).kept_at is not None, "agent",
        key=lambda each: each.pk),
    Row("promises/breaking", a_promise, {}, lambda each: Promise.objects.get(pk=each.pk).broken_at is not None, "agent",
        key=lambda each: each.pk),
]  # fmt: skip
VERBS = {f"{deed.subject}/{deed.noun}": deed.verb for deed in DEEDS}
# A note or a promise written twice is two of them: only one page's form stands between, as with any text.
STORIES = ("test_complaints.py", "test_mail.py", "test_reviews.py", "test_visits.py")
WRITTEN_ANEW = {"orders/note", "people/note", "orders/promise", "tickets/promise", "people/promise"}


def sent(row: Row, case: Any) -> Any:
    return row.data(case) if callable(row.data) else row.data


def address(row: Row, case: Any) -> str:
    subject, noun = row.deed.split("/")
    return f"/desk/{subject}/{row.key(case)}/{noun}/"


def test_the_table_knows_every_deed() -> None:
    """Complaints, mails, reviews and visits are led in files of their own, which must name each of their deeds."""
    stories = "".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in STORIES)
    told = {deed for deed in VERBS if re.search(rf"""[/"}}]{deed.split("/")[1]}[/"]""", stories)}
    table = [row.deed for row in TABLE]
    assert len(table) == len(set(table))
    assert set(VERBS) - set(table) <= told
    assert set(table) <= set(VERBS)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.deed)
def test_a_deed_through_its_door(sit: Sit, visitor: Callable[..., Client], row: Row) -> None:
    """From whoever may not to whoever does it twice, on one case: what was refused has left no mark for the next."""
    case = row.case()
    where, data = address(row, case), sent(row, case)
    _strangers_are_led_to_the_sign_in(visitor, case, where, data)
    _its_door_asks_for_the_verb(sit, row, where, data)
    assert row.deed == "tickets/assignee" or not row.done(case)

    client = sit(row.role)
    answer = client.post(where, data, follow=True)
    assert answer.redirect_chain
    assert answer.status_code == 200
    assert row.done(case)
    assert "notice--success" in answer.content.decode()

    if row.deed not in WRITTEN_ANEW:
        events = Event.objects.count()
        assert client.post(where, data).status_code == row.again
        assert Event.objects.count() == events
        assert row.done(case)


def _strangers_are_led_to_the_sign_in(visitor: Callable[..., Client], case: Any, where: str, data: Any) -> None:
    order = getattr(case, "order", None) or case
    for client in (visitor(), visitor(order) if hasattr(order, "number") else visitor()):
        answer = client.post(where, data)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")


def _its_door_asks_for_the_verb(sit: Sit, row: Row, where: str, data: Any) -> None:
    for role in STAFF:
        client = sit(role.value, f"door-{role}")
        may = role in GRANTS[VERBS[row.deed]]
        assert client.get(where).status_code == (200 if may else 403), role
        if not may:
            assert client.post(where, data).status_code == 403, role


@pytest.mark.parametrize("subject", sorted({deed.subject for deed in DEEDS}))
def test_what_is_not_there_is_not_found(sit: Sit, subject: str) -> None:
    noun = next(deed.noun for deed in DEEDS if deed.subject == subject)
    key = "999999" if subject in ("parcels", "orders", "promises") else "R-NOTTHERE1"
    assert sit("manager").get(f"/desk/{subject}/{key}/{noun}/").status_code == 404


@pytest.mark.parametrize("key", ["%00", "R-", "../../etc", "R-7K2MQX94D%27", "0x7", "-1", "9" * 40])
def test_an_address_that_is_none_is_not_found(sit: Sit, key: str) -> None:
    client = sit("manager")
    for where in (f"/desk/tickets/{key}/", f"/desk/returns/{key}/approval/", f"/desk/parcels/{key}/arrival/"):
        assert client.get(where).status_code == 404, where


@pytest.mark.parametrize("number", ["²", "9" * 30, "x"])
def test_a_message_that_is_none_does_not_move(sit: Sit, number: str) -> None:
    ticket = stages.two_things()
    answer = sit("agent").post(f"/desk/tickets/{ticket.ref}/splitting/", {"title": "Invoice", "messages": number})
    assert answer.status_code == 422


def test_a_page_open_too_long_gets_the_sentence_and_keeps_the_words(sit: Sit) -> None:
    ret = stages.submitted()
    agent, other = sit("agent"), sit("agent", "other")
    other.post(f"/desk/returns/{ret.ref}/approval/")
    typed = {"reason": "Worn for a week", "clause": "Measures art. 9", "alternative": "A repair"}
    answer = agent.post(f"/desk/returns/{ret.ref}/rejection/", typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "approved, waiting for the parcel" in page
    assert "Look at the page again" in page
    assert all(words in page for words in typed.values())
    assert fresh(ret).status == "awaiting_return"


def test_the_dialog_gets_the_fragment_and_the_sentence(sit: Sit) -> None:
    ret = stages.submitted()
    client = sit("agent")
    client.get("/desk/")
    headers = {"hx-request": "true"}
    form = client.get(f"/desk/returns/{ret.ref}/rejection/", headers=headers)
    assert "<html" not in form.content.decode()
    assert 'id="deed"' in form.content.decode()
    wrong = client.post(f"/desk/returns/{ret.ref}/rejection/", {"reason": "", "clause": ""}, headers=headers)
    assert wrong.status_code == 422
    right = client.post(f"/desk/returns/{ret.ref}/rejection/", {"reason": "Worn", "clause": "art. 9"}, headers=headers)
    assert right["HX-Redirect"] == f"/desk/tickets/{ret.ticket.ref}/"


def test_an_approval_without_a_return_address_says_who_helps(sit: Sit) -> None:
    ret = stages.submitted()
    shop = ret.order.shop
    shop.return_address = ""
    shop.save(update_fields=["return_address"])
    answer = sit("agent").post(f"/desk/returns/{ret.ref}/approval/")
    assert answer.status_code == 409
    assert "has no complete return address" in answer.content.decode()


def test_a_large_refund_needs_a_second_person_who_is_a_lead(sit: Sit) -> None:
    ret = stages.refund_due(price=80_000)
    refund = refund_of(ret)
    where = f"/desk/refunds/{refund.ref}/release/"
    first = sit("agent").post(where, follow=True)
    assert "Above the shop’s limit" in first.content.decode()
    assert sit("agent").post(where).status_code == 409
    assert sit("agent", "colleague").post(where).status_code == 403
    waits = sit("lead").get(f"/desk/tickets/{ret.ticket.ref}/").content.decode()
    assert "as the second person" in waits
    assert sit("lead").post(where).status_code == 302
    assert fresh(ret).status == "refunding"


def test_whoever_refused_does_not_answer_the_objection(sit: Sit) -> None:
    ret = stages.submitted()
    sit("lead").post(f"/desk/returns/{ret.ref}/rejection/", {"reason": "Worn", "clause": "art. 9"})
    sit("agent").post(f"/desk/returns/{ret.ref}/contest/", {"story": "Never"})
    assert "contest-answer" not in sit("lead").get(f"/desk/tickets/{ret.ticket.ref}/").content.decode()
    answer = sit("lead").post(f"/desk/returns/{ret.ref}/contest-answer/", {"upheld": "yes", "answer": "No"})
    assert answer.status_code == 409
    assert "Whoever refused cannot settle the objection" in answer.content.decode()


def test_a_ticket_of_a_running_return_is_not_closed_by_hand(sit: Sit) -> None:
    ret = stages.submitted()
    answer = sit("agent").post(f"/desk/tickets/{ret.ticket.ref}/closing/")
    assert answer.status_code == 409
    assert _ticket(ret).status == "open"


def test_one_goes_back_only_to_pages_of_our_own(sit: Sit) -> None:
    ret = stages.submitted()
    answer = sit("agent").post(f"/desk/tickets/{ret.ticket.ref}/taking/?next=https://evil.example/")
    assert answer["Location"] == f"/desk/tickets/{ret.ticket.ref}/"
    answer = sit("lead").post(f"/desk/tickets/{ret.ticket.ref}/taking/?next=/desk/%3Fview=mine")
    assert answer["Location"] == "/desk/?view=mine"


@pytest.mark.parametrize("number", ["1", "x" * 61, "<b>123456</b>"])
def test_a_tracking_number_that_is_none_is_refused_at_its_field(sit: Sit, number: str) -> None:
    ret = stages.awaiting_return()
    answer = sit("agent").post(f"/desk/returns/{ret.ref}/tracking/", {"carrier": "SF", "number": number})
    assert answer.status_code in (400, 422)
    assert 'id="tracking-number_error"' in answer.content.decode()
    assert not ret.parcels.exists()


@pytest.mark.parametrize(
    ("freight", "status"), [("12.345", 422), ("-3", 400), ("１２.５０", 302), ("abc", 422), ("99999", 400)]
)
def test_freight_is_money_or_a_sentence(sit: Sit, freight: str, status: int) -> None:
    ret = stages.awaiting_return()
    sent = {"carrier": "OTHER", "other_carrier": "Black Cat", "number": "BC12345678", "freight": freight}
    answer = sit("agent").post(f"/desk/returns/{ret.ref}/tracking/", sent)
    assert answer.status_code == status
    if status == 302:
        assert (ret.parcels.get().carrier, ret.parcels.get().freight_told_minor) == ("Black Cat", 1250)
