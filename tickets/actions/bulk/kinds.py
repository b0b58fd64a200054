"""What can be done to many tickets at once. Each calls the action of one ticket; nothing here writes.

To add one: a line in `KINDS`, its form in `aftersales/desk/forms/bulk.py`. A kind with `back` can be taken back: `reads` names
what it changes, and that is kept for each ticket; `besides` what may change with it, and comes back with it where the run
changed it and nobody has set it otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict, NotFound, Refusal
from tickets.actions import phrases
from tickets.actions.assignment import assign
from tickets.actions.closing import close_ticket
from tickets.actions.conversation.saying import reply
from tickets.actions.conversation.signing import signature_of, signed
from tickets.actions.details import change_ticket
from tickets.actions.reopening import reopen_ticket
from tickets.actions.waiting import resume, set_waiting
from tickets.models import BulkRun, Closure, Phrase, Ticket

Values = dict[str, Any]
Act = Callable[[Ticket, Values, Actor], object]


@dataclass(frozen=True, slots=True, eq=False)  # each is one of its kind
class Kind:
    """`act` does it with the params of the run, `back` puts back what the run has changed, as `look` told it before.

    `finish` writes what follows once every ticket has its outcome, with the number of those it was done to.
    """

    key: str
    verb: str
    label: str | Promise
    reads: tuple[str, ...]
    act: Act
    back: Act | None = None
    besides: tuple[str, ...] = ()
    finish: Callable[[BulkRun, int], None] | None = None

    def look(self, ticket: Ticket) -> Values:
        """What it would change, as it is now."""
        return {name: _told(ticket, name) for name in (*self.reads, *self.besides)}

    def changed(self, before: Values, after: Values) -> Values:
        """As it was before the run: all of `reads`, of `besides` only what the run itself has changed."""
        return {name: value for name, value in before.items() if name in self.reads or after.get(name) != value}

    def stands(self, now: Values, then: Values) -> bool:
        """Whether what was set then still is. Of an erased customer nothing is told any more."""
        return all(name in then and now[name] == then[name] for name in self.reads)


def _told(ticket: Ticket, name: str) -> Any:
    if name == "tags":
        return sorted(ticket.tags.values_list("pk", flat=True))
    value = getattr(ticket, name)
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _change(param: str, column: str) -> tuple[Act, Act]:
    def act(ticket: Ticket, params: Values, actor: Actor) -> object:
        return change_ticket(ticket.pk, actor=actor, **{column: params[param]})

    def back(ticket: Ticket, before: Values, actor: Actor) -> object:
        return change_ticket(ticket.pk, actor=actor, **{column: before[column]})

    return act, back


def _tag(ticket: Ticket, params: Values, actor: Actor) -> object:
    """One more tag; those it has stay."""
    return change_ticket(ticket.pk, actor=actor, tags={*_told(ticket, "tags"), params["tag"]})


def _tags_back(ticket: Ticket, before: Values, actor: Actor) -> object:
    return change_ticket(ticket.pk, actor=actor, tags=before["tags"])


def _place_back(ticket: Ticket, before: Values, actor: Actor) -> object:
    """Where it lay, and with whom: a closed team takes it from who does not see its tickets."""
    place = {name: before[name] for name in ("queue_id", "team_id") if name in before}
    back = change_ticket(ticket.pk, actor=actor, **place)
    if back.assignee_id is None and before.get("assignee_id"):
        with suppress(Refusal):  # who has left since does not get it back; that is no reason to leave it where it is
            assign(ticket.pk, user_id=before["assignee_id"], actor=actor)
    return back


def _wait(ticket: Ticket, params: Values, actor: Actor) -> object:
    until = dt.datetime.fromisoformat(params["until"]) if params.get("until") else None
    return set_waiting(ticket.pk, params["waiting_on"], actor=actor, until=until, why=params.get("why", ""))


def _wait_back(ticket: Ticket, before: Values, actor: Actor) -> object:
    """Waiting as it was; taken up, where the day to look at it again has come meanwhile."""
    until = before.get("waiting_until") and dt.datetime.fromisoformat(before["waiting_until"])
    if until and until <= clock.now():
        return resume(ticket.pk, actor=actor)
    return set_waiting(ticket.pk, before["waiting_on"], actor=actor, until=until, why=before["waiting_why"])


def _open_back(ticket: Ticket, before: Values, actor: Actor) -> object:
    """Open again, and waiting as it was."""
    opened = reopen_ticket(ticket.pk, actor=actor)
    return _wait_back(ticket, before, actor) if before.get("waiting_on") else opened


def _phrase(ticket: Ticket, params: Values, actor: Actor) -> object:
    """The phrase with this ticket's own values and steps; where one has no value, nobody is sent a hole."""
    phrase = Phrase.objects.visible_to(actor).filter(pk=params["phrase"], retired_at=None).first()
    if phrase is None:
        raise NotFound
    text = filled(phrase, ticket, actor)
    if missing := missing_in(text):
        raise NoValue(name=missing)
    return reply(ticket.pk, text=_signed(text, actor), actor=actor, phrase=phrase.key, steps=phrase.steps)


