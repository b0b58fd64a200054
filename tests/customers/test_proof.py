"""Proving an order without an account: what opens it, what does not, that nobody can tell why, and how often one may try."""

from __future__ import annotations

import datetime as dt
import re
import statistics
import threading
import time

import pytest
from django.db import connection

from aftersales.kernel import clock
from aftersales.kernel.actor import ANONYMOUS, SYSTEM, Actor
from aftersales.kernel.errors import NotFound, NotPermitted, TooMany
from aftersales.ledger.models import Event, Outbound
from customers.actions.proof import (
    NotProven,
    check_claim,
    check_code,
    give_claim_codes,
    make_link,
    request_code,
    use_link,
)
from customers.actions.proof.claims import fresh_code
from customers.actions.proof.limits import ALL_TOGETHER, PER_SOURCE, OnlyLinks, source_key
from customers.models import ContactPoint, Order, ProofAttempt, ProofCode, ShopLink
from tests.world import a_person, an_order, staff

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)


def visitor(source: str = "203.0.113.7", locale: str = "zh-hans") -> Actor:
    return Actor(kind="anonymous", locale=locale, source=source)


def code_for(order: Order) -> str:
    return dict(give_claim_codes([order.number], platform=order.platform, actor=SYSTEM))[order.number]


def sent_code() -> str:
    """The six digits that are on their way to the customer."""
    found = re.search(r"\b\d{6}\b", str(Outbound.objects.latest("pk").payload))
    assert found
    return found[0]


# --- The card in the parcel ---


