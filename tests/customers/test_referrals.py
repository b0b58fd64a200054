"""Who recommended the shop: as the new customer said it, once, never in a circle; thanked once, with consent, naming nobody."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from aftersales.kernel import clock
from aftersales.kernel.errors import NotPermitted
from aftersales.ledger.models import Event
from customers.actions import referrals
from customers.actions.consents import give_consent, withdraw_consent
from customers.actions.referrals import (
    NobodyOfThatNumber,
    RecommenderNotAgreed,
    ReferralByThemselves,
    ReferralInCircle,
    ReferralKnown,
    note_referral,
    take_back_referral,
)
from customers.actions.words import kept_text
from customers.jobs import every_night
from customers.models import CareMessage, CarePlan, Order, Person, Referral
from tests.customers.test_care import a_plan
from tests.world import a_person, an_order, member, staff

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "keeping.md").read_text(encoding="utf-8")


def at(day: int, hour: int = 12, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=clock.shop_zone())


def nights(*days: int) -> None:
    """The daily job as the sweep runs it: a minute after midnight of each day."""
    for day in days:
        with clock.fixed(at(day, 0, 1)):
            every_night(clock.now())


def bought(person: Person, day: int) -> None:
    Order.objects.filter(pk=an_order(person=person).pk).update(placed_at=at(day, 14))


def somebody(number: int, *, agrees: bool = True) -> Person:
    """Who agrees to greetings and thanks, without which nobody writes down whom they recommended us to."""
    person = a_person(f"顾客{number}", f"+86138{number:08}", f"c{number}@shop.example")
    if agrees:
        give_consent(person.pk, purpose="occasions", proof="聊天", actor=staff())
    return person


def note(person: Person, by: Person, **said: Any) -> Referral:
    words = {"how": "word", "source": "11 月 1 日聊天", "actor": staff(), **said}
    return note_referral(person.pk, by_ref=by.ref, **words)


def state() -> str:
    return CareMessage.objects.get().state if CareMessage.objects.exists() else "none"


def test_the_example_of_zhou_wei(drain: Callable[[], int], settings: Any) -> None:
    settings.MAILBOX = False
    wanted = re.findall(r"^\| \d+ November.*\| (\w+) \|$", PAGE.split("## Referrals")[1].split("## Gifts")[0], re.M)
    with clock.fixed(at(1, 0)):
        a_plan("referral", text_zh="{name}，谢谢您推荐我们。")
    nights(1)
    with clock.fixed(at(1)):
        lin, zhou = a_person(), a_person("周薇", "+8613800000002", "zhou@shop.example")
        give_consent(lin.pk, purpose="occasions", proof="聊天", actor=staff())
        note(zhou, lin)
    seen = []
    for day in (2, 3, 4, 5):
        nights(day)
        with clock.fixed(at(day, 0, 2)):
            drain()
        if day != 3:
            seen.append(state())
        else:
            with clock.fixed(at(3)):
                bought(zhou, 3)
        if day == 4:
            with clock.fixed(at(4, 10)):
                drain()
            seen.append(state())
    assert seen == wanted
    (sent,) = [each for each in mail.outbox if each.to == ["lin.mei@example.org"]]
    assert "谢谢您推荐我们" in str(sent.body)
    assert "周薇" not in str(sent.body)


def test_without_the_recommenders_consent_nothing_is_written_down() -> None:
    lin, zhou = somebody(1, agrees=False), somebody(2)
    with pytest.raises(RecommenderNotAgreed):
        note(zhou, lin)
    assert not Referral.objects.exists()
    assert not Event.objects.filter(name__startswith="referral.").exists()


def test_who_agrees_no_more_is_not_thanked() -> None:
    with clock.fixed(at(1)):
        lin, hao, zhou, sun = (somebody(number) for number in range(1, 5))
        a_plan("referral")
        for new, by in ((zhou, lin), (sun, hao)):
            bought(new, 1)
            note(new, by)
        withdraw_consent(lin.pk, purpose="occasions", proof="来电", actor=staff())
    nights(2)
    assert [message.person for message in CareMessage.objects.all()] == [hao]


def test_an_order_that_is_imported_days_later_is_thanked_for_once() -> None:
    with clock.fixed(at(1)):
        lin, zhou = somebody(1), somebody(2)
        give_consent(lin.pk, purpose="occasions", proof="聊天", actor=staff())
        a_plan("referral")
        note(zhou, lin)
    nights(2, 3, 4, 5)
    assert state() == "none"
    with clock.fixed(at(5)):
        bought(zhou, 3)
    nights(6, 7)
    assert state() == "planned"


def test_what_happened_while_the_plan_rested_is_passed_over() -> None:
    with clock.fixed(at(1)):
        lin, zhou = somebody(1), somebody(2)
        give_consent(lin.pk, purpose="occasions", proof="聊天", actor=staff())
        plan = a_plan("referral", active=False)
        bought(zhou, 1)
        note(zhou, lin)
    nights(2, 3)
    CarePlan.objects.filter(pk=plan.pk).update(active=True)
    nights(4, 5)
    assert state() == "none"


def test_written_down_again_after_a_mistake_is_not_thanked_for_twice(drain: Callable[[], int]) -> None:
    with clock.fixed(at(1)):
        lin, zhou = somebody(1), somebody(2)
        give_consent(lin.pk, purpose="occasions", proof="聊天", actor=staff())
        a_plan("referral")
        bought(zhou, 1)
        note(zhou, lin)
    nights(2)
    with clock.fixed(at(2, 10)):
        drain()
        take_back_referral(zhou.pk, actor=staff())
        note(zhou, lin)
    nights(3)
    assert state() == "sent"
    assert CareMessage.objects.count() == 1


def test_what_was_taken_back_is_not_thanked_for(drain: Callable[[], int]) -> None:
    with clock.fixed(at(1)):
        lin, zhou = somebody(1), somebody(2)
        give_consent(lin.pk, purpose="occasions", proof="聊天", actor=staff())
        a_plan("referral")
        Order.objects.filter(pk=an_order(person=zhou).pk).update(placed_at=at(1))
        note(zhou, lin)
    with clock.fixed(at(1, 15)):
        every_night(clock.now())
    assert state() == "planned"
    for _twice in range(2):
        take_back_referral(zhou.pk, actor=staff())
    with clock.fixed(at(2, 10)):
        drain()
    assert (state(), CareMessage.objects.get().why) == ("stopped", "referral")
    told = Event.objects.filter(name__startswith="referral.").order_by("id").values_list("name", flat=True)
    assert list(told) == ["referral.noted", "referral.taken_back"]
    assert "source" not in Event.objects.get(name="referral.noted").data, "where it was said goes with the row"


def test_once_for_each_new_customer_and_the_same_again_changes_nothing() -> None:
    lin, zhou, other = somebody(1), somebody(2), somebody(3)
    assert note(zhou, lin) == note(zhou, lin)
    with pytest.raises(ReferralKnown):
        note(zhou, lin, source="电话")
    with pytest.raises(ReferralKnown):
        note(zhou, other)
    assert note_referral(other.pk, by_ref=f" {lin.ref.lower()} ", how="code", source="信", actor=staff()).by == lin
    with pytest.raises(NobodyOfThatNumber):
        note_referral(lin.pk, by_ref="P-000000000", how="word", source="信", actor=staff())
    with pytest.raises(NotPermitted):
        note(somebody(4), lin, actor=staff("auditor"))


def test_nobody_recommends_themselves_or_in_a_circle() -> None:
    one, two, three = somebody(1), somebody(2), somebody(3)
    again = a_person("又一个我", "+8613900000009", "c1@shop.example")
    for twin in (one, again):
        with pytest.raises(ReferralByThemselves):
            note(one, twin)
    note(two, one)
    note(three, two)
    with pytest.raises(ReferralInCircle):
        note(one, three)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("known", "at_once"),
    [
        ([], [(1, 2), (2, 1)]),
        ([(2, 1), (4, 3)], [(1, 4), (3, 2)]),
        ([(2, 1), (3, 2), (5, 4), (6, 5)], [(1, 6), (4, 3)]),
    ],
    ids=["two people", "four people", "six people"],
)
def test_two_that_would_close_a_circle_at_once_are_written_down_one_way_only(
    monkeypatch: pytest.MonkeyPatch, known: list[tuple[int, int]], at_once: list[tuple[int, int]]
) -> None:
    people = {number: somebody(number) for number in range(1, 7)}
    for new, by in known:
        note(people[new], people[by])
    actor = staff()
    both, refused = threading.Barrier(2), list[str]()

    def slowly(*text: Any, **how: Any) -> str:
        """After everything was looked at: both come here, unless the locks let the second in only when the first is done."""
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(1)
        return kept_text(*text, **how)

    def attempt(person: Person, by: Person) -> None:
        try:
            note(person, by, actor=actor)
        except ReferralInCircle as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    monkeypatch.setattr(referrals, "kept_text", slowly)
    threads = [threading.Thread(target=attempt, args=(people[new], people[by])) for new, by in at_once]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["referral_circle"]
    assert Referral.objects.count() == len(known) + 1


def test_it_is_written_down_on_the_customers_page_and_listed_in_the_office() -> None:
    lin, zhou = somebody(1), somebody(2)
    client = Client(headers={"accept-language": "en"})
    client.force_login(member("lead"))
    typed = {"by_ref": lin.ref, "how": "code", "source": "chat"}
    assert client.post(f"/desk/people/{zhou.ref}/referral/", typed).status_code == 302
    page = client.get(f"/desk/people/{zhou.ref}/").content.decode()
    assert f"/desk/people/{lin.ref}/" in page
    assert f"/desk/people/{zhou.ref}/referral/" not in page
    assert "recommended us to 1 customer" in client.get(f"/desk/people/{lin.ref}/").content.decode()
    listed = client.get("/office/customers/referral/").content.decode()
    assert lin.ref in listed
    assert zhou.ref in listed
    assert client.post(f"/desk/people/{zhou.ref}/referral-deletion/").status_code == 302
    assert not Referral.objects.exists()
