"""A person with a whole life at the shop asks for a copy, is erased, and is found nowhere: every table is read through.

The money of their orders stays, no import brings them back, and nobody is erased with something open or by mistake.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from PIL import Image

from aftersales.files.actions.attaching import attach_all
from aftersales.files.models import Attachment
from aftersales.kernel import clock, personal
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import NotPermitted
from aftersales.kernel.money import Money
from aftersales.ledger.models import Event
from aftersales.notices.models import Notice
from customers.actions import birthdays, copying, gifts, referrals, testimonials
from customers.actions.consents import give_consent
from customers.actions.erasing import ShopItself, StillOpen, WrongReference, erase_person
from customers.actions.merging import merge_people
from customers.actions.merging.people import ErasedEntry
from customers.actions.notes import note_order, note_person
from customers.actions.people import own_person
from customers.actions.promises import keep_promise, make_promise
from customers.actions.reviews import ReviewFacts, add_review
from customers.actions.writers import add_writer
from customers.models import Consent, ErasedKey, Erasure, Order, Person, PersonCopy, Review
from returns.actions.claims import answer_claim
from returns.actions.ending import withdraw_return
from returns.models import Return
from tests.customers.files import csv_file, run
from tests.faces.desk import stages
from tests.world import a_claim, a_complaint, a_person, a_return, an_order, customer, staff
from tickets.actions.closing import close_ticket
from tickets.actions.complaints.apologising import apologise
from tickets.actions.complaints.deciding import give_interim, make_plan
from tickets.actions.complaints.escalating import escalate, settle_escalation
from tickets.actions.complaints.evidence import ask_pack
from tickets.actions.complaints.hearing import understand
from tickets.actions.conversation import note, reply
from tickets.actions.details import change_ticket
from tickets.actions.mail.accounts import add_account
from tickets.actions.mail.keeping import keep_mail
from tickets.actions.mail.placing import BY_MAIL, place
from tickets.actions.questions import ask_question
from tickets.actions.waiting import set_waiting
from tickets.models import Arrival, Message, Ticket

pytestmark = pytest.mark.django_db
OURS = {"accounts", "customers", "files", "ledger", "notices", "returns", "search", "tickets", "sessions", "admin"}
# Each stands somewhere in what the shop knows of Yin Wanzhao, and nowhere else.
NAME, PHONE, MAIL, NICK, STREET = "殷晚照", "13987654321", "yin.wanzhao@example.org", "晚照小铺", "石榴巷 77 号"
SAID = "白瓷碗裂了一道"  # all her words, and all that was said of her, hold it
HEAD = (
    "order_number", "ordered_at", "title", "quantity", "unit_price", "sku", "paid", "status", "delivered_at",
    "phone", "email", "customer_name", "city", "address", "buyer_message", "seller_memo",
)  # fmt: skip
Drain = Callable[[], int]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def row(number: str, *, day: str = "2026-03-01", status: str = "delivered", city: str = "杭州") -> list[str]:
    return [
        number, f"{day} 10:00", "白瓷碗", "2", "100", "S-1", "200", status, "2026-03-05 12:00", PHONE, MAIL, NAME, city,
        STREET, SAID, SAID,
    ]  # fmt: skip


def listed(tmp_path: Path, *rows: list[str]) -> Path:
    return csv_file(tmp_path / f"{len(list(tmp_path.iterdir()))}.csv", [list(HEAD), *rows])


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(out, "JPEG")
    return SimpleUploadedFile(f"{NAME}.jpg", out.getvalue())


def found(*words: str) -> dict[str, set[str]]:
    """By table: which of the words stand in it, in whatever column, with bytes read as text."""
    told: dict[str, set[str]] = {}
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            for values in model._base_manager.values_list():
                text = " ".join(
                    bytes(each).decode(errors="replace") if isinstance(each, bytes | memoryview) else
                    json.dumps(each, ensure_ascii=False) if isinstance(each, dict | list) else str(each)
                    for each in values
                )  # fmt: skip
                if there := {word for word in words if word in text}:
                    told.setdefault(model._meta.label, set()).update(there)
    return told


def a_life(tmp_path: Path, drain: Drain) -> Person:
    """Orders from a file, cases of each kind, and what the shop wrote down; all of it settled."""
    agent, lead = staff(), staff("lead")
    run(listed(tmp_path, row("W-1")))
    order = Order.objects.get(number="W-1")
    person = order.person
    Person.objects.filter(pk=person.pk).update(nick=NICK)
    note_order(order.pk, text=SAID, actor=agent)
    note_person(person.pk, text=f"{NAME}：{SAID}", actor=agent)
    for purpose in ("quoted", "occasions", "visits"):
        give_consent(person.pk, purpose=purpose, proof=SAID, actor=agent)
    birthdays.note_birthday(person.pk, month=2, day=3, source=SAID, actor=agent)
    testimonials.keep_testimonial(person.pk, text=SAID, shown_as=NICK, source=SAID, actor=agent)
    other = a_person("林梅")
    give_consent(other.pk, purpose="occasions", proof="聊天", actor=agent)
    referrals.note_referral(person.pk, by_ref=other.ref, how="word", source=SAID, actor=agent)
    gift = gifts.give_gift(person.pk, what="茶", why=SAID, cost=Money(100, "CNY"), way="parcel", actor=lead)
    gifts.send_gift(gift.pk, actor=lead)
    keep_promise(make_promise(person.pk, text=SAID, order_id=order.pk, actor=agent).pk, actor=agent)
    told = ReviewFacts(platform="taobao", stars=5, text="碗很好看", at=clock.now(), order_number="W-1", nick=NICK)
    add_review(told, actor=agent)
    with clock.fixed(clock.now() - dt.timedelta(days=10)):
        question = ask_question(order.pk, text=f"{SAID}，我是{NAME}", actor=customer(order))
        attach_all([photo()], on=question.messages.get(), actor=customer(order))
        note(question.pk, text=f"{NAME} {SAID}", actor=agent)
        reply(question.pk, text=f"{NAME}您好，{SAID}", actor=agent)
        drain()
    Arrival.objects.create(
        ref="M-2K7MQX94D", sender=MAIL, sender_name=NAME, subject=SAID, text=SAID, quoted=SAID, auth=f"spf={MAIL}",
        received_at=clock.now(), kept_at=clock.now(), state="placed", ticket=question,
    )  # fmt: skip
    Arrival.objects.create(ref="M-2", sender=MAIL, text=SAID, received_at=clock.now(), kept_at=clock.now())
    set_waiting(question.pk, "carrier", why=SAID, actor=agent)
    change_ticket(question.pk, title=f"{NAME}：{SAID}", actor=agent)
    close_ticket(question.pk, actor=agent)
    complaint, tomorrow = a_complaint(order), clock.now() + dt.timedelta(days=1)
    apologise(complaint.ticket_id, words=f"{NAME}，非常抱歉，{SAID}", channel="phone", actor=agent)
    understand(complaint.ticket_id, real_problem=SAID, aim=SAID, actor=agent)
    give_interim(complaint.ticket_id, text=SAID, actor=agent)
    planned = make_plan(complaint.ticket_id, text=SAID, due_at=tomorrow, actor=agent)
    keep_promise(planned.promise_id or 0, actor=agent)
    handed_up = escalate(complaint.ticket_id, to="platform", reason=SAID, due_at=tomorrow, actor=agent)
    settle_escalation(handed_up.pk, outcome=SAID, actor=agent)
    type(complaint).objects.filter(pk=complaint.pk).update(
        statement=SAID, real_problem=SAID, aim=SAID, fault_reason=SAID, interim=SAID, plan=SAID
    )
    ask_pack(complaint.ticket_id, names_masked=False, actor=agent)
    drain()
    complaint.escalations.update(settled_at=clock.now(), outcome=SAID, reason=SAID)
    close_ticket(complaint.ticket_id, actor=lead, why=SAID)
    ret = a_return(order, actor=customer(order))
    ret.lines.update(story=SAID)
    attach_all([photo()], on=ret, actor=customer(order))
    answer_claim(a_claim(ret).pk, paid_minor=0, answer=f"{NAME}：{SAID}", actor=agent)
    withdraw_return(ret.pk, actor=customer(order))
    ticket = Ticket.objects.get(pk=ret.ticket_id)
    if ticket.status != Ticket.Status.CLOSED:
        close_ticket(ticket.pk, actor=lead)
    drain()
    return Person.objects.get(pk=person.pk)


def erase(person: Person, role: str = "manager", **said: str) -> Erasure:
    words = {"ref": person.ref, "ground": "asked", **said}
    return erase_person(person.pk, ref=words["ref"], ground=words["ground"], actor=staff(role))


def worked_example() -> list[tuple[str, str, str, str]]:
    """Model, column, before and after, as the page tells them."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+\.\w+)` \| `(\w+)` \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert len(rows) >= 20
    return rows


