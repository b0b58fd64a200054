"""What the archive tells the rules, and that a verdict can be told again when the rules have changed."""

from __future__ import annotations

import datetime as dt

import pytest

from aftersales.kernel import clock
from customers.actions.promises import make_promise
from customers.models import Promise
from customers.policy import DAYS, GIVEN, MOST_DAYS, PAYER, PAYERS, TERMS
from returns import gather, receipt
from returns.models import KeptPack, Verdict
from returns.models.timeline import pack_by_hash
from returns.rules.explain import explain
from returns.rules.facts import vocabulary
from returns.rules.label import labelled
from returns.rules.pack import load_pack, read_pack
from tests.world import a_return, an_order, staff

pytestmark = pytest.mark.django_db


def outcome(order: object, at: dt.datetime) -> dict[str, object]:
    line = order.lines.get()  # type: ignore[attr-defined]
    ask = gather.Ask(line, 1, "preference", "return_refund")
    facts = gather.facts_for(ask, order=order, asks=[ask], at=at)  # type: ignore[arg-type]
    return load_pack("cn").decide(facts).as_dict()


def signed(order: object, local: str) -> None:
    """Signed for at that moment in Shanghai."""
    instant = dt.datetime.fromisoformat(local).replace(tzinfo=clock.shop_zone())
    order.shipments.update(signed_at=instant)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("signed_at", "asked_at", "due"),
    [
        ("2026-11-10T09:00", "2026-11-10T23:00", True),  # the day itself
        ("2026-11-10T09:00", "2026-11-17T23:59", True),  # day 7, a Tuesday, until 24:00
        ("2026-11-10T23:59", "2026-11-17T23:59", True),  # the hour of signing plays no part
        ("2026-11-10T09:00", "2026-11-18T00:00", False),  # day 8 begins at midnight in Shanghai
        ("2026-11-14T09:00", "2026-11-23T23:59", True),  # day 7 is Saturday 21: the period ends with Monday 23
        ("2026-11-14T09:00", "2026-11-24T00:00", False),
        ("2026-02-08T09:00", "2026-02-24T10:00", True),  # day 7 falls into the Spring Festival: it ends with it
        ("2026-02-08T09:00", "2026-02-25T00:00", False),
        ("2026-09-26T09:00", "2026-10-08T23:00", True),  # National Day: day 7 is 3 October
        ("2026-12-31T23:59", "2027-01-07T23:59", True),  # over the turn of the year
        ("2026-11-15T09:00", "2026-11-23T23:59", True),  # day 7 is Sunday 22: the courts name it
        ("2026-11-15T09:00", "2026-11-24T00:00", False),
        ("2026-11-13T09:00", "2026-11-20T23:59", True),  # day 7 is Friday 20: a weekend after it plays no part
        ("2026-11-13T09:00", "2026-11-21T00:00", False),
        ("2026-09-13T09:00", "2026-09-20T23:59", True),  # day 7 is Sunday 20, worked to make up for National Day
        ("2026-09-13T09:00", "2026-09-21T00:00", False),
    ],
)
def test_the_no_reason_window_at_its_edges(signed_at: str, asked_at: str, due: bool) -> None:
    order = an_order()
    signed(order, signed_at)
    at = dt.datetime.fromisoformat(asked_at).replace(tzinfo=clock.shop_zone())
    order = type(order).objects.preloaded().get(pk=order.pk)
    assert outcome(order, at)["requested_due"] is due


def test_midnight_is_that_of_the_place_of_receipt_and_not_of_the_server() -> None:
    """Day 7 ends at 16:00 UTC: a request at 15:59 UTC is in time, one a minute later is not."""
    order = an_order()
    signed(order, "2026-11-10T00:30")  # still the 9th in UTC
    order = type(order).objects.preloaded().get(pk=order.pk)
    for minute, due in (("2026-11-17T15:59", True), ("2026-11-17T16:00", False)):
        at = dt.datetime.fromisoformat(minute).replace(tzinfo=dt.UTC)
        assert outcome(order, at)["requested_due"] is due


