"""A batch problem from its first ticket to its root cause: gather, answer all at once, close together."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound, Refusal
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger.record import record
from customers.models import Product
from tickets.actions.by import user_id_of
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import clean_text, reply
from tickets.actions.conversation.signing import signature_of, signed
from tickets.actions.details import clean_title
from tickets.actions.scope import locked, must_be_open
from tickets.models import BatchProblem, BatchReply, BatchTicket, Closure, Ticket


class InOtherBatch(Conflict):
    code = "other_batch"
    sentence = _("This ticket is in %(ref)s. Take it out there first.")


@dataclass(frozen=True, slots=True)
class Ended:
    """How many tickets were closed, and the references of those that must end by themselves first.

    `elsewhere` counts open ones of teams closed to whoever asked, which are not named.
    """

    closed: int
    left: list[str]
    elsewhere: int = 0


def _problem(problem_id: int, actor: Actor, *, must_run: bool = True) -> BatchProblem:
    problem: BatchProblem | None = (
        BatchProblem.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=problem_id).first()
    )
    if problem is None:
        raise NotFound
    check(actor, "batch.handle")
    if must_run and problem.closed_at is not None:
        raise Conflict(_("This batch problem is closed. Begin a new one."), code="batch_closed")
    return problem


@transaction.atomic
def open_batch(
    ticket_id: int, *, title: str, about: str, actor: Actor, product_id: int | None = None, mark: str = ""
) -> BatchProblem:
    """Begin a problem with its first ticket. The same again: that one. A ticket in another one must leave that first."""
    ticket = locked(ticket_id, actor)
    check(actor, "batch.handle")
    known: BatchTicket | None = BatchTicket.objects.select_related("problem").filter(ticket=ticket).first()
    title, mark = clean_title(title), " ".join(mark.split())[:100]
    if known is not None:
        if (known.problem.title, known.problem.about, known.problem.mark) != (title, about, mark):
            raise InOtherBatch(ref=known.problem.ref)
        return known.problem
    must_be_open(ticket)
    if about not in BatchProblem.About.values:
        raise BadInput(_("Say what it is about."), field="about")
    if product_id is not None and not Product.objects.filter(pk=product_id).exists():
        raise NotFound
    at = clock.now()
    problem = BatchProblem.objects.create(
        ref=new_ref("B"), title=title, about=about, product_id=product_id, mark=mark,
        opened_by_id=user_id_of(actor), opened_at=at,
    )  # fmt: skip
    record("batch.opened", on=problem, actor=actor, at=at)
    add_ticket(problem.pk, ticket.pk, actor=actor)
    return problem


@transaction.atomic
def add_ticket(problem_id: int, ticket_id: int, *, actor: Actor) -> BatchTicket:
    """Put a ticket into a problem. In it already, nothing changes; in another one, it must leave that first."""
    problem = _problem(problem_id, actor)  # before its tickets, as closing and answering lock them
    ticket = locked(ticket_id, actor)
    known: BatchTicket | None = BatchTicket.objects.select_related("problem").filter(ticket=ticket).first()
    if known is not None:
        if known.problem_id == problem.pk:
            return known
        raise InOtherBatch(ref=known.problem.ref)
    must_be_open(ticket)
    at = clock.now()
    member = BatchTicket.objects.create(problem=problem, ticket=ticket, by_id=user_id_of(actor), at=at)
    record("ticket.batched", on=ticket, actor=actor, at=at, ref=problem.ref)
    return member


@transaction.atomic
def take_out(ticket_id: int, *, actor: Actor) -> None:
    """It had nothing to do with the problem. Out already, nothing changes."""
    ticket = locked(ticket_id, actor)
    check(actor, "batch.handle")
    member = BatchTicket.objects.select_related("problem").filter(ticket=ticket).first()
    if member is None:
        return
    BatchTicket.objects.filter(pk=member.pk).delete()
    record("ticket.unbatched", on=ticket, actor=actor, ref=member.problem.ref)


@transaction.atomic
def reply_to_all(problem_id: int, *, text: str, key: str, actor: Actor) -> BatchReply:
    """The same words, signed, as a message of its own on every open ticket. The same page sent again changes nothing.

    Who wrote on a ticket that was merged is answered where the conversation goes on, once.
    """
    problem = _problem(problem_id, actor, must_run=False)
    known: BatchReply | None = problem.replies.filter(key=key).first()
    if known is not None:
        return known
    _problem(problem_id, actor)
    plain = clean_text(signed(text, signature_of(actor)))
    members = list(Ticket.objects.visible_to(actor).open().of_batch(problem.pk).order_by("pk"))
    if not members:
        raise Conflict(_("No ticket of this problem is open."), code="nobody_to_answer")
    at = clock.now()
    for ticket in members:
        reply(ticket.pk, text=plain, actor=actor, at=at)
    row = BatchReply.objects.create(
        problem=problem, key=key, text=plain, count=len(members), by_id=user_id_of(actor), at=at
    )
    record("batch.answered", on=problem, actor=actor, at=at, count=len(members))
    return row


@transaction.atomic
def name_root_cause(problem_id: int, *, text: str, actor: Actor) -> BatchProblem:
    """Why it happened. The same words again change nothing."""
    problem = _problem(problem_id, actor)
    plain = clean_text(text, field="root_cause", longest=1000)
    if plain == problem.root_cause:
        return problem
    problem.root_cause = plain
    problem.save(update_fields=["root_cause"])
    record("batch.explained", on=problem, actor=actor)
    return problem


@transaction.atomic
def close_batch(problem_id: int, *, actor: Actor) -> Ended:
    """Close every ticket that may close, and the problem when none is left. Closed already, nothing changes.

    One that is not in the problem, but into which one of it was merged, counts as open and is not closed: its customer still
    waits there for an end, and it may be about more than this problem. Whoever knows better closes it, or puts it in.
    """
    problem = _problem(problem_id, actor, must_run=False)
    if problem.closed_at is not None:
        return Ended(0, [])
    if not problem.root_cause:
        raise Conflict(_("Write down the root cause before you close the problem."), code="no_root_cause")
    closed = 0
    for ticket in Ticket.objects.visible_to(actor).open().filter(batch__problem=problem).order_by("pk"):
        try:
            with transaction.atomic():
                close_ticket(ticket.pk, actor=actor, reason=Closure.Reason.BATCH)
            closed += 1
        except Refusal:
            continue  # a running request or complaint ends by its own rules
    running = Ticket.objects.open().of_batch(problem.pk)
    left = list(running.visible_to(actor).order_by("pk").values_list("ref", flat=True))
    elsewhere = running.count() - len(left)
    if not left and not elsewhere:
        problem.closed_at = clock.now()
        problem.save(update_fields=["closed_at"])
        record("batch.closed", on=problem, actor=actor, at=problem.closed_at, count=closed)
    return Ended(closed, left, elsewhere)
