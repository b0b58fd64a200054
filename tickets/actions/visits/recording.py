"""What came of a visit: reached or not, another time, how content, how it is used, what helps. Called by desk and API.

A visit that nobody answers is tried again by its plan's rule; the last try in vain ends it. Help that is needed becomes
a ticket. A series goes on until the customer copes or wants no more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from aftersales.notices.quiet import after_quiet
from customers.actions.consents import refuse
from customers.models import Purpose
from tickets.actions import clocks
from tickets.actions.by import user_id_of
from tickets.actions.conversation import begin_with_talk, receive_message
from tickets.actions.conversation.texts import clean_text
from tickets.actions.opening import open_ticket
from tickets.actions.visits.calling_off import end_series
from tickets.actions.visits.guards import lock, lock_series, must_be_open
from tickets.actions.visits.planning import plan_next, put_off
from tickets.models import Message, Ticket, Visit, VisitQuestion, VisitTry

FARTHEST = dt.timedelta(days=90)  # another time lies within
Out = Visit.Outcome
REACHED = (Out.CONTENT, Out.PROFICIENT, Out.HELP)
_VALUES: dict[str, tuple[str, ...]] = {
    VisitQuestion.Kind.YES_NO: ("yes", "no"),
    VisitQuestion.Kind.SCORE: ("1", "2", "3", "4", "5"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What the customer told us. `answers` by the primary key of the question; `help` is what they need, in their words."""

    satisfaction: int | None = None
    usage: str = ""
    suggestion: str = ""
    answers: dict[int, str] = field(default_factory=dict)
    help: str = ""


@transaction.atomic
def record_outcome(visit_id: int, outcome: str, said: Said, *, actor: Actor) -> Visit:
    """The customer was reached, or wants no visits. The same again changes nothing.

    Who was reached says how content they are: a visit for its own sake is none. Raises `BadInput`, `VisitEnded`, and
    `DoneOtherwise` where a colleague has recorded the same outcome with other words.
    """
    visit = lock(visit_id, actor)
    check(actor, "visit.record")
    if visit.state == Visit.State.DONE and visit.outcome == outcome:
        if not _says_the_same(visit, said):
            raise DoneOtherwise("visit.done", on=visit)
        return visit
    must_be_open(visit)
    if outcome not in (*REACHED, Out.DECLINED):
        raise BadInput(gettext_lazy("Choose what came of it."), field="result", code="outcome_unknown")
    settle(visit, outcome, said, actor=actor, at=clock.now())
    if outcome == Out.DECLINED:
        refuse(visit.person_id, purpose=Purpose.VISITS, proof=visit.ref, actor=actor)
    return visit


@transaction.atomic
def record_missed(visit_id: int, *, actor: Actor, number: int, remark: str = "") -> Visit:
    """Nobody was reached. `number` is which try this was, from 1: the same number again changes nothing.

    Raises `BadInput` for a number that skips one, `VisitEnded`.
    """
    visit = lock(visit_id, actor)
    check(actor, "visit.record")
    if number <= visit.tries:
        if remark.strip() and _note_of(visit, VisitTry.Result.MISSED, number) != _kept(remark, "remark", 300):
            raise DoneOtherwise("visit.missed", on=visit, number=number)
        return visit
    must_be_open(visit)
    if number != visit.tries + 1:  # counted as the next one it would count again when it is sent again
        raise BadInput(
            gettext_lazy("The next try is number %(next)s."), field="number", code="number_skips", next=visit.tries + 1
        )
    at = clock.now()
    visit.tries = number
    again = after_quiet(at + dt.timedelta(hours=visit.plan.again_hours))
    is_last = visit.tries >= visit.plan.tries
    _try(visit, VisitTry.Result.MISSED, actor, at, None if is_last else again, remark)
    record("visit.missed", on=visit, actor=actor, at=at, number=visit.tries)
    if is_last:
        settle(visit, Out.UNREACHED, Said(), actor=actor, at=at)
    else:
        put_off(visit, again, at=at)
        visit.is_callback = False
        visit.save(update_fields=["tries", "due_at", "is_callback"])
    return visit


@transaction.atomic
def record_callback(visit_id: int, *, again_at: dt.datetime | None, actor: Actor, remark: str = "") -> Visit:
    """The customer wished another time (UTC): their own, so no quiet hours. The same time again changes nothing."""
    visit = lock(visit_id, actor)
    check(actor, "visit.record")
    at = clock.now()
    if again_at is None:
        raise BadInput(gettext_lazy("Say when the customer wants to be called."), field="again_at", code="empty")
    if visit.is_callback and visit.due_at == again_at:
        if remark.strip() and _note_of(visit, VisitTry.Result.CALLBACK) != _kept(remark, "remark", 300):
            raise DoneOtherwise("visit.postponed", on=visit)
        return visit
    must_be_open(visit)
    if not at < again_at <= at + FARTHEST:
        raise BadInput(
            gettext_lazy("Choose a time from now on and within %(days)s days."), field="again_at", code="time_unfit",
            days=FARTHEST.days,
        )  # fmt: skip
    _try(visit, VisitTry.Result.CALLBACK, actor, at, again_at, remark)
    if visit.assignee_id is None and actor.kind == "staff":
        visit.assignee_id = actor.id
    visit.state, visit.is_callback = Visit.State.PLANNED, True
    if visit.channel != Visit.Channel.HOME:
        visit.channel = Visit.Channel.CALL  # whoever names a time wants to talk
    put_off(visit, again_at, at=at)
    visit.save(update_fields=["state", "channel", "due_at", "is_callback", "assignee"])
    record("visit.postponed", on=visit, actor=actor, at=at, until=again_at.isoformat())
    return visit