def test_number_and_claim_code_open_the_order() -> None:
    order = an_order()
    code = code_for(order)
    assert check_claim(order.number, code, actor=visitor()) == order
    event = Event.objects.get(name="order.proven")
    assert (event.subject, event.data) == (order, {"how": "claim"})
    assert code not in str(Order.objects.filter(pk=order.pk).values())


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        lambda c: c.replace("-", ""),
        lambda c: f" {c[:2]} {c[2:]} ",
        lambda c: c.replace("0", "O").replace("1", "l"),
    ],
)
def test_the_code_is_forgiven_what_people_do_to_it(change: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("customers.actions.proof.claims.fresh_code", lambda: "70K1-QX90")
    order = an_order()
    code_for(order)
    assert check_claim(f" {order.number} ", change("70K1-QX90"), actor=visitor()) == order  # type: ignore[operator]


def test_a_code_of_another_order_opens_nothing() -> None:
    mine, other = an_order(), an_order(person=a_person("王五", "+8613800000002", "wang@example.org"))
    code = code_for(other)
    code_for(mine)
    with pytest.raises(NotProven):
        check_claim(mine.number, code, actor=visitor())


def test_an_order_without_a_code_is_opened_by_no_code() -> None:
    order = an_order()
    for text in ("", "0000-0000"):
        with pytest.raises(NotProven):
            check_claim(order.number, text, actor=visitor())


def test_wrong_order_and_wrong_code_read_the_same() -> None:
    order = an_order()
    code = code_for(order)
    answers = []
    for number, typed in ((order.number, fresh_code()), ("20269999", code), ("", "")):
        with pytest.raises(NotProven) as told:
            check_claim(number, typed, actor=visitor())
        answers.append((str(told.value), told.value.code, told.value.status, told.value.params, told.value.field))
    assert len(set(map(str, answers))) == 1


# --- The code to the contact on file ---


@pytest.mark.parametrize("contact", ["13800000001", "+86 138 0000 0001", "Lin.Mei@example.ORG "])
def test_a_code_sent_to_the_contact_on_file_opens_the_order(contact: str) -> None:
    order = an_order()
    request_code(order.number, contact, actor=visitor())
    assert check_code(order.number, sent_code(), actor=visitor()) == order
    assert ContactPoint.objects.exclude(verified_at=None).count() == 1
    assert ProofCode.objects.get().used_at is not None


def test_nothing_is_sent_to_a_contact_that_is_not_on_file_and_nothing_is_said() -> None:
    order = an_order()
    stranger = a_person("王五", "+8613800000002", "wang@example.org")
    for contact in ("13800000002", "wang@example.org", "somebody@example.com", "no contact at all", ""):
        assert request_code(order.number, contact, actor=visitor()) is None  # type: ignore[func-returns-value]
    assert request_code("20269999", "13800000001", actor=visitor()) is None  # type: ignore[func-returns-value]
    assert not Outbound.objects.exists()
    assert not ProofCode.objects.exists()
    assert stranger.contact_points.count() == 2


def test_a_code_is_good_once() -> None:
    order = an_order()
    request_code(order.number, "13800000001", actor=visitor())
    code = sent_code()
    check_code(order.number, code, actor=visitor())
    with pytest.raises(NotProven):
        check_code(order.number, code, actor=visitor())


def test_a_code_is_good_for_ten_minutes() -> None:
    order = an_order()
    with clock.fixed(NOON):
        request_code(order.number, "13800000001", actor=visitor())
    code = sent_code()
    with clock.fixed(NOON + dt.timedelta(minutes=10, seconds=1)), pytest.raises(NotProven):
        check_code(order.number, code, actor=visitor())
    with clock.fixed(NOON + dt.timedelta(minutes=9, seconds=59)):
        assert check_code(order.number, code, actor=visitor()) == order


def test_a_new_code_cancels_the_old_one() -> None:
    order = an_order()
    request_code(order.number, "13800000001", actor=visitor())
    old = sent_code()
    request_code(order.number, "lin.mei@example.org", actor=visitor())
    assert old != sent_code() or ProofCode.objects.filter(expires_at__gt=clock.now()).count() == 1
    with pytest.raises(NotProven):
        check_code(order.number, "x" + old, actor=visitor())
    assert ProofCode.objects.filter(expires_at__gt=clock.now()).count() == 1
    assert check_code(order.number, sent_code(), actor=visitor()) == order


def test_after_five_tries_the_right_code_is_worth_nothing() -> None:
    order = an_order()
    request_code(order.number, "13800000001", actor=visitor())
    code = sent_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(4):
        with pytest.raises(NotProven):
            check_code(order.number, wrong, actor=visitor())
    ProofCode.objects.update(tries=5)
    with pytest.raises(NotProven):
        check_code(order.number, code, actor=visitor())
    ProofCode.objects.update(tries=4)
    ProofAttempt.objects.all().delete()
    assert check_code(order.number, code, actor=visitor()) == order


def test_the_code_is_kept_only_as_a_hash_and_written_in_the_language_of_the_visitor() -> None:
    order = an_order()
    request_code(order.number, "lin.mei@example.org", actor=visitor(locale="en"))
    kept = ProofCode.objects.get()
    assert sent_code() not in kept.code_hash
    assert sent_code() not in str(list(Event.objects.values()))
    assert kept.contact_point.value not in str(list(Event.objects.values()))


# --- A link from the shop ---


def test_a_link_opens_its_order_once() -> None:
    order = an_order()
    token = make_link(order.pk, actor=staff())
    assert len(token) >= 43
    assert token not in str(list(ShopLink.objects.values()))
    assert use_link(token, actor=visitor()) == order
    with pytest.raises(NotProven):
        use_link(token, actor=visitor())


def test_a_link_is_good_for_ten_minutes_and_only_as_it_is() -> None:
    order = an_order()
    with clock.fixed(NOON):
        token = make_link(order.pk, actor=staff())
        with pytest.raises(NotProven):
            use_link(token[:-1] + ("a" if token[-1] != "a" else "b"), actor=visitor())
    with clock.fixed(NOON + dt.timedelta(minutes=11)), pytest.raises(NotProven):
        use_link(token, actor=visitor())
    with clock.fixed(NOON + dt.timedelta(minutes=9)):
        assert use_link(token, actor=visitor()) == order


def test_only_agents_make_links() -> None:
    order = an_order()
    with pytest.raises(NotPermitted):
        make_link(order.pk, actor=staff("warehouse"))
    with pytest.raises(NotFound):
        make_link(order.pk, actor=ANONYMOUS)


# --- How often ---


def test_ten_wrong_tries_from_one_place_are_the_most_whatever_orders_they_name() -> None:
    with clock.fixed(NOON):
        for number in range(PER_SOURCE.most):
            with pytest.raises(NotProven):
                check_claim(f"2026{number}", "0000-0000", actor=visitor())
        with pytest.raises(TooMany) as told:
            check_claim("20261000", "0000-0000", actor=visitor())
        assert told.value.retry_after == 600
        with pytest.raises(NotProven):
            check_claim("20261000", "0000-0000", actor=visitor("203.0.113.8"))
    with clock.fixed(NOON + dt.timedelta(minutes=10, seconds=1)), pytest.raises(NotProven):
        check_claim("20261000", "0000-0000", actor=visitor())


def test_five_wrong_tries_an_hour_at_one_order_from_anywhere_known_or_not() -> None:
    order = an_order()
    code = code_for(order)
    for number in (order.number, "20269999"):
        with clock.fixed(NOON):
            for place in range(5):
                with pytest.raises(NotProven):
                    (check_claim if place % 2 else check_code)(number, "0", actor=visitor(f"203.0.113.{place}"))
            with pytest.raises(TooMany) as told:
                check_claim(number, code, actor=visitor("203.0.113.99"))
            assert told.value.retry_after == 3600
    with clock.fixed(NOON + dt.timedelta(hours=1, seconds=1)):
        assert check_claim(order.number, code, actor=visitor()) == order


def test_good_proofs_do_not_count_against_anybody() -> None:
    person = a_person()
    with clock.fixed(NOON):
        for _ in range(PER_SOURCE.most + 5):
            order = an_order(person=person)
            assert check_claim(order.number, code_for(order), actor=visitor()) == order


def test_refused_tries_do_not_prolong_the_wait() -> None:
    with clock.fixed(NOON):
        for number in range(PER_SOURCE.most):
            with pytest.raises(NotProven):
                check_claim(f"2026{number}", "0", actor=visitor())
    for minutes in (3, 6, 9):
        with clock.fixed(NOON + dt.timedelta(minutes=minutes)), pytest.raises(TooMany):
            check_claim("20261000", "0", actor=visitor())
    assert ProofAttempt.objects.count() == PER_SOURCE.most


def test_three_codes_an_hour_to_one_contact_on_file_or_not() -> None:
    order = an_order()
    for contact in ("lin.mei@example.org", "nobody@example.org"):
        for place in range(3):
            with clock.fixed(NOON + dt.timedelta(seconds=place)):
                request_code(order.number, contact, actor=visitor(f"198.51.100.{place}"))
        with clock.fixed(NOON + dt.timedelta(minutes=1)), pytest.raises(TooMany):
            request_code(order.number, contact, actor=visitor("198.51.100.9"))
    assert Outbound.objects.count() == 3


def test_many_wrong_tries_in_all_leave_only_links_and_one_alarm() -> None:
    order = an_order()
    code = code_for(order)
    with clock.fixed(NOON):
        ProofAttempt.objects.bulk_create(
            [
                ProofAttempt(target_sha256=f"{n:064d}", source=f"s{n}", kind="claim", at=NOON)
                for n in range(ALL_TOGETHER.most)
            ]
        )
        for _ in range(3):
            with pytest.raises(OnlyLinks):
                check_claim(order.number, code, actor=visitor())
        token = make_link(order.pk, actor=staff())
        assert use_link(token, actor=visitor()) == order
    assert Event.objects.filter(name="proof.flooded").count() == 1


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("not an address", "not an address"),
    ],
)
def test_a_source_is_an_address_or_the_network_one_customer_is_given(source: str, key: str) -> None:
    assert source_key(source) == key


