"""Refused goods go back to the customer: owed when the refusal is final, sent once, and kept when they cannot be delivered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotPermitted
from aftersales.ledger.models import Event
from aftersales.ledger.subject import subject_of
from aftersales.notices.models import Notice
from returns.actions.handback import (
    NothingToHandBack,
    NotSentYet,
    StillKept,
    give_up_handback,
    handback_came_back,
    handback_delivered,
    send_handback,
)
from returns.actions.refusals import make_final
from returns.actions.shipping import NumberTaken
from returns.models import FreightEntry, Return
from tests.returns.test_partial_refusal import in_part, paid
from tests.returns.test_return_road import happened, inspected, pending, sent_back
from tests.world import an_order, customer, staff
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def owed() -> Return:
    """All that came was refused and is to go back; the customer has accepted that."""
    ret = inspected(sent_back(an_order()), accepted=0, refused=1)
    make_final(ret.pk, actor=staff())
    ret.refresh_from_db()
    return ret


def sent(ret: Return | None = None, number: str = "SF8888888888888") -> Return:
    ret = ret or owed()
    send_handback(ret.pk, carrier="SF", number=number, payer="buyer", actor=staff("warehouse"))
    ret.refresh_from_db()
    return ret


def test_it_is_owed_when_the_time_to_object_is_over(drain: Callable[[], int]) -> None:
    ret = inspected(sent_back(an_order()), accepted=0, refused=1)
    with pytest.raises(NothingToHandBack):
        send_handback(ret.pk, carrier="SF", number="SF8888888888888", payer="shop", actor=staff("warehouse"))
    later = clock.now() + 7 * DAY + dt.timedelta(minutes=1)
    with clock.fixed(later):
        drain()
    ret.refresh_from_db()
    assert (ret.status, ret.handback.due_at) == ("return_refused", later + 2 * DAY)
    ticket = Ticket.objects.get(pk=ret.ticket_id)
    assert (ticket.status, ticket.waiting_on, ticket.due_at) == ("waiting", "warehouse", ret.handback.due_at)
    assert pending(ret) == {"return.T16"}


def test_a_final_refusal_a_second_time_changes_nothing() -> None:
    ret = owed()
    before = happened(ret)
    make_final(ret.pk, actor=staff())
    assert happened(ret) == before


def test_it_is_sent_once_and_the_customer_is_told(drain: Callable[[], int]) -> None:
    ret = sent()
    sent(ret)
    assert (ret.handback.number, ret.handback.payer) == ("SF8888888888888", "buyer")
    assert happened(ret).count("handback.sent") == 1
    assert pending(ret) == {"return.T17"}
    assert FreightEntry.objects.get(of=ret, leg="handback").payer == "buyer"
    drain()
    assert Notice.objects.filter(template="handback.sent", channel="email").count() == 1


def test_nobody_sends_it_in_time_and_a_lead_hears_of_it(drain: Callable[[], int]) -> None:
    ret = owed()
    with clock.fixed(clock.now() + 2 * DAY + dt.timedelta(minutes=1)):
        drain()
    event = Event.objects.get(name="return.escalated", **subject_of(ret))
    assert event.data["about"] == "T16"
    assert Ticket.objects.get(pk=ret.ticket_id).priority == Ticket.Priority.URGENT


def test_delivered_closes_the_return_once() -> None:
    ret = sent()
    handback_delivered(ret.pk, actor=staff())
    handback_delivered(ret.pk, actor=staff())
    ret.refresh_from_db()
    assert (ret.status, ret.handback.outcome, pending(ret)) == ("closed", "delivered", set())
    assert happened(ret).count("handback.delivered") == 1


def test_no_news_for_fifteen_days_is_arrival(drain: Callable[[], int]) -> None:
    ret = sent()
    with clock.fixed(clock.now() + 15 * DAY + dt.timedelta(minutes=1)):
        drain()
    ret.refresh_from_db()
    assert (ret.status, ret.handback.outcome) == ("closed", "delivered")


def test_what_comes_back_is_kept_thirty_days_and_may_be_sent_again(drain: Callable[[], int]) -> None:
    ret = sent()
    now = clock.now()
    with clock.fixed(now):
        handback_came_back(ret.pk, actor=staff("warehouse"))
        handback_came_back(ret.pk, actor=staff("warehouse"))
    ret.refresh_from_db()
    assert ret.handback.keep_until == now + 30 * DAY
    assert pending(ret) == {"return.T18"}
    assert happened(ret).count("handback.came_back") == 1
    drain()
    assert {"email", "sms"} <= set(
        Notice.objects.filter(template="handback.came_back").values_list("channel", flat=True)
    )
    with pytest.raises(NotSentYet):
        handback_delivered(ret.pk, actor=staff())
    sent(ret, number="SF9999999999999")
    assert (ret.handback.number, ret.handback.came_back_at, pending(ret)) == ("SF9999999999999", None, {"return.T17"})


def test_only_after_the_time_a_lead_ends_it(drain: Callable[[], int]) -> None:
    ret = sent()
    handback_came_back(ret.pk, actor=staff("warehouse"))
    with pytest.raises(StillKept):
        give_up_handback(ret.pk, actor=staff("lead"))
    with clock.fixed(clock.now() + 31 * DAY):
        drain()
        assert Event.objects.get(name="return.escalated", **subject_of(ret)).data["about"] == "T18"
        with pytest.raises(NotPermitted):
            give_up_handback(ret.pk, actor=staff())
        give_up_handback(ret.pk, actor=staff("lead"))
        give_up_handback(ret.pk, actor=staff("lead"))
    ret.refresh_from_db()
    assert (ret.status, ret.handback.outcome) == ("closed", "unclaimed")
    assert happened(ret).count("handback.unclaimed") == 1


def test_a_part_goes_back_after_the_rest_is_paid_and_before_it(drain: Callable[[], int]) -> None:
    ret = in_part()
    make_final(ret.pk, actor=staff())
    sent(ret)
    handback_delivered(ret.pk, actor=staff())
    ret.refresh_from_db()
    assert ret.status == "refund_due"  # the money is still owed
    paid(ret)
    assert ret.status == "closed"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"number": "abc"}, "number"),
        ({"carrier": " "}, "carrier"),
        ({"payer": "carrier"}, "payer"),
        ({"payer": ""}, "payer"),
    ],
)
def test_what_is_missing_is_named(fields: dict[str, str], field: str) -> None:
    ret = owed()
    given = {"carrier": "SF", "number": "SF8888888888888", "payer": "shop", **fields}
    with pytest.raises(BadInput) as refusal:
        send_handback(
            ret.pk, carrier=given["carrier"], number=given["number"], payer=given["payer"], actor=staff("warehouse")
        )
    assert refusal.value.field == field
    ret.refresh_from_db()
    assert ret.handback.sent_at is None


def test_one_tracking_number_is_one_parcel() -> None:
    sent()
    with pytest.raises(NumberTaken):
        sent(owed())


def test_customers_and_agents_do_not_send_it() -> None:
    ret = owed()
    for actor in (customer(ret.order), staff("agent"), staff("auditor")):
        with pytest.raises(NotPermitted):
            send_handback(ret.pk, carrier="SF", number="SF8888888888888", payer="shop", actor=actor)
