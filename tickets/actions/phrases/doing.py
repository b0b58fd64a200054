"""What each kind of step does: it calls the action a person would have called. Loaded by `apps`."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from tickets.actions import assignment, checklists, closing, conversation, details, waiting
from tickets.actions.phrases.steps import step
from tickets.models import Checklist, Tag, Ticket


@step("note", "备注", _("Note"))
def note(ticket: Ticket, value: str, actor: Actor, at: dt.datetime) -> object:
    return conversation.note(ticket.pk, text=value, actor=actor, at=at)


@step("assign", "转给", pgettext_lazy("step", "Assign to"))
def assign(ticket: Ticket, value: str, actor: Actor, at: dt.datetime) -> object:
    """`me`, `nobody`, or the e-mail address of a colleague."""
    return assignment.assign(ticket.pk, user_id=_member(value, actor), actor=actor)


@step("priority", "优先级", _("Priority"), values={each.name.lower(): each.label for each in Ticket.Priority})
def priority(ticket: Ticket, value: str, actor: Actor, at: dt.datetime) -> object:
    return details.change_ticket(ticket.pk, priority=Ticket.Priority[value.upper()], actor=actor)


@step(
    "wait",
    "等待",
    pgettext_lazy("step", "Wait for"),
    values={each.value: each.label for each in Ticket.WaitingOn if each and each != Ticket.WaitingOn.LATER},
    rests=True,
)
def wait(ticket: Ticket, value: str, actor: Actor, at: dt.datetime) -> object:
    return waiting.set_waiting(ticket.pk, value, actor=actor)


@step("tag", "标签", pgettext_lazy("step", "Tag"))
def tag(ticket: Ticket, value: str, actor: Actor, at: dt.datetime) -> object:
    """One of the shop's tags, by its name, beside those the ticket has."""
    found = Tag.objects.filter(name=value, retired_at=None).first()
    if found is None:
        raise BadInput(_("There is no tag “%(value)s”."), value=value)
    have = set(ticket.tags.values_list("pk", flat=True))
    return details.change_ticket(ticket.pk, tags=have | {found.pk}, actor=actor)


@step("checklist", "清单", pgettext_lazy("step", "Checklist"))
def checklist(ticket: Ticket, value: str, actor: Actor, at: dt.datetime) -> object:
    """One of the shop's checklists, by its title in either language."""
    found = Checklist.objects.filter(Q(title_zh=value) | Q(title_en=value), retired_at=None).first()
    if found is None:
        raise BadInput(_("There is no checklist “%(value)s”."), value=value)
    return checklists.add_checklist(ticket.pk, found.pk, actor=actor)


@step("close", "关闭", pgettext_lazy("step", "Close the ticket"), takes=False, rests=True)
def close(ticket: Ticket, value: str, actor: Actor, at: dt.datetime) -> object:
    return closing.close_ticket(ticket.pk, actor=actor, at=at)


def _member(value: str, actor: Actor) -> int | None:
    if value in ("me", "我"):
        return actor.id
    if value in ("nobody", "无人"):
        return None
    user = get_user_model().objects.filter(email=value.lower(), is_active=True).first()
    if user is None:
        raise BadInput(_("Nobody here has the address %(value)s."), value=value)
    return user.pk
