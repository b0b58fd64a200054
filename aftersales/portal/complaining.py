"""A complaint as its customer sees it: what happens next and by when, what was promised, which question is open.

Whose fault it was, and what the shop makes of it, stays in the shop.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from aftersales.files.actions.attaching import Taken
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.ledger.once import key_of, once
from tickets.actions.complaints.opening import open_complaint
from tickets.models import Complaint, Satisfaction, Ticket


@dataclass(frozen=True, slots=True)
class Next:
    """Head of the status page, as `parts/next.html` takes it."""

    who: str
    what: str
    icon: str
    deadline: dt.datetime | None = None
    tone: str = "wait"


def find(ref: str, actor: Actor) -> Complaint:
    """One complaint within scope, with what its page shows. Raises `NotFound`."""
    seen = Complaint.objects.visible_to(actor).preloaded().prefetch_related("ratings")
    found: Complaint | None = seen.filter(ticket__ref=ref).first()
    if found is None:
        raise NotFound
    return found


def next_of(complaint: Complaint) -> Next:
    """The one thing that happens next."""
    ticket, given = complaint.ticket, complaint.open_promise
    if ticket.status == Ticket.Status.CLOSED:
        return Next(
            _("Nothing left to do"),
            _("This complaint is settled. Write to us and it opens again."),
            "check",
            tone="done",
        )
    if complaint.answered_at is None:
        return Next(_("Our turn"), _("We read what you wrote and answer you"), "chat", complaint.answer_due_at)
    if given is not None:
        return Next(_("Our turn"), given.text, "calendar", given.due_at)
    if question_of(complaint) == Satisfaction.Stage.AFTER:
        return Next(_("Your turn"), _("Tell us whether it is right now"), "heart", tone="")
    return Next(_("Our turn"), _("We work on a solution and write to you"), "search", ticket.due_at)


def question_of(complaint: Complaint) -> str:
    """Which satisfaction is asked now; "" for none."""
    asked = {each.stage for each in complaint.ratings.all()}
    if complaint.planned_at is not None:
        due = complaint.open_promise is None and Satisfaction.Stage.AFTER not in asked
        return Satisfaction.Stage.AFTER if due else ""
    closed = complaint.ticket.status == Ticket.Status.CLOSED
    return "" if closed or Satisfaction.Stage.BEFORE in asked else Satisfaction.Stage.BEFORE


def words_of(stage: str) -> str:
    """The question in words."""
    if stage == Satisfaction.Stage.AFTER:
        return _("How content are you with what we did about it?")
    return _("How content are you with us right now?")


def complain(
    order_id: int, *, code: str, about: str, said: dict[str, Any], files: Sequence[Taken], actor: Actor
) -> str:
    """Open a complaint and give its reference; the same words from the same page are one complaint."""

    def work() -> tuple[int, dict[str, Any]]:
        case = _case(about, order_id, actor)
        opened = open_complaint(
            code=code,
            statement=said["statement"],
            wish=said["wish"],
            about_id=case.pk if case else None,
            order_id=order_id,
            files=files,
            actor=actor,
        )
        return 201, {"ref": opened.ticket.ref}

    words = f"{code}\n{said['statement']}\n{said['wish']}"
    key = key_of(said["once"], words)
    answer = once(principal=f"order:{order_id}", endpoint="portal.complaint", key=key, request=words, work=work)
    return str(answer[1]["ref"])


def _case(about: str, order_id: int, actor: Actor) -> Ticket | None:
    """The case on this order that it is about: named by its own reference, or by its return's."""
    seen = Ticket.objects.visible_to(actor).filter(order_id=order_id)
    return seen.filter(ref=about).first() or seen.filter(goods_return__ref=about).first() if about else None
