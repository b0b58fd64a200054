"""Letters of visits: printed one a sheet in the customer's language, booked once as posted, answered by the code on them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.kernel import clock
from aftersales.kernel.errors import NotPermitted
from aftersales.ledger.models import Event, Timer
from aftersales.notices.models import Notice
from customers.actions.consents import refuse
from customers.models import Address, Order, Purpose
from tests.tickets.visits import at, due
from tests.world import a_person, an_order, member, staff
from tickets.actions.visits.calling_off import call_off
from tickets.actions.visits.inviting import SILENT, token_of
from tickets.actions.visits.planning import plan_after_signing
from tickets.actions.visits.posting import NoLetter, Pile, post_letter, post_letters, print_letters
from tickets.jobs import letters_without_address
from tickets.models import Visit, VisitStep

Sit = Callable[..., Client]
pytestmark = pytest.mark.django_db


def a_letter(name: str = "林梅", locale: str = "zh-hans", address: dict[str, object] | None = None) -> Visit:
    """A visit by letter whose time has come, for an order with a full address unless it says otherwise."""
    VisitStep.objects.filter(plan__code="after-signing").update(channel="letter")
    person = a_person(name=name)
    person.locale = locale
    person.save(update_fields=["locale"])
    where = {
        "province": "浙江省",
        "city": "杭州市",
        "district": "西湖区",
        "line": "文三路 8 号",
        "postcode": "310012",
        **(address or {}),
    }
    place = Address.objects.create(person=person, recipient=name, **where)
    with clock.fixed(clock.now() - dt.timedelta(days=5)):
        order: Order = an_order(days_ago=0, person=person, address=place)
        plan_after_signing(order.pk, at=clock.now())
    return due(Visit.objects.get(order=order))


def test_a_letter_waits_to_be_printed_and_nothing_is_sent_by_itself(sit: Sit, drain: Callable[[], int]) -> None:
    visit = a_letter()
    drain()
    assert (visit.state, visit.channel, visit.assignee) == ("planned", "letter", None)
    assert not Notice.objects.filter(template="visit.invited").exists()
    page = sit().get("/desk/visits/?whose=all").content.decode()
    assert "/desk/visits/letters/" in page
    assert visit.ref in page


@pytest.mark.parametrize("address", [{"line": ""}, {"is_masked": True}])
def test_without_a_full_address_it_becomes_a_message(address: dict[str, object], drain: Callable[[], int]) -> None:
    with clock.fixed(at(2)):
        visit = a_letter(address=address)
    assert (visit.state, visit.channel) == ("invited", "message")


def test_each_sheet_is_in_its_customer_s_language_whoever_prints_it(sit: Sit) -> None:
    a_letter(name="林梅")
    a_letter(name="Anna Weber", locale="en")
    page = sit().get("/desk/visits/letters/").content.decode()
    chinese, english = re.findall(r'<article class="letter" lang="([\w-]+)">(.*?)</article>', page, re.DOTALL)
    assert (chinese[0], english[0]) == ("zh-hans", "en")
    assert "尊敬的林梅" in chinese[1]
    assert "商品和描述一致吗？" in chinese[1]
    assert "Dear Anna Weber," in english[1]
    assert "Are the goods as described?" in english[1]
    assert "文三路 8 号" in english[1]
    assert page.count("<svg") >= 2


def test_a_pile_is_booked_as_posted_and_a_second_press_changes_nothing(sit: Sit) -> None:
    first, second = a_letter(), a_letter(name="何山")
    agent = sit()
    for _ in range(2):
        agent.post("/desk/visits/letters/posting/", {"ref": [first.ref, second.ref]})
    for visit in (first, second):
        visit.refresh_from_db()
        assert (visit.state, visit.channel) == ("invited", "letter")
        assert Event.objects.filter(name="visit.posted", subject_id=visit.pk).count() == 1
        timer = Timer.objects.pending().get(kind=SILENT, subject_id=visit.pk)
        assert visit.invited_at is not None
        assert timer.due_at - visit.invited_at == dt.timedelta(days=30)
    assert "No letter is due" in agent.get("/desk/visits/letters/").content.decode()


PRINTING, POSTING = "/desk/visits/letters/printing/", "/desk/visits/letters/posting/"


def colleagues(sit: Sit) -> tuple[Client, Client]:
    return sit("agent", "amei"), sit("agent", "bohan")


def test_a_printed_pile_is_in_its_printers_hands_and_colleagues_see_whose(sit: Sit) -> None:
    first, second = a_letter(), a_letter(name="何山")
    amei, bohan = colleagues(sit)
    for _twice in range(2):
        page = amei.post(PRINTING, {"ref": [first.ref]}, follow=True).content.decode()
        assert 'data-prints="at-once"' in page
        assert first.ref in page
    first.refresh_from_db()
    assert first.printed_by == member("agent", "amei")
    assert first.printed_at is not None
    assert Event.objects.get(name="visit.printed").subject_id == first.pk
    theirs = bohan.get("/desk/visits/letters/").content.decode()
    assert second.ref in theirs
    assert first.ref not in theirs
    assert "has printed 1 letter" in theirs
    assert first.ref in amei.get("/desk/visits/letters/").content.decode()
    taken = bohan.post(PRINTING, {"ref": [first.ref, second.ref]}, follow=True).content.decode()
    assert "1 was left out: a colleague has printed it." in taken
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.printed_by, second.printed_by) == (member("agent", "amei"), member("agent", "bohan"))
    assert Event.objects.filter(name="visit.printed").count() == 2


def test_only_what_is_marked_for_who_prints_it_is_printed(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    """More are due than one page holds, and two colleagues have the same first page before them."""
    monkeypatch.setattr("aftersales.desk.letters.MOST", 2)
    first, second, third, fourth = [a_letter(name=name) for name in ("甲", "乙", "丙", "丁")]
    amei, bohan = colleagues(sit)
    page = {"ref": [first.ref, second.ref]}
    printed = amei.post(PRINTING, page, follow=True).content.decode()
    assert 'data-prints="at-once"' in printed
    left_out = bohan.post(PRINTING, page, follow=True).content.decode()
    assert "2 were left out: a colleague has printed them." in left_out
    assert 'data-prints="at-once"' not in left_out
    assert third.ref in left_out, "the next ones are there to be printed by a press"
    part = bohan.post(PRINTING, {"ref": [second.ref, third.ref]}, follow=True).content.decode()
    assert 'data-prints="at-once"' in part
    assert part.count('<article class="letter"') == 1
    assert third.ref in part
    fourth.refresh_from_db()
    assert fourth.printed_by is None
    assert "<article" not in bohan.get("/desk/visits/letters/?print=1").content.decode()


def test_a_pile_that_got_lost_is_printed_once_more(sit: Sit) -> None:
    letter = a_letter()
    amei, bohan = colleagues(sit)
    amei.post(PRINTING, {"ref": [letter.ref]})
    page = bohan.get("/desk/visits/letters/?printed=all").content.decode()
    assert letter.ref in page
    assert 'name="again"' in page
    bohan.post(PRINTING, {"ref": [letter.ref], "again": "1"})
    letter.refresh_from_db()
    assert letter.printed_by == member("agent", "bohan")
    assert Event.objects.filter(name="visit.printed").count() == 2


def test_what_was_in_the_post_already_is_told_apart(sit: Sit) -> None:
    first, second = a_letter(), a_letter(name="何山")
    amei, bohan = colleagues(sit)
    amei.post(POSTING, {"ref": [first.ref]})
    page = bohan.post(POSTING, {"ref": [first.ref, second.ref]}, follow=True).content.decode()
    assert "1 letter is in the post." in page
    assert "1 was in the post already." in page
    assert "left out" not in page
    assert Event.objects.filter(name="visit.posted").count() == 2
    assert post_letters([first.pk, second.pk], actor=staff()) == Pile(done=0, already=2, left_out=0)
    assert print_letters([first.pk], actor=staff()) == Pile(done=0, already=0, left_out=1)
    with pytest.raises(NotPermitted):
        print_letters([first.pk], actor=staff("auditor"))


def test_a_letter_that_was_called_off_before_the_press_is_said_to_be_left_out(sit: Sit) -> None:
    kept, off = a_letter(), a_letter(name="何山")
    agent = sit()
    assert off.ref in agent.get("/desk/visits/letters/").content.decode()
    call_off(off.pk, reason="顾客来店里说过了", actor=staff("lead"))
    for said in ("1 letter is in the post.", "1 was in the post already."):
        pressed = agent.post("/desk/visits/letters/posting/", {"ref": [kept.ref, off.ref]}, follow=True)
        assert said in pressed.content.decode()
        assert "1 was left out: it has changed meanwhile." in pressed.content.decode()
    off.refresh_from_db()
    assert off.state == Visit.State.CANCELLED
    assert Event.objects.filter(name="visit.posted").count() == 1


def test_the_code_on_the_sheet_is_answered_like_a_message_s_link_and_for_thirty_days(client: Client) -> None:
    visit = post_letter(a_letter().pk, actor=staff())
    with clock.fixed(clock.now() + dt.timedelta(days=29)):
        assert client.get(f"/v/{token_of(visit)}/").status_code == 200
    with clock.fixed(clock.now() + dt.timedelta(days=31)):
        assert client.get(f"/v/{token_of(visit)}/").status_code == 410


def test_whoever_said_no_meanwhile_gets_no_letter(drain: Callable[[], int]) -> None:
    visit = a_letter()
    refuse(visit.person_id, purpose=Purpose.VISITS, proof="电话", actor=staff())
    drain()
    visit.refresh_from_db()
    assert visit.state == Visit.State.CANCELLED


def test_what_is_no_letter_is_not_booked() -> None:
    visit = a_letter()
    order = visit.order
    assert order is not None
    order.address = None
    order.save(update_fields=["address"])
    with pytest.raises(NoLetter):
        post_letter(visit.pk, actor=staff())
    Visit.objects.filter(pk=visit.pk).update(channel="call")
    with pytest.raises(NoLetter):
        post_letter(visit.pk, actor=staff())
    with pytest.raises(NotPermitted):
        post_letter(visit.pk, actor=staff("auditor"))


def without_address(visit: Visit) -> Visit:
    """Its address went after it had come due."""
    Order.objects.filter(visits=visit).update(address=None)
    return visit


def test_letters_whose_address_went_hold_up_no_other(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aftersales.desk.letters.MOST", 1)
    gone, there = without_address(a_letter()), a_letter(name="何山")
    page = sit().get("/desk/visits/letters/").content.decode()
    assert page.count("<article") == 1
    assert there.ref in page
    assert gone.ref not in page


def test_a_letter_whose_address_went_goes_out_as_a_message_once(drain: Callable[[], int]) -> None:
    with clock.fixed(at(10)):
        gone, there = without_address(a_letter()), a_letter(name="何山")
    for day in (11, 12):
        with clock.fixed(at(day)):
            letters_without_address(clock.now())
            drain()
    for visit in (gone, there):
        visit.refresh_from_db()
    assert (gone.state, gone.channel) == ("invited", "message")
    assert (there.state, there.channel) == ("planned", "letter")
    assert Notice.objects.filter(template="visit.invited").count() == 1


def test_only_the_letter_that_was_asked_for_is_printed(sit: Sit) -> None:
    first, second = a_letter(), a_letter(name="何山")
    page = sit().get(f"/desk/visits/letters/?ref={second.ref}").content.decode()
    assert second.ref in page
    assert first.ref not in page
    assert "2 are due in all" in page
    assert f"/desk/visits/letters/?ref={first.ref}" in sit().get(f"/desk/visits/{first.ref}/").content.decode()


def test_a_pile_costs_as_many_statements_as_one_letter(
    sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        a_letter(name=f"顾客{number}")
    client = sit()
    client.get("/desk/visits/letters/")
    with django_assert_max_num_queries(14):
        assert client.get("/desk/visits/letters/").content.count(b"<article") == 5
