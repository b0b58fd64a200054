"""A batch problem from its first ticket to its root cause: gather, answer all at once, close together."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger.record import record
from customers.models import Product
from tickets.actions.bulk.batch_kinds import ANSWER, CLOSE, end_if_over
from tickets.actions.bulk.kinds import Kind
from tickets.actions.bulk.running import start_bulk
from tickets.actions.by import user_id_of
from tickets.actions.conversation import clean_text
from tickets.actions.conversation.signing import signature_of, signed
from tickets.actions.details import clean_title
from tickets.actions.scope import locked, must_be_open
from tickets.models import BatchProblem, BatchReply, BatchTicket, BulkRun, Ticket


class InOtherBatch(Conflict):
    code = "other_batch"
    sentence = _("This ticket is in %(ref)s. Take it out there first.")


class StillAnswering(Conflict):
    """Whose ticket is closed before the answer reaches it never gets that answer."""

    code = "still_answering"
    sentence = _("An answer to all is still on its way. Close them when everybody has it.")


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
def reply_to_all(problem_id: int, *, text: str, key: str, actor: Actor) -> BulkRun:
    """Begin to send the same words, signed, as a message of its own on every open ticket. The same page sent again finds the
    run it has begun.

    Who wrote on a ticket that was merged is answered where the conversation goes on, once.
    """
    problem = _problem(problem_id, actor, must_run=False)
    known = _begun(problem, ANSWER, key)
    if known is not None:
        return known
    _problem(problem_id, actor)
    plain = clean_text(signed(text, signature_of(actor)))
    tickets = list(Ticket.objects.visible_to(actor).open().of_batch(problem.pk).values_list("pk", flat=True))
    if not tickets:
        raise Conflict(_("No ticket of this problem is open."), code="nobody_to_answer")
    row = BatchReply.objects.create(
        problem=problem, key=key, text=plain, count=len(tickets), by_id=user_id_of(actor), at=clock.now()
    )
    return _begin(problem, ANSWER, tickets, key=key, actor=actor, reply=row.pk)


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
def close_batch(problem_id: int, *, key: str, actor: Actor) -> BulkRun | None:
    """Begin to close every ticket that may close; the problem closes with the last one. Returns the run, None where there was
    nothing to close but the problem itself. The same page sent again finds its run; closed already, nothing changes.

    A ticket that is not in the problem, but into which one of it was merged, counts as open and is not closed: its customer
    still waits there for an end, and it may be about more than this problem. Whoever knows better closes it, or puts it in.
    """
    problem = _problem(problem_id, actor, must_run=False)
    known = _begun(problem, CLOSE, key)
    if known is not None or problem.closed_at is not None:
        return known
    if not problem.root_cause:
        raise Conflict(_("Write down the root cause before you close the problem."), code="no_root_cause")
    if runs_of(problem).filter(kind=ANSWER.key, done_at=None).exists():
        raise StillAnswering
    members = Ticket.objects.visible_to(actor).open().filter(batch__problem=problem)
    tickets = list(members.values_list("pk", flat=True))
    if tickets:
        return _begin(problem, CLOSE, tickets, key=key, actor=actor)
    end_if_over(problem, actor=actor, at=clock.now(), closed=0)
    return None


def runs_of(problem: BatchProblem) -> QuerySet[BulkRun]:
    """What was begun for all of its tickets: known by how their keys begin, which has an index."""
    runs: QuerySet[BulkRun] = BulkRun.objects.filter(key__startswith=f"batch-{problem.pk}-")
    return runs


def _begun(problem: BatchProblem, kind: Kind, key: str) -> BulkRun | None:
    return runs_of(problem).filter(key=_run_key(problem, kind, key)).first()


def _begin(problem: BatchProblem, kind: Kind, tickets: list[int], *, key: str, actor: Actor, **more: int) -> BulkRun:
    """However many there are: the worker does them piece by piece, and each is locked only while its turn lasts."""
    params = {"problem": problem.pk, **more}
    return start_bulk(kind.key, params, tickets, key=_run_key(problem, kind, key), actor=actor, bounded=False)


def _run_key(problem: BatchProblem, kind: Kind, key: str) -> str:
    return f"batch-{problem.pk}-{kind.key}-{key}"
