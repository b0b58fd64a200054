"""Fifty at the same moment: one effect. On Postgres with real connections, because there the database must settle it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from aftersales.ledger.models import Event, Outbound, Timer
from aftersales.ledger.subject import subject_of
from aftersales.ledger.sweep import sweep
from customers.models import Order, OrderLine, Sku
from returns.actions import submission, units
from returns.actions.decision import approve_return
from returns.actions.ending import withdraw_return
from returns.actions.exchange import ship_replacement
from returns.actions.handback import send_handback
from returns.actions.objections import contest_rejection, settle_contest
from returns.actions.payment import release_refund
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from returns.actions.refusals import make_final
from returns.actions.shipping import enter_tracking
from returns.actions.submission import Item, QuantityUnavailable, submit_draft, submit_return
from returns.models import Contest, Handback, Refund, Return, ReturnDraft
from tests.returns.test_partial_refusal import in_part, objected, paid
from tests.world import a_return, a_shop, a_sku, an_order, customer, staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
FIFTY = 50


def at_once(work: Callable[[], object]) -> Counter[str]:
    """Let fifty threads start together; count what each came to."""
    barrier, outcomes = threading.Barrier(FIFTY), []

    def run() -> None:
        try:
            barrier.wait(30)
            work()
            outcomes.append("done")
        except Exception as failure:
            outcomes.append(type(failure).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(FIFTY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(outcomes)


def beside(work: Callable[[], object], outcomes: list[str]) -> threading.Thread:
    """Let one thread work on a connection of its own; its outcome is added when it ends."""

    def run() -> None:
        try:
            work()
            outcomes.append("done")
        except Exception as failure:
            outcomes.append(type(failure).__name__)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def inspected(ret: Return, order: Order) -> None:
    approve_return(ret.pk, actor=staff())
    enter_tracking(ret.pk, carrier="SF", number=f"SF{order.pk:013d}", actor=customer(order))
    line = ret.lines.get()
    receive_goods(ret.pk, {line.pk: 1}, key="k", actor=staff("warehouse"))
    inspect_goods(ret.pk, [Finding(line.pk, 1, True, "intact", "restock")], actor=staff("warehouse"))


def test_fifty_requests_for_the_last_unit_are_one_return() -> None:
    order = an_order(skus=[(a_sku(), 1)])
    outcomes = at_once(lambda: a_return(order))
    assert outcomes == {"done": 1, QuantityUnavailable.__name__: FIFTY - 1}
    assert Return.objects.count() == 1
    assert OrderLine.objects.get(order=order).claimed_quantity == 1


def test_fifty_replays_of_one_form_are_one_return() -> None:
    from aftersales.kernel import clock

    order = an_order(skus=[(a_sku(), 2)])
    line = order.lines.get()
    draft = ReturnDraft.objects.create(order=order, key="k" * 32, started_at=clock.now(), saved_at=clock.now())
    refs: set[str] = set()

    def submit() -> None:
        ret = submit_draft(
            draft.key, [Item(line.pk, 1, "preference")], kind="return", actor=customer(order), has_proof=False
        )
        refs.add(ret.ref)

    assert at_once(submit) == {"done": FIFTY}
    assert (len(refs), Return.objects.count()) == (1, 1)


def test_fifty_refunds_of_one_case_are_one_payment() -> None:
    shop = a_shop(name="沙箱店", refund_provider="sandbox")
    order = an_order(shop=shop, skus=[(a_sku(), 1)])
    ret = a_return(order)
    inspected(ret, order)
    refund = ret.refunds.get()
    before = cache.get("sandbox:count", 0)
    assert at_once(lambda: release_refund(refund.pk, actor=staff("agent"))) == {"done": FIFTY}
    assert Outbound.objects.filter(channel="refund").count() == 1
    at_once(lambda: sweep("test"))
    sweep("test", budget_seconds=60)
    refund.refresh_from_db()
    order.refresh_from_db()
    assert refund.status == Refund.Status.PAID
    assert order.refunded_minor == 12_800
    assert cache.get("sandbox:count") == before + 1
    assert Event.objects.filter(name="refund.paid", **subject_of(ret)).count() == 1


def test_fifty_approvals_hold_one_unit_of_stock() -> None:
    wanted = a_sku(variant="白 L", on_hand=1)
    order = an_order(skus=[(a_sku(), 1)])
    ret = a_return(order, kind="exchange", reason="wrong_choice.size", wanted=wanted)
    assert at_once(lambda: approve_return(ret.pk, actor=staff())) == {"done": FIFTY}
    assert Sku.objects.get(pk=wanted.pk).reserved == 1
    assert Event.objects.filter(name="return.approved").count() == 1


def test_fifty_clicks_send_one_replacement() -> None:
    wanted = a_sku(variant="白 L")
    order = an_order(skus=[(a_sku(), 1)])
    ret = a_return(order, kind="exchange", reason="wrong_choice.size", wanted=wanted)
    inspected(ret, order)
    warehouse = staff("warehouse")
    send = lambda: ship_replacement(ret.pk, carrier="SF", number="SF5555555555555", actor=warehouse)  # noqa: E731
    assert at_once(send) == {"done": FIFTY}
    assert Sku.objects.get(pk=wanted.pk).on_hand == 9


def test_two_returns_of_one_line_share_its_fen_also_at_the_same_moment() -> None:
    """¥100 for three is 33.34, 33.33, 33.33. Both took the first share, and the third refund was a fen too much."""
    order = an_order(skus=[(a_sku(price=3_333), 3)])
    order.lines.update(paid_minor=10_000)
    Order.objects.filter(pk=order.pk).update(paid_minor=10_000)
    warehouse, outcomes = staff("warehouse"), list[str]()

    def inspect(ret: Return) -> None:
        inspect_goods(ret.pk, [Finding(ret.lines.get().pk, 1, True, "intact", "scrap")], actor=warehouse)

    first, second = a_return(order), a_return(order)
    for ret in (first, second):
        approve_return(ret.pk, actor=staff())
        receive_goods(ret.pk, {ret.lines.get().pk: 1}, key="k", actor=warehouse)
    with transaction.atomic():
        inspect(first)
        other = beside(lambda: inspect(second), outcomes)
        time.sleep(0.5)
    other.join(30)
    assert outcomes == ["done"]
    assert sorted(Refund.objects.values_list("total_minor", flat=True)) == [3_333, 3_334]


def test_a_request_and_a_withdrawal_do_not_lock_crosswise(monkeypatch: pytest.MonkeyPatch) -> None:
    """One took the lines in the order of the form, the other in that of the request: Postgres killed one of them."""

    def slowly(work: Callable[..., None]) -> Callable[..., None]:
        def slow(*given: object, **named: object) -> None:
            work(*given, **named)
            time.sleep(0.3)

        return slow

    order = an_order(skus=[(a_sku(title="衬衫"), 3), (a_sku(title="裤子"), 3)])
    one, two = [Item(line.pk, 1, "preference") for line in order.lines.order_by("id")]
    ret = submit_return(order.pk, [one, two], kind="return", actor=customer(order))
    monkeypatch.setattr(submission, "_hold", slowly(submission._hold))
    monkeypatch.setattr(units, "free_units", slowly(units.free_units))
    outcomes: list[str] = []
    threads = [
        beside(lambda: submit_return(order.pk, [two, one], kind="return", actor=customer(order)), outcomes),
        beside(lambda: withdraw_return(ret.pk, actor=customer(order)), outcomes),
    ]
    for thread in threads:
        thread.join(30)
    assert outcomes == ["done", "done"]


def partly_refused() -> Return:
    """One shirt accepted and paid, one refused; the customer objects."""
    ret = in_part(an_order())
    paid(ret)
    return objected(ret)


def test_fifty_answers_to_one_objection_pay_the_rest_once() -> None:
    ret, lead = partly_refused(), staff("lead")
    settle = lambda: settle_contest(ret.pk, upheld=False, answer="采信", actor=lead)  # noqa: E731
    assert at_once(settle) == {"done": FIFTY}
    more = Refund.objects.get(of=ret, purpose="objection")
    assert more.total_minor == 12_800
    assert OrderLine.objects.get(order=ret.order).claimed_quantity == 2
    assert Event.objects.filter(name="return.contest_settled", **subject_of(ret)).count() == 1


def test_two_leads_who_answer_differently_leave_one_answer() -> None:
    ret, leads = partly_refused(), [staff("lead"), staff("lead", "second lead")]
    turns = iter([(lead, upheld) for upheld in (True, False) for lead in leads] * FIFTY)

    def settle() -> None:
        lead, upheld = next(turns)
        settle_contest(ret.pk, upheld=upheld, answer="看过了", actor=lead)

    found = at_once(settle)
    assert set(found) == {"done", "DoneOtherwise"}, "who answered differently is told so"
    assert sum(found.values()) == FIFTY
    contest = Contest.objects.get()
    assert Refund.objects.filter(of=ret, purpose="objection").exists() is not contest.upheld
    assert Handback.objects.filter(of=ret).exists() is contest.upheld


def test_fifty_objections_are_one() -> None:
    ret = in_part(an_order())
    me = customer(ret.order)
    assert at_once(lambda: contest_rejection(ret.pk, story="不同意", actor=me)) == {"done": FIFTY}
    assert Contest.objects.count() == 1
    assert Event.objects.filter(name="return.contested").count() == 1


def test_fifty_clicks_send_refused_goods_back_once() -> None:
    ret = in_part(an_order())
    make_final(ret.pk, actor=staff())
    warehouse = staff("warehouse")
    send = lambda: send_handback(ret.pk, carrier="SF", number="SF6666666666666", payer="shop", actor=warehouse)  # noqa: E731
    assert at_once(send) == {"done": FIFTY}
    assert Event.objects.filter(name="handback.sent").count() == 1
    assert Timer.objects.pending().filter(kind="return.T17", **subject_of(ret)).count() == 1