def test_a_parcel_in_a_locker_is_not_signed_for() -> None:
    """The right runs from having the goods: days in a locker take nothing from it, the day of collecting is day 0."""
    order = an_order(status="shipped")
    orders = type(order).objects
    orders.filter(pk=order.pk).update(delivered_at=None)
    order.shipments.update(signed_at=None, status="at_station")
    waiting = orders.preloaded().get(pk=order.pk)
    assert receipt.received_at(waiting) is None
    assert outcome(waiting, clock.now() + dt.timedelta(days=8))["requested_due"] is True
    orders.filter(pk=order.pk).update(status="delivered")
    signed(order, "2026-11-18T20:00")
    collected = orders.preloaded().get(pk=order.pk)
    for asked_at, due in (("2026-11-25T23:59", True), ("2026-11-26T00:00", False)):
        at = dt.datetime.fromisoformat(asked_at).replace(tzinfo=clock.shop_zone())
        assert outcome(collected, at)["requested_due"] is due


def test_a_better_promise_reaches_the_verdict_and_a_broken_one_does_not() -> None:
    order = an_order(days_ago=12)
    now = clock.now()
    promise = Promise.objects.create(
        person=order.person, order=order, text="三十天无理由，退货包运费", made_at=now,
        terms={"promised_days": 30, "promised_return": True, "reason": "counterfeit", "nonsense": 1},
    )  # fmt: skip
    told = outcome(order, now)
    assert (told["requested_due"], told["return_leg_payer"]) == (True, "shop")
    promise.broken_at = now
    promise.save(update_fields=["broken_at"])
    assert outcome(type(order).objects.get(pk=order.pk), now)["requested_due"] is False


def test_the_terms_of_a_promise_are_the_rules_own_words() -> None:
    assert set(TERMS) == gather._PROMISED
    known = vocabulary()
    kinds = {"int": DAYS, "bool": GIVEN, "enum": PAYER}
    assert {name: kinds[known[name].kind] for name in TERMS} == TERMS
    assert known["promised_days"].hi == MOST_DAYS
    for name, said in TERMS.items():
        if said == PAYER:
            assert set(known[name].values) == {"none", *PAYERS}


def test_of_two_promises_the_better_one_counts() -> None:
    order = an_order(days_ago=20)
    for days in (30, 15):
        make_promise(order.person_id, text="无理由", order_id=order.pk, terms={"promised_days": days}, actor=staff())
    assert outcome(order, clock.now())["requested_due"] is True


def test_of_two_agreements_the_later_one_counts() -> None:
    order = an_order()
    for payer in ("shop", "buyer", "split"):
        make_promise(order.person_id, text="运费", order_id=order.pk, terms={"agreed_return": payer}, actor=staff())
    assert outcome(order, clock.now())["return_leg_payer"] == "split"


def test_the_rules_that_decided_are_kept_and_tell_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ret = a_return(an_order())
    verdict = Verdict.objects.get(line__of=ret)
    assert verdict.version is not None
    assert verdict.version.sha256 == verdict.pack_sha256
    before = {
        (locale, who): explain(verdict.outcome, locale, who) for locale in ("zh", "en") for who in ("customer", "staff")
    }
    rebuilt = pack_by_hash(verdict.pack_sha256)
    assert rebuilt is not None
    assert rebuilt is not load_pack("cn")
    after = {key: explain(verdict.outcome, *key, pack=rebuilt) for key in before}
    assert after == before


def test_a_pack_that_is_kept_later_is_found_then() -> None:
    old = read_pack(labelled(load_pack("cn").files, "2025.9"))
    assert pack_by_hash(old.sha256) is None
    KeptPack.objects.create(
        sha256=old.sha256, name=old.name, version=old.version, files=dict(old.files), kept_at=clock.now()
    )
    found = pack_by_hash(old.sha256)
    assert found is not None
    assert found.version == "2025.9"


def test_without_versions_the_shipped_rules_decide_and_are_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("returns.actions.verdicts.version_at", lambda _set, _at: None)
    a_return(an_order())
    a_return(an_order())
    assert set(Verdict.objects.filter(version=None).values_list("pack_sha256", flat=True)) == {load_pack("cn").sha256}
    assert KeptPack.objects.get().sha256 == load_pack("cn").sha256
