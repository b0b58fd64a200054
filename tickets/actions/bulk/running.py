"""Start a bulk run, carry it on, take it back. Called by the desk; a long one goes on in the worker (`tickets.jobs`).

Each ticket has its own transaction or savepoint and goes through the action that a single press calls: what that refuses is
refused here with the same sentence, and the run goes on. A row that has an outcome is never done again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound, Refusal
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.record import record
from tickets.actions.bulk.batch_kinds import EVERY_KIND
from tickets.actions.bulk.kinds import ChangedSince, Kind
from tickets.models import BulkRow, BulkRun, Ticket

GOES_ON = "bulk.go_on"
MOST = 5_000  # tickets of one run
AT_ONCE = 100  # done while one waits for the page
_PIECE = 25  # rows of one turn in the worker: their tickets are locked for so long
_Outcome = BulkRow.Outcome


class OtherTickets(Conflict):
    """What somebody agreed to was to be done to other tickets than there are now."""

    code = "other_tickets"
    sentence = _(
        "The list has changed since you looked: it is for %(number)s now. What you wrote is kept; press again if you agree."
    )


class NoWayBack(Conflict):
    """A reply is read as soon as it is sent."""

    code = "no_way_back"
    sentence = _("This cannot be taken back.")


def seal_of(ticket_ids: Iterable[int]) -> str:
    """The same for the same tickets in any order: what a page carries of those it was agreed to for."""
    told = ",".join(str(pk) for pk in sorted(ticket_ids))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@transaction.atomic
def start_bulk(
    kind: str, params: dict[str, Any], ticket_ids: Sequence[int], *, key: str, actor: Actor, agreed: str | None = None,
    bounded: bool = True,
) -> BulkRun:  # fmt: skip
    """Write down what is to be done to which tickets. The same `key` again finds the run that was started with it.

    `agreed` is the seal of the tickets that were shown; where it is given and they are others now, raises `OtherTickets`.
    Not `bounded` is what has no list that somebody could narrow.
    """
    what = EVERY_KIND[kind]
    check(actor, what.verb)
    started = BulkRun.objects.visible_to(actor).filter(key=key).first()
    if started is not None:
        return started  # type: ignore[no-any-return]
    seen = list(Ticket.objects.visible_to(actor).filter(pk__in=ticket_ids).order_by("pk").values_list("pk", flat=True))
    if not seen:
        raise BadInput(_("Choose at least one ticket."), code="nothing_chosen")
    if bounded and len(seen) > MOST:
        raise BadInput(
            _("%(number)s tickets match; %(most)s are the most for one run. Narrow the list first."),
            code="too_many_tickets", number=len(seen), most=MOST,
        )  # fmt: skip
    if agreed is not None and agreed != seal_of(seen):
        raise OtherTickets(number=len(seen))
    try:
        with transaction.atomic():
            return _start(what.key, params, seen, key=key, actor=actor)
    except IntegrityError:  # the same page twice at the same moment: the other one has started it
        return BulkRun.objects.visible_to(actor).get(key=key)  # type: ignore[no-any-return]


@transaction.atomic
def undo_bulk(run_id: int, *, key: str, actor: Actor) -> BulkRun:
    """Take a run back, ticket by ticket, where nobody has changed it since. A second time finds the first.

    Tickets that the actor does not see any more, of a team closed to them, stay as they are.
    """
    run = BulkRun.objects.visible_to(actor).select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound
    what = EVERY_KIND[run.kind]
    check(actor, what.verb)
    undone = BulkRun.objects.filter(undoes=run).first()
    if undone is not None:
        return undone
    if what.back is None or run.undoes_id is not None or run.done_at is None:
        raise NoWayBack
    seen = run.rows.filter(outcome=_Outcome.DONE, ticket__in=Ticket.objects.visible_to(actor))
    tickets = list(seen.values_list("ticket_id", flat=True))
    if not tickets:
        raise NoWayBack
    return _start(run.kind, {}, tickets, key=key, actor=actor, undoes=run)


def _start(
    kind: str, params: dict[str, Any], tickets: list[int], *, key: str, actor: Actor, undoes: BulkRun | None = None
) -> BulkRun:
    at = clock.now()
    run: BulkRun = BulkRun.objects.create(
        key=key, by_id=actor.id or 0, kind=kind, params=params, language=actor.locale, total=len(tickets), undoes=undoes,
        started_at=at,
    )  # fmt: skip
    BulkRow.objects.bulk_create([BulkRow(run=run, ticket_id=ticket) for ticket in tickets], batch_size=500)
    record("bulk.started", on=run, actor=actor, at=at, kind=kind, number=len(tickets))
    timers.set_timer(GOES_ON, on=run, due_at=at + dt.timedelta(seconds=5 if len(tickets) <= AT_ONCE else 0), at=at)
    return run


def do_now(run: BulkRun) -> None:
    """What one waits for: all of a short run. A long one is the worker's."""
    if run.total <= AT_ONCE:
        do_some(run.pk, most=AT_ONCE)


