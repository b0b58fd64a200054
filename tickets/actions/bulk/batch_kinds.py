"""What is done to all tickets of a batch problem, and what the problem is told once it is done. Started by `actions.batches`.

No list offers these: the problem says which tickets they are for. Its primary key is in the params of the run.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict
from aftersales.ledger.record import record
from tickets.actions.bulk.kinds import KINDS, Kind, Values
from tickets.actions.closing import close_ticket
from tickets.actions.conversation.saying import reply
from tickets.actions.scope import must_be_open
from tickets.models import BatchProblem, BatchReply, BatchTicket, BulkRun, Closure, Ticket


class NotInBatch(Conflict):
    """It was taken out while the run had not come to it yet."""

    code = "not_in_batch"
    sentence = _("This ticket was taken out of the batch problem before its turn came.")


def end_if_over(problem: BatchProblem, *, actor: Actor, at: dt.datetime, closed: int) -> None:
    """Close the problem, which the caller has locked, unless a conversation of it is still open. Closed already, nothing
    changes."""
    if problem.closed_at is not None or Ticket.objects.open().of_batch(problem.pk).exists():
        return
    problem.closed_at = at
    problem.save(update_fields=["closed_at"])
    record("batch.closed", on=problem, actor=actor, at=at, count=closed)


def _answer(ticket: Ticket, params: Values, actor: Actor) -> object:
    """The words as they were signed when the run began. Who was told meanwhile that the matter is closed hears no more of it."""
    must_be_open(ticket)
    if not Ticket.objects.of_batch(params["problem"]).filter(pk=ticket.pk).exists():
        raise NotInBatch
    return reply(ticket.pk, text=BatchReply.objects.get(pk=params["reply"]).text, actor=actor)


def _answered(run: BulkRun, number: int) -> None:
    """From now on the reply says how many were told, and no more how many it was meant for."""
    row = BatchReply.objects.select_related("problem").get(pk=run.params["reply"])
    row.count = number
    row.save(update_fields=["count"])
    if number:
        record("batch.answered", on=row.problem, actor=run.by.as_actor(), at=run.done_at, count=number)


def _close(ticket: Ticket, params: Values, actor: Actor) -> object:
    if not BatchTicket.objects.filter(problem=params["problem"], ticket=ticket).exists():
        raise NotInBatch
    return close_ticket(ticket.pk, actor=actor, reason=Closure.Reason.BATCH)


def _closed(run: BulkRun, number: int) -> None:
    problem = BatchProblem.objects.select_for_update().get(pk=run.params["problem"])
    assert run.done_at is not None
    end_if_over(problem, actor=run.by.as_actor(), at=run.done_at, closed=number)


ANSWER = Kind("batch-reply", "batch.handle", _("Answer all"), (), _answer, finish=_answered)
CLOSE = Kind("batch-close", "batch.handle", _("Close all"), ("status",), _close, finish=_closed)
EVERY_KIND = {**KINDS, ANSWER.key: ANSWER, CLOSE.key: CLOSE}
