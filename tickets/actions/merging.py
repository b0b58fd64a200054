"""Two tickets about one thing become one: the source closes, points to the other, and its messages are read there."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from tickets.actions import clocks, waits
from tickets.actions.by import user_id_of
from tickets.actions.clockwork import keep_due
from tickets.actions.closing import end
from tickets.actions.conversation.carrying import carry_over
from tickets.actions.conversation.holding import send_early
from tickets.actions.conversation.turns import due_once_taken_up
from tickets.actions.kept_open import is_held
from tickets.actions.reopening import open_again, say_due
from tickets.actions.scope import locked, locked_all, must_be_open
from tickets.actions.waiting import taken_up
from tickets.models import Closure, Merge, Reopening, Ticket

UNDO_WITHIN = dt.timedelta(days=7)
# More than a conversation hangs on these.
_BOUND = (Ticket.Kind.RETURN, Ticket.Kind.EXCHANGE, Ticket.Kind.COMPLAINT)


class Bound(Conflict):
    """Goods, money or a complaint cannot be moved with a conversation."""

    code = "ticket_bound"
    sentence = _("%(ref)s carries a request or a complaint and stays a ticket of its own. Merge the other one into it,"
                 " or link the two.")  # fmt: skip


class OtherCustomer(Conflict):
    """One customer must never read the words of another."""

    code = "other_customer"
    sentence = _("These tickets are of two customers, and each would be answered with the other’s words. Put both into a"
                 " batch problem instead.")  # fmt: skip


class TooLate(Conflict):
    """What has gone on for a week is no slip of the hand."""

    code = "merge_too_old"
    sentence = _("This merge is more than %(days)s days old. Split the messages off instead.")


@transaction.atomic
def merge_tickets(source_id: int, into_id: int, *, actor: Actor) -> Ticket:
    """Merge `source` into `into` and return the latter. Merged already, nothing changes. What anybody has begun goes along.

    Replies in their undo window go out first, in both: each answers what was written where it was written.
    Raises `BadInput` for a ticket into itself, `Bound`, `OtherCustomer`, `TicketMerged`, `TicketClosed`.
    """
    if source_id == into_id:
        raise BadInput(_("A ticket cannot be merged into itself. Give the reference of the other one."), field="into")
    rows = locked_all([source_id, into_id], actor)
    source, into = rows[source_id], rows[into_id]
    check(actor, "ticket.merge")
    if source.merged_into_id == into.pk:
        return into
    at = clock.now()
    went_out = [send_early(each, at=at) for each in (source, into)]
    if any(went_out):
        rows = locked_all([source_id, into_id], actor)  # as their steps have left them
        source, into = rows[source_id], rows[into_id]
    must_be_open(source)
    must_be_open(into)
    if source.kind in _BOUND or is_held(source):
        raise Bound(ref=source.ref)
    if source.person_id != into.person_id:
        raise OtherCustomer
    Merge.objects.create(source=source, into=into, by_id=user_id_of(actor), at=at)
    due_at = source.process_due_at
    fields = taken_up(into, at=at) if waits.is_waiting(source) else []  # whom it waited for has written there
    if fields:
        into.process_due_at = due_once_taken_up(into, at)
        into.save(update_fields=fields)
        clocks.waiting_changed(into, at)
    waits.merged(source, into, at)
    end(source, reason=Closure.Reason.MERGED, actor=actor, at=at)
    Ticket.objects.filter(merged_into=source).update(merged_into=into)
    source.merged_into = into
    source.save(update_fields=["merged_into"])
    carry_over(source, into, actor=actor)
    into.updated_at = at
    into.process_due_at = min(filter(None, (into.process_due_at, due_at)), default=None)
    into.save(update_fields=["process_due_at", "updated_at"])
    keep_due(into)
    record("ticket.merged", on=source, actor=actor, at=at, into=into.ref)
    record("ticket.absorbed", on=into, actor=actor, at=at, ref=source.ref)
    return into


@transaction.atomic
def unmerge(source_id: int, *, actor: Actor) -> Ticket:
    """Undo a merge within a week: the source is open again with its own messages. Undone already, nothing changes.

    What was written since stays where it was written.
    """
    _lock_both(source_id)
    source = locked(source_id, actor)
    check(actor, "ticket.merge")
    merge = Merge.objects.select_related("into").filter(source=source, undone_at=None).first()
    if merge is None:
        return source
    at = clock.now()
    if at - merge.at > UNDO_WITHIN:
        raise TooLate(days=UNDO_WITHIN.days)
    was = source.merged_into or merge.into
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    source.merged_into = None
    open_again(source, cause=Reopening.Cause.UNMERGED, actor=actor, at=at)
    source.process_due_at, source.updated_at = None, at
    source.save(update_fields=["merged_into", "status", "closed_at", "process_due_at", "updated_at"])
    waits.unmerged(source, was, merge.at, at)
    say_due(source, at)  # with the clocks it has back
    Ticket.objects.filter(pk__in=_below(source)).update(merged_into=source)
    record("ticket.unmerged", on=source, actor=actor, at=at, ref=was.ref)
    record("ticket.released", on=was, actor=actor, at=at, ref=source.ref)
    return source


def _lock_both(source_id: int) -> None:
    """The ticket and the one in which the work goes on, in the order in which a merge locks them too."""
    known = Ticket.objects.filter(pk=source_id).values_list("pk", "merged_into").first() or ()
    list(Ticket.objects.select_for_update().filter(pk__in=[each for each in known if each]).order_by("pk"))


def standing_merge(ticket: Ticket) -> Merge | None:
    """The merge that can still be undone, for the button."""
    return Merge.objects.filter(source=ticket, undone_at=None, at__gte=clock.now() - UNDO_WITHIN).first()


def _below(ticket: Ticket) -> list[int]:
    """Tickets that were merged into this one, directly or through others, by the merges that stand."""
    found: list[int] = []
    next_ones = [ticket.pk]
    while next_ones:
        next_ones = list(Merge.objects.filter(into__in=next_ones, undone_at=None).values_list("source", flat=True))
        found += next_ones
    return found
