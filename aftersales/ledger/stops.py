"""Stop what leaves the house, all or one channel or template, or what is decided without a person; and let it go on.

Called by the office and `reconcile`.

What falls due during a stop waits in its row; when the stop ends it goes out, except what is too late to matter by then,
which is marked so; decisions are made then. The stop after a restore (`restored.py`) holds timers and daily jobs as well.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger import doorbell
from aftersales.ledger.models import Stop, Timer
from aftersales.ledger.record import record

CHANNEL, TEMPLATE = "channel:", "template:"
LONGEST_REASON = 300


class RestoredStays(Conflict):
    code = "restored_stays"
    sentence = _(
        "This database was restored from a backup. Decide first about what may have been sent since, then end it."
    )


@transaction.atomic
def stop(what: str, *, reason: str, actor: Actor) -> Stop:
    """Send, or decide, nothing of this kind from now on; what is under way at this moment still leaves. Twice is once.

    `what` is `sending`, `decisions`, `channel:NAME` or `template:NAME`. Raises `BadInput` for anything else and without a reason.
    """
    check(actor, "work.stop")
    if what not in (Stop.SENDING, Stop.DECISIONS) and not what.startswith((CHANNEL, TEMPLATE)):
        raise BadInput(
            _("Choose what to stop: all sending, decisions without a person, a channel or a template."),
            field="what",
            code="what",
        )
    why = said(reason)
    now = clock.now()
    row, fresh = Stop.objects.get_or_create(
        what=what, ended_at=None, defaults={"reason": why, "at": now, "by_id": _user(actor)}
    )
    if fresh:
        record("work.stopped", on=row, actor=actor, at=now, what=what, why=why)
    return row


@transaction.atomic
def end_stop(stop_id: int, *, reason: str, actor: Actor) -> Stop:
    """Let it go on. Ending twice changes nothing. Raises `RestoredStays` for the stop after a restore."""
    row = Stop.objects.select_for_update().filter(pk=stop_id).first()
    check(actor, "work.stop")
    if row is None:
        raise NotFound
    if row.ended_at is not None:
        return row
    if row.what == Stop.RESTORED:
        raise RestoredStays
    return lift(row, reason=reason, actor=actor)


def lift(row: Stop, *, reason: str, actor: Actor) -> Stop:
    """End a standing stop in the caller's transaction, which holds its lock."""
    why = said(reason)
    row.ended_at, row.ended_by_id = clock.now(), _user(actor)
    row.save(update_fields=["ended_at", "ended_by"])
    record("work.resumed", on=row, actor=actor, at=row.ended_at, what=row.what, why=why)
    doorbell.ring_after_commit()
    return row


def standing() -> frozenset[str]:
    """What is stopped at this moment."""
    return frozenset(Stop.objects.standing().values_list("what", flat=True))


def nothing_leaves(stopped: frozenset[str]) -> bool:
    return Stop.SENDING in stopped or Stop.RESTORED in stopped


def not_held_back(stopped: frozenset[str]) -> Q:
    """Which rows of the outbox may leave while single channels and templates are stopped."""
    channels = [what.removeprefix(CHANNEL) for what in stopped if what.startswith(CHANNEL)]
    templates = [what.removeprefix(TEMPLATE) for what in stopped if what.startswith(TEMPLATE)]
    return ~Q(channel__in=channels) & ~Q(topic__in=templates)


def timers_free(stopped: frozenset[str]) -> Q:
    """Which timers may fire."""
    if Stop.RESTORED in stopped:
        return Q(pk=None)
    return ~Q(kind__in=sorted(Timer.DECIDING)) if Stop.DECISIONS in stopped else Q()


def said(reason: str) -> str:
    """The reason as it is kept. Raises `BadInput` when there is none: whoever reads this later must understand it."""
    words = " ".join(reason.split())
    if not words:
        raise BadInput(_("Say why; whoever looks into it later reads this."), field="reason", code="reason_missing")
    return words[:LONGEST_REASON]


def _user(actor: Actor) -> int | None:
    return actor.id if actor.kind == "staff" else None