def filled(phrase: Phrase, ticket: Ticket, actor: Actor) -> str:
    """What the phrase says on this ticket, in the language of its customer; what has no value stays in braces."""
    locale = ticket.person.locale
    return phrases.fill(phrase.text(locale), phrases.values_for(ticket, actor, locale=locale))


def missing_in(text: str) -> str | None:
    """The first variable that has no value there."""
    return next((name for name in phrases.VARIABLES if f"{{{name}}}" in text), None)


def _signed(text: str, actor: Actor) -> str:
    return signed(text, signature_of(actor))


_priority, _priority_back = _change("priority", "priority")
_queue = _change("queue", "queue_id")[0]
_team = _change("team", "team_id")[0]
_WHO = ("assignee_id",)

KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "assign", "ticket.assign", _("Assign"), ("assignee_id",),
            lambda ticket, params, actor: assign(ticket.pk, user_id=params["user"], actor=actor),
            lambda ticket, before, actor: assign(ticket.pk, user_id=before["assignee_id"], actor=actor),
        ),
        Kind("team", "ticket.change", _("Give to a team"), ("team_id",), _team, _place_back, _WHO),
        Kind("queue", "ticket.change", _("Move to a queue"), ("queue_id", "team_id"), _queue, _place_back, _WHO),
        Kind("priority", "ticket.change", _("Set the priority"), ("priority",), _priority, _priority_back),
        Kind("tag", "ticket.change", _("Add a tag"), ("tags",), _tag, _tags_back),
        Kind(
            "wait", "ticket.wait", _("Let it wait"), ("waiting_on", "waiting_until", "waiting_why"), _wait, _wait_back
        ),
        Kind(
            "close", "ticket.close", _("Close"), ("status", "waiting_on", "waiting_until", "waiting_why"),
            lambda ticket, params, actor: close_ticket(
                ticket.pk, actor=actor, reason=params.get("reason", Closure.Reason.SOLVED)
            ),
            _open_back,
        ),
        Kind(
            "reply", "ticket.reply", _("Reply"), (),
            lambda ticket, params, actor: reply(ticket.pk, text=_signed(params["text"], actor), actor=actor),
        ),
        Kind("phrase", "ticket.reply", _("Reply with a phrase"), (), _phrase),
    )
}  # fmt: skip


class NoValue(Conflict):
    """A phrase names something that this ticket does not have."""

    code = "no_value"
    sentence = _("The phrase says {%(name)s}, and this ticket has none. Answer it by hand.")


class ChangedSince(Conflict):
    """What a run has set was set otherwise afterwards; taking the run back would undo that."""

    code = "changed_since"
    sentence = _("This ticket was changed again afterwards, so it stays as it is now.")
