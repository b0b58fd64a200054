"""Four complaints of the sample, one in each class, from just received to settled with its root cause."""

from __future__ import annotations

import datetime as dt

from aftersales.kernel import clock
from customers.actions.promises import keep_promise
from returns.management.sample.case import Case, Step
from tickets.actions.complaints import apologising, deciding, escalating, hearing, preventing, rating
from tickets.actions.complaints.opening import open_complaint
from tickets.models import Complaint, Escalation


def complains(code: str, text: str, wish: str = "") -> Step:
    def step(case: Case) -> None:
        opened = open_complaint(code=code, statement=text, wish=wish, order_id=case.order.pk, actor=case.customer)
        case.ticket = opened.ticket

    return step


def sorry_by_phone(words: str) -> Step:
    return lambda case: apologising.apologise(case.ticket_pk, words=words, channel="phone", actor=case.cast.agent)


def heard(text: str, *, problem: str, aim: str) -> Step:
    """Heard out and understood in one talk."""

    def step(case: Case) -> None:
        hearing.hear_out(case.ticket_pk, statement=text, actor=case.cast.agent)
        hearing.understand(case.ticket_pk, real_problem=problem, aim=aim, actor=case.cast.agent)

    return step


def at_fault(who: str, why: str) -> Step:
    return lambda case: deciding.decide_fault(case.ticket_pk, fault=who, reason=why, actor=case.cast.agent)


def helped(text: str) -> Step:
    return lambda case: deciding.give_interim(case.ticket_pk, text=text, actor=case.cast.agent)


def planned(text: str, *, promise: str, days: int, cost: int = 0) -> Step:
    return lambda case: deciding.make_plan(
        case.ticket_pk, text=text, promise=promise, cost_minor=cost, actor=case.cast.agent,
        due_at=clock.now() + dt.timedelta(days=days),
    )  # fmt: skip


def kept() -> Step:
    def step(case: Case) -> None:
        promise = Complaint.objects.get(ticket_id=case.ticket_pk).promise
        assert promise is not None
        keep_promise(promise.pk, actor=case.cast.agent)

    return step


def content(stage: str, score: int) -> Step:
    return lambda case: rating.rate(case.ticket_pk, stage=stage, score=score, channel="portal", actor=case.customer)


def learnt(cause: str, improvement: str, *, days: int) -> Step:
    return lambda case: preventing.write_cause(
        case.ticket_pk, root_cause=cause, improvement=improvement, owner_id=case.cast.agent.id or 0, actor=case.cast.agent,
        due_on=clock.shop_date(clock.now()) + dt.timedelta(days=days),
    )  # fmt: skip


def decided_above(outcome: str) -> Step:
    """What came of the escalation to a lead."""

    def step(case: Case) -> None:
        pending = Escalation.objects.get(complaint__ticket_id=case.ticket_pk, to="lead", settled_at=None)
        escalating.settle_escalation(pending.pk, outcome=outcome, actor=case.cast.manager)

    return step


def handed_up(to: str, reason: str, *, days: int) -> Step:
    return lambda case: escalating.escalate(
        case.ticket_pk, to=to, reason=reason, due_at=clock.now() + dt.timedelta(days=days), actor=case.cast.agent
    )