def told_before(person: Person) -> list[tuple[str, str, int, str]]:
    """The same with the row that the example speaks of."""
    told, held = [], {each.label: each for each in personal.held()}
    for label, column, before, after in worked_example():
        values = dict(held[label].rows(person.pk).values_list("pk", column))
        rows = [pk for pk, value in values.items() if str(value) == before]
        assert rows, f"{label}.{column} is nowhere {before}"
        told.append((label, column, rows[0], after))
    return told


EVERYTHING = (NAME, PHONE, MAIL, NICK, STREET, SAID)


def test_nothing_of_the_person_is_left_in_any_table_and_the_money_is(
    tmp_path: Path, drain: Drain, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    person = a_life(tmp_path, drain)
    copying.export_person(person.pk, actor=staff("manager"))
    drain()
    before = Order.objects.filter(person=person).values("number", "paid_minor", "goods_minor", "status").get()
    events, example = Event.objects.count(), told_before(person)
    assert set().union(*found(*EVERYTHING).values()) == set(EVERYTHING), "the search itself finds"
    assert len(found(SAID)) >= 15
    assert SAID in Event.objects.get(name="complaint.planned").data["text"]
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            erase(person)
    drain()
    assert found(*EVERYTHING) == {}
    for label, column, pk, after in example:
        now = dict(apps.get_model(label)._base_manager.filter(pk=pk).values_list("pk", column))
        assert str(now.get(pk, "*gone*") or ("*empty*" if pk in now else "*gone*")) == after, f"{label}.{column}"
    assert [path for path in media.rglob("*") if path.is_file()] == [], "photos, packs and copies"
    assert Order.objects.filter(person=person).values("number", "paid_minor", "goods_minor", "status").get() == before
    assert Return.objects.filter(person=person).count() == 1
    assert str(Person.objects.get(pk=person.pk)) == person.ref
    assert not Consent.objects.filter(person=person, withdrawn_at=None).exists()
    assert Review.objects.get(person=person).text == "碗很好看", "it stands on the platform for everybody"
    [event] = Event.objects.filter(name="person.erased")
    assert set(event.data) == {"erasure", "ground", "rows"}
    assert Event.objects.count() > events, "none is lost"
    planned = Event.objects.get(name="complaint.planned")
    assert (planned.data["text"], planned.data["cost_minor"], planned.actor_label) == ("–", 0, str(staff().label))


def test_no_import_brings_them_back_and_whoever_buys_again_is_a_new_customer(tmp_path: Path, drain: Drain) -> None:
    person = a_life(tmp_path, drain)
    erase(person)
    run(listed(tmp_path, row("W-1")))  # the same file again
    run(
        listed(tmp_path, row("W-1", status="completed", city="上海"), row("W-0", day="2026-02-01"))
    )  # told anew, and an older one
    drain()
    assert found(*EVERYTHING) == {}
    assert set(Order.objects.filter(person=person).values_list("number", flat=True)) == {"W-0", "W-1"}
    assert Order.objects.get(number="W-1").status == "completed"
    report = run(listed(tmp_path, row("W-1", status="completed", city="上海")))
    assert report.result.orders_unchanged == 1, "an order without words is known by what the file said of it"
    told = ReviewFacts(
        platform="taobao", stars=4, text="好", at=clock.now(), order_number="W-1", nick=NICK, external_id="9"
    )
    assert add_review(told, actor=staff()).nick == ""
    with clock.fixed(clock.now() + dt.timedelta(days=2)):
        day = clock.shop_date(clock.now()).isoformat()
        run(listed(tmp_path, row("W-2", day=day, status="paid")))
        again = Order.objects.get(number="W-2").person
        assert (again.name, again.pk == person.pk) == (NAME, False)
        close = erase_person(again.pk, ref=again.ref, ground="asked", actor=staff("manager"))
    assert [row.erasure for row in ErasedKey.objects.all()] == [close], "gone twice, known once"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_import_in_the_very_moment_of_an_erasure_waits_for_it_and_brings_nobody_back(
    tmp_path: Path, drain: Drain
) -> None:
    run(listed(tmp_path, row("W-1")))
    person, erased = Order.objects.get(number="W-1").person, threading.Event()

    def erasing() -> None:
        with transaction.atomic():
            erase(person)
            erased.set()
            time.sleep(0.5)  # it is done, and nobody sees it yet
        connection.close()

    beside = threading.Thread(target=erasing)
    beside.start()
    assert erased.wait(10)
    run(listed(tmp_path, row("W-0", day="2026-02-01")))
    beside.join()
    drain()
    assert found(NAME, PHONE, MAIL, STREET) == {}
    assert Order.objects.get(number="W-0").person == person


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_copy_that_is_being_made_in_the_very_moment_of_an_erasure_is_kept_by_nobody(media: Path) -> None:
    person, made, erased = a_person(), threading.Event(), threading.Event()
    copy = copying.export_person(person.pk, actor=staff("manager"))

    def making() -> None:
        with transaction.atomic():
            copying.build_copy(copy.pk, at=clock.now())
            made.set()
            erased.wait(1)  # nobody comes: the erasure waits for this row
        connection.close()

    beside = threading.Thread(target=making)
    beside.start()
    assert made.wait(10)
    erase(person)
    erased.set()
    beside.join()
    copy.refresh_from_db()
    assert (copy.status, [path for path in media.rglob("*") if path.is_file()]) == ("expired", [])


def test_a_copy_that_was_asked_for_and_not_begun_is_never_made(drain: Drain, media: Path) -> None:
    person = a_person()
    copy = copying.export_person(person.pk, actor=staff("manager"))
    erase(person)
    drain()
    copy.refresh_from_db()
    assert (copy.status, [path for path in media.rglob("*") if path.is_file()]) == ("expired", [])


def test_what_they_wrote_and_got_in_cc_on_the_ticket_of_another_goes_and_the_ticket_stays(drain: Drain) -> None:
    mine, other = a_person(NAME, f"+86{PHONE}", MAIL), an_order(person=a_person("林梅", email="lin@example.org"))
    account = add_account("service@shop.example", host="127.0.0.1", actor=staff("manager"))
    to = "To: service@shop.example\n"
    for uid, mail in enumerate((
        f"From: lin@example.org\n{to}Cc: {MAIL}\nMessage-ID: <one@q.example>\nSubject: 尺码\n\n订单 {other.number}",
        f"From: {NAME} <{MAIL}>\n{to}In-Reply-To: <one@q.example>\nSubject: {SAID}\n\n{SAID}",
    )):  # fmt: skip
        kept = keep_mail(account, mail.encode(), uid_validity=1, uid=uid, received_at=clock.now(), actor=BY_MAIL)
        with transaction.atomic():
            place(kept.pk, at=clock.now())
    ticket = Ticket.objects.get()
    assert ticket.messages.latest("pk").by == "other"
    reply(ticket.pk, text="好的", actor=staff(), cc=[MAIL])
    drain()
    assert {"tickets.Message", "tickets.Arrival", "tickets.Cc"} <= set(found(NAME, MAIL, SAID))
    erase(mine)
    drain()
    assert found(NAME, PHONE, MAIL, SAID) == {}
    assert ticket.messages.filter(text="好的").exists()
    assert not Notice.objects.filter(template="ticket.copied").exclude(to_sha256="").exists()


@pytest.mark.parametrize("stage", ["submitted", "refund_due", "contested", "question", "failed"])
def test_not_while_something_is_open(stage: str) -> None:
    thing = getattr(stages, stage)()
    with pytest.raises(StillOpen) as told:
        erase(thing.person)
    assert thing.ref in str(told.value)
    assert (Erasure.objects.count(), Event.objects.filter(name="person.erased").count()) == (0, 0)


def test_not_while_a_promise_or_a_complaint_is_open() -> None:
    person = a_person()
    promise = make_promise(person.pk, text="周五前寄出", actor=staff())
    with pytest.raises(StillOpen, match="周五前寄出"):
        erase(person)
    keep_promise(promise.pk, actor=staff())
    complaint = a_complaint(an_order(person=person))
    with pytest.raises(StillOpen, match=complaint.ticket.ref):
        erase(person)


def test_only_a_manager_who_types_the_number_erases_and_never_the_shop_itself() -> None:
    person = a_person()
    for role in ("agent", "lead", "auditor"):
        with pytest.raises(NotPermitted):
            erase(person, role)
    with pytest.raises(WrongReference):
        erase(person, ref=a_person("周薇").ref)
    with pytest.raises(ShopItself):
        erase(own_person(at=clock.now()))
    assert erase(person, ref=f" {person.ref.lower()} ").ground == "asked"


def test_the_entries_that_were_merged_into_it_go_with_it_and_it_is_merged_with_nobody_any_more() -> None:
    into, source, third = a_person(NAME), a_person(NAME, phone="+8613900000002", email=MAIL), a_person("周薇")
    Person.objects.filter(pk=source.pk).update(source="olist", external_id=NICK)
    merge_people(source.pk, into.pk, actor=staff("lead"))
    erase(into)
    assert found(NAME, MAIL, NICK) == {}
    assert ErasedKey.objects.count() == 1
    with pytest.raises(ErasedEntry):
        merge_people(third.pk, into.pk, actor=staff("lead"))


def test_whoever_writes_again_is_a_new_person() -> None:
    person = a_person()
    erase(person)
    assert add_writer("lin.mei@example.org", name="林梅", actor=SYSTEM, at=clock.now()).pk != person.pk


def test_the_copy_holds_all_of_it_and_no_note_among_colleagues(tmp_path: Path, drain: Drain, media: Path) -> None:
    person = a_life(tmp_path, drain)
    copy = copying.export_person(person.pk, actor=staff("lead"))
    assert copying.export_person(person.pk, actor=staff("lead")) == copy, "while one is being made, that one is given"
    drain()
    drain()
    copy.refresh_from_db()
    assert copy.status == "done"
    taken = copying.hand_out(copy.pk, actor=staff("lead"))
    with zipfile.ZipFile(media / taken.stored_name) as into:
        data = json.loads(into.read("data.json"))
        page = into.read("data.html").decode()
        photos = [name for name in into.namelist() if name.startswith("photos/")]
    assert (data["person"], len(photos)) == (person.ref, 2)
    assert {each["value"] for each in data["data"]["customers.ContactPoint"]} >= {f"+86{PHONE}", MAIL}
    assert data["data"]["customers.Order"][0]["paid_minor"] == 20_000
    for word in (*EVERYTHING, "碗很好看", "200.00"):
        assert word in page, word
    told = [each["text"] for each in data["data"]["tickets.Message"]]
    assert f"{NAME}您好，{SAID}" in told
    assert f"{NAME} {SAID}" not in told, "what colleagues wrote to each other"
    assert list(Event.objects.filter(name__startswith="person.copy").order_by("id").values_list("name", flat=True)) == [
        "person.copy_asked", "person.copy_made", "person.copy_taken"
    ]  # fmt: skip
    assert not Message.objects.filter(internal=True, text="–").exists()


def test_a_copy_is_for_leads_and_gone_after_seven_days(drain: Drain, media: Path) -> None:
    person = a_person()
    with pytest.raises(NotPermitted):
        copying.export_person(person.pk, actor=staff())
    copy = copying.export_person(person.pk, actor=staff("lead"))
    drain()
    with clock.fixed(clock.now() + copying.KEPT + dt.timedelta(minutes=1)):
        drain()
        drain()
    copy.refresh_from_db()
    assert (copy.status, copy.stored_name) == ("expired", "")
    assert PersonCopy.objects.visible_to(staff()).count() == 0
    assert Attachment.objects.count() == 0