# --- At the same moment, and in the same time ---


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_fifty_tries_at_once_are_counted_as_fifty() -> None:
    order = an_order()
    outcomes: list[str] = []
    start = threading.Barrier(50)

    def attempt(place: int) -> None:
        start.wait()
        try:
            check_claim(order.number, "0000-0000", actor=visitor(f"10.0.{place}.1"))
        except (NotProven, TooMany) as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(place,)) for place in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 50
    assert outcomes.count("not_proven") <= 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_code_used_at_once_by_twenty_opens_once() -> None:
    order = an_order()
    request_code(order.number, "13800000001", actor=visitor())
    code, opened = sent_code(), []
    start = threading.Barrier(20)

    def attempt(place: int) -> None:
        start.wait()
        try:
            opened.append(check_code(order.number, code, actor=visitor(f"10.1.{place}.1")))
        except (NotProven, TooMany):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(place,)) for place in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) <= 1
    assert Event.objects.filter(name="order.proven").count() == len(opened)


@pytest.mark.slow
@pytest.mark.parametrize("door", ["claim", "code", "send"])
def test_a_wrong_order_takes_as_long_as_a_wrong_code(door: str, settings: object) -> None:
    """With the real password hash, in processor time: a busy machine would drown the difference. HTTP has its own test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # type: ignore[attr-defined]
    order = an_order()
    code_for(order)
    times: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(16):
        known = turn % 2 == 0
        number = order.number if known else f"{order.number}9"
        began = time.process_time()
        if door == "send":
            request_code(number, "lin.mei@example.org", actor=visitor())
        else:
            with pytest.raises(NotProven):
                (check_claim if door == "claim" else check_code)(number, "0", actor=visitor())
        times[known].append(time.process_time() - began)
        ProofAttempt.objects.all().delete()
    assert abs(statistics.median(times[True]) - statistics.median(times[False])) < 0.05