def do_some(run_id: int, *, most: int = _PIECE) -> bool:
    """Do the next rows, each by itself. Returns whether some are left. Two at once share them out between them."""
    run = BulkRun.objects.select_related("by", "undoes").get(pk=run_id)
    with translation.override(run.language):  # sentences are kept as they are read
        for _turn in range(most):
            if not _do_next(run):
                break
    return _finish(run.pk)


@transaction.atomic
def _do_next(run: BulkRun) -> bool:
    """One row: its change and its outcome commit together or not at all."""
    rows = BulkRow.objects.select_for_update(skip_locked=True).filter(run=run, outcome=_Outcome.PENDING)
    row = rows.order_by("pk").first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            _do(run, row, EVERY_KIND[run.kind], run.by.as_actor())
    except Refusal as refusal:
        row.outcome, row.code, row.sentence = _Outcome.REFUSED, refusal.code, str(refusal)[:500]
        row.before = row.after = {}
    row.save(update_fields=["outcome", "code", "sentence", "before", "after"])
    return True


def _do(run: BulkRun, row: BulkRow, what: Kind, actor: Actor) -> None:
    ticket = Ticket.objects.visible_to(actor).select_for_update().filter(pk=row.ticket_id).first()
    if ticket is None:
        raise NotFound
    row.before = what.look(ticket)
    if run.undoes is not None and what.back is not None:
        then = BulkRow.objects.get(run=run.undoes, ticket=ticket)
        if not what.stands(row.before, then.after):
            raise ChangedSince
        what.back(ticket, what.changed(then.before, then.after), actor)
    else:
        what.act(ticket, run.params, actor)
    row.after = what.look(Ticket.objects.get(pk=ticket.pk))
    same = bool(what.reads) and row.before == row.after
    row.outcome = _Outcome.UNCHANGED if same else _Outcome.DONE


@transaction.atomic
def _finish(run_id: int) -> bool:
    """Close the books once every row has an outcome. Returns whether some have none."""
    run = BulkRun.objects.select_for_update().get(pk=run_id)
    if run.rows.filter(outcome=_Outcome.PENDING).exists():
        return True
    if run.done_at is None:
        run.done_at = clock.now()
        run.save(update_fields=["done_at"])
        timers.cancel(GOES_ON, on=run)
        counts = {each: run.rows.filter(outcome=each).count() for each in (_Outcome.DONE, _Outcome.REFUSED)}
        record("bulk.done", on=run, actor=run.by.as_actor(), at=run.done_at,
               number=counts[_Outcome.DONE], refused=counts[_Outcome.REFUSED])  # fmt: skip
        if (finish := EVERY_KIND[run.kind].finish) is not None:
            finish(run, counts[_Outcome.DONE])
    return False


def go_on(run_id: int, *, at: dt.datetime) -> None:
    """The worker's turn: a piece, and another turn while some are left. In the timer's own transaction."""
    if do_some(run_id):
        timers.set_timer(GOES_ON, on=BulkRun.objects.get(pk=run_id), due_at=at, at=at)