@transaction.atomic
def not_answered(visit_id: int, *, at: dt.datetime) -> None:
    """The link of a message has run out, and nobody has answered it."""
    lock_series(visit_id)
    visit = Visit.objects.select_for_update(of=("self",)).select_related("plan").filter(pk=visit_id).first()
    if visit is not None and visit.state == Visit.State.INVITED:
        settle(visit, Out.UNREACHED, Said(), actor=SYSTEM, at=at)


def settle(visit: Visit, outcome: str, said: Said, *, actor: Actor, at: dt.datetime, by_customer: bool = False) -> None:
    """End a visit that is locked and open with what came of it, in the caller's transaction."""
    if outcome in REACHED and said.satisfaction is None:
        raise BadInput(
            gettext_lazy("Say how content the customer is, from 1 to 5."), field="satisfaction", code="empty"
        )
    timers.cancel(on=visit)
    visit.state, visit.outcome, visit.ended_at = Visit.State.DONE, outcome, at
    visit.by_id, visit.by_customer = user_id_of(actor), by_customer
    visit.satisfaction = _score(said.satisfaction)
    visit.usage, visit.suggestion = _kept(said.usage, "usage"), _kept(said.suggestion, "suggestion")
    visit.answers = _answers(visit, said.answers)
    if outcome == Out.HELP:
        visit.needs = clean_text(said.help, field="needs", longest=1000)
        visit.help_ticket = _ticket(visit, actor, at)
    visit.save(update_fields=[
        "state", "outcome", "ended_at", "by", "by_customer", "satisfaction", "usage", "suggestion", "answers",
        "needs", "help_ticket", "tries",
    ])  # fmt: skip
    record("visit.done", on=visit, actor=actor, at=at, outcome=outcome, outcome_words=outcome)
    if outcome in (Out.PROFICIENT, Out.DECLINED):
        end_series(visit, at=at)
    elif outcome in REACHED:
        plan_next(visit, at=at)


def _says_the_same(visit: Visit, said: Said) -> bool:
    """Whether nothing of what was said now would be missing in what is kept."""
    return (
        visit.satisfaction == _score(said.satisfaction)
        and (visit.usage, visit.suggestion) == (_kept(said.usage, "usage"), _kept(said.suggestion, "suggestion"))
        and visit.answers == _answers(visit, said.answers)
        and (visit.outcome != Out.HELP or visit.needs == _kept(said.help, "needs"))
    )


def _note_of(visit: Visit, result: str, number: int | None = None) -> str | None:
    """What was noted with the try of that number, or with the last one."""
    notes = list(visit.all_tries.filter(result=result).order_by("at", "pk").values_list("note", flat=True))
    return (notes[-1] if number is None else notes[number - 1]) if len(notes) >= (number or 1) else None


def _ticket(visit: Visit, actor: Actor, at: dt.datetime) -> Ticket:
    """What a visit finds to do, in the queue for questions and due at once, with what is needed as its first words."""
    with translation.override("zh-hans"):  # the shop's own language: colleagues read it
        title = _("Help wished at a visit: %(words)s") % {"words": visit.needs.splitlines()[0]}
    told = partial(begin_with_talk, text=visit.needs, actor=actor, channel=Message.Channel.DESK)
    ticket = open_ticket(
        kind=Ticket.Kind.VISIT, title=title, person=visit.person, order=visit.order, actor=actor, at=at, due_at=at,
        queue_key="questions", channel="visit", team=visit.team, begin=told if actor.is_staff else clocks.opened,
    )  # fmt: skip
    if not actor.is_staff and visit.order is not None:  # else they could not see the ticket: the visit keeps the words
        receive_message(ticket.pk, text=visit.needs, actor=actor, at=at)
    return ticket


def _try(visit: Visit, result: str, actor: Actor, at: dt.datetime, next_at: dt.datetime | None, remark: str) -> None:
    VisitTry.objects.create(
        visit=visit, at=at, by_id=user_id_of(actor), channel=visit.channel, result=result, next_at=next_at,
        note=_kept(remark, "remark", 300),
    )  # fmt: skip


def _score(score: int | None) -> int | None:
    if score is not None and not 1 <= score <= 5:
        raise BadInput(gettext_lazy("The score is a number from 1 to 5."), field="satisfaction", code="score_range")
    return score


def _kept(text: str, name: str, longest: int = 1000) -> str:
    return clean_text(text, field=name, longest=longest) if text.strip() else ""


def _answers(visit: Visit, given: dict[int, str]) -> list[dict[str, Any]]:
    """Each answered question of the plan's script with its words as they were asked. Raises `BadInput` naming `q…`."""
    script = visit.script()
    if strange := set(given) - {each.pk for each in script}:
        raise BadInput(
            gettext_lazy("Question %(question)s is not in the script of this visit."), field=f"q{min(strange)}",
            code="question_unknown", question=min(strange),
        )  # fmt: skip
    return [
        {
            "zh": each.text_zh, "en": each.text_en, "kind": each.kind, "for_leads": each.for_leads,
            "value": _fitting(each, _kept(given[each.pk], f"q{each.pk}")),
        }
        for each in script
        if given.get(each.pk, "").strip()
    ]  # fmt: skip


def _fitting(question: VisitQuestion, value: str) -> str:
    if question.kind in _VALUES and value not in _VALUES[question.kind]:
        raise BadInput(
            gettext_lazy("Answer “%(question)s” with one of: %(values)s."), field=f"q{question.pk}",
            code="answer_unfit", question=str(question), values=", ".join(_VALUES[question.kind]),
        )  # fmt: skip
    return value
