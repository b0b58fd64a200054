"""What the carrier answers to a claim: entered once, kept, and asked again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.models import Event
from returns import policy
from returns.actions.claims import ClaimAnswered, answer_claim, ask_carrier_again
from returns.actions.verdicts import decide_as_told
from returns.models import CarrierClaim
from tests.returns.test_mixed import asked, the_order
from tests.returns.test_races import FIFTY, at_once
from tests.world import customer, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> CarrierClaim:
    order, ids = the_order("A 100, B 60")
    return CarrierClaim.objects.get(of=asked(order, ids, "A carrier_damage"))


def told(claim: CarrierClaim) -> list[str]:
    return list(
        Event.objects.filter(name__startswith="claim.", subject_id=claim.of_id)
        .order_by("pk")
        .values_list("name", flat=True)
    )


def test_what_the_carrier_pays_is_kept_with_who_entered_it(claim: CarrierClaim) -> None:
    with clock.fixed(now := clock.now() + dt.timedelta(days=2)):
        answer_claim(claim.pk, paid_minor=6_000, answer=" 按保价 赔付 ", actor=staff("agent"))
    claim.refresh_from_db()
    assert (claim.status, claim.paid_minor, claim.answer) == ("paid", 6_000, "按保价 赔付")
    assert (claim.answered_at, claim.answered_by_id) == (now, staff("agent").id)
    event = Event.objects.get(name="claim.paid", subject_id=claim.of_id)
    assert (event.data["amount"], event.data["carrier"]) == ("¥60.00", claim.carrier)


def test_a_refusal_needs_the_carriers_words(claim: CarrierClaim) -> None:
    with pytest.raises(BadInput) as no:
        answer_claim(claim.pk, paid_minor=0, answer="  ", actor=staff("agent"))
    assert no.value.field == "answer"
    answer_claim(claim.pk, paid_minor=0, answer="外包装完好", actor=staff("agent"))
    claim.refresh_from_db()
    assert (claim.status, claim.paid_minor, claim.answer) == ("refused", 0, "外包装完好")
    assert told(claim) == ["claim.opened", "claim.refused"]


@pytest.mark.parametrize("paid", [-1, 100_001])
def test_no_carrier_takes_money_or_pays_ten_times_the_claim(claim: CarrierClaim, paid: int) -> None:
    with pytest.raises(BadInput, match=r"¥100\.00"):
        answer_claim(claim.pk, paid_minor=paid, actor=staff("agent"))
    with pytest.raises(IntegrityError), transaction.atomic():
        CarrierClaim.objects.filter(pk=claim.pk).update(paid_minor=-1)


def test_the_same_answer_twice_is_one_and_another_is_refused(claim: CarrierClaim) -> None:
    for _ in range(2):
        answer_claim(claim.pk, paid_minor=10_000, actor=staff("agent"))
    with pytest.raises(ClaimAnswered):
        answer_claim(claim.pk, paid_minor=0, answer="不赔", actor=staff("agent"))
    assert told(claim) == ["claim.opened", "claim.paid"]


def test_who_is_asked_again_has_seven_days_and_the_history_keeps_the_first_answer(claim: CarrierClaim) -> None:
    answer_claim(claim.pk, paid_minor=0, answer="外包装完好", actor=staff("agent"))
    with clock.fixed(now := clock.now() + dt.timedelta(days=9)):
        for _ in range(2):
            ask_carrier_again(claim.pk, actor=staff("agent"))
    claim.refresh_from_db()
    assert (claim.status, claim.due_at) == ("open", now + policy.CARRIER_ANSWERS)
    assert (claim.paid_minor, claim.answer, claim.answered_at, claim.answered_by_id) == (None, "", None, None)
    answer_claim(claim.pk, paid_minor=10_000, actor=staff("agent"))
    assert told(claim) == ["claim.opened", "claim.refused", "claim.reopened", "claim.paid"]
    assert Event.objects.get(name="claim.refused", subject_id=claim.of_id).data["why"] == "外包装完好"


def test_a_verdict_after_the_answer_opens_no_second_claim(claim: CarrierClaim) -> None:
    answer_claim(claim.pk, paid_minor=10_000, actor=staff("agent"))
    decide_as_told(claim.of, actor=staff(), at=clock.now())
    assert CarrierClaim.objects.filter(of=claim.of).count() == 1


def test_customers_and_the_warehouse_answer_for_no_carrier(claim: CarrierClaim) -> None:
    for actor in (customer(claim.of.order), staff("warehouse"), staff("auditor")):
        with pytest.raises(NotPermitted):
            answer_claim(claim.pk, paid_minor=1, actor=actor)
        with pytest.raises(NotPermitted):
            ask_carrier_again(claim.pk, actor=actor)
    with pytest.raises(NotFound):
        answer_claim(0, paid_minor=1, actor=staff("agent"))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_fifty_answers_at_the_same_moment_one_stands(claim: CarrierClaim) -> None:
    amounts, agent = iter(range(1_000, 1_000 + FIFTY)), staff("agent")
    came_to = at_once(lambda: answer_claim(claim.pk, paid_minor=next(amounts), actor=agent))
    assert came_to == {"done": 1, "ClaimAnswered": FIFTY - 1}
    assert told(claim) == ["claim.opened", "claim.paid"]
