"""What must be done before what in a complaint: each refusal says which step is missing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict, NotFound
from aftersales.kernel.policy import check
from tickets.models import Closure, Complaint, Ticket


class NotHeard(Conflict):
    code = "not_heard"
    sentence = _("Hear the customer out first: write down all they have to say, then decide.")


class NotUnderstood(Conflict):
    code = "not_understood"
    sentence = _("Write down the real problem and what the customer wants before you make a plan.")


class ComplaintSettled(Conflict):
    code = "complaint_settled"
    sentence = _("This complaint is settled. Reopen the ticket to go on with it.")


class NotAnswered(Conflict):
    code = "not_answered"
    sentence = _("Nobody has answered this complaint yet. Say sorry first, in a reply or as an apology that was spoken;"
                 " then it can be closed.")  # fmt: skip


class PromiseOpen(Conflict):
    code = "promise_open"
    sentence = _("“%(promise)s” is promised and still open. Keep it, or say that it cannot be kept, then go on.")


class CauseMissing(Conflict):
    code = "cause_missing"
    sentence = _(
        "Write down the root cause and what is done differently from now on; then the complaint can be closed."
    )


class EscalationOpen(Conflict):
    code = "escalation_open"
    sentence = _("The escalation to %(to)s has no outcome yet. Enter it, then close the complaint.")


def lock(ticket_id: int, actor: Actor, verb: str = "complaint.handle") -> Complaint:
    """The complaint of a ticket, its ticket locked, open and within scope. Raises `NotFound`, `ComplaintSettled`."""
    complaint = lock_any(ticket_id, actor, verb)
    if complaint.ticket.status == Ticket.Status.CLOSED:
        raise ComplaintSettled
    return complaint


def lock_any(ticket_id: int, actor: Actor, verb: str = "complaint.handle") -> Complaint:
    """The same, also where it is settled."""
    ticket = Ticket.objects.visible_to(actor).select_for_update().filter(pk=ticket_id).first()
    if ticket is None:
        raise NotFound
    complaint: Complaint | None = Complaint.objects.preloaded().filter(ticket=ticket).first()
    if complaint is None:
        raise NotFound
    check(actor, verb)
    complaint.ticket = ticket
    return complaint


def must_be_heard(complaint: Complaint) -> None:
    if complaint.heard_at is None:
        raise NotHeard


def must_be_understood(complaint: Complaint) -> None:
    must_be_heard(complaint)
    if complaint.understood_at is None:
        raise NotUnderstood


def must_have_no_open_promise(complaint: Complaint) -> None:
    if (given := complaint.open_promise) is not None:
        raise PromiseOpen(promise=given.text)


def is_bound_by_its_plan(ticket: Ticket) -> bool:
    """Whether it is a complaint that promised its plan: no reason closes it while that is open."""
    complaint = Complaint.objects.select_related("promise").filter(ticket=ticket).first()
    return complaint is not None and complaint.open_promise is not None


def must_be_closable(ticket: Ticket, reason: str) -> None:
    """Raise what is missing before a complaint may be closed for that reason; other tickets pass. Read with the ticket locked.

    What is not for us needs no answer, such as a complaint about another shop.
    """
    if ticket.kind != Ticket.Kind.COMPLAINT:
        return
    complaint = Complaint.objects.preloaded().filter(ticket=ticket).first()
    if complaint is None:
        return
    must_be_heard(complaint)
    must_have_no_open_promise(complaint)
    if complaint.answered_at is None and reason != Closure.Reason.NOT_FOR_US:
        raise NotAnswered
    if complaint.prevented_at is None:
        raise CauseMissing
    if (pending := complaint.escalations.filter(settled_at=None).first()) is not None:
        raise EscalationOpen(to=str(pending.get_to_display()))
