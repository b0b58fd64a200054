"""Ask the customer in writing: a message or a letter with a link that answers one visit, for ten or thirty days, once.

The link holds the visit's reference and a seal of our own; nothing is looked up that the seal does not vouch for.
"""

from __future__ import annotations

import datetime as dt

from django.core import signing

from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.ledger import timers
from aftersales.ledger.record import record
from aftersales.notices.actions.telling import status_url
from tickets.models import Visit

LIFETIME = dt.timedelta(days=10)
LETTER_LIFETIME = dt.timedelta(days=30)  # it has to arrive first
SILENT = "visit.unanswered"  # the timer
PAGE = "visit"  # the name under which a notice keeps what its link opens
_SALT = "tickets.visit"


def invite(visit: Visit, *, at: dt.datetime) -> None:
    """Say that the customer is asked now, in the caller's transaction; the listener sends the message."""
    _ask(visit, at)
    record("visit.invited", on=visit, actor=SYSTEM, at=at)


def letter_left(visit: Visit, *, actor: Actor, at: dt.datetime) -> None:
    """The letter that asks is in the post, in the caller's transaction."""
    _ask(visit, at)
    record("visit.posted", on=visit, actor=actor, at=at)


def lifetime_of(visit: Visit) -> dt.timedelta:
    """For how long the link is good from `invited_at`."""
    return LETTER_LIFETIME if visit.channel == Visit.Channel.LETTER else LIFETIME


def _ask(visit: Visit, at: dt.datetime) -> None:
    visit.state, visit.invited_at = Visit.State.INVITED, at
    visit.save(update_fields=["state", "invited_at", "channel"])
    timers.set_timer(SILENT, on=visit, due_at=at + lifetime_of(visit), at=at)


def token_of(visit: Visit) -> str:
    """What the link carries. The same for the same visit; when it ends is said by the visit's own row."""
    return _sealed(visit.ref)


def address_of(ref: str) -> str:
    """The whole link, as the message with it leaves; what is kept of the message is the reference alone."""
    return status_url(f"/v/{_sealed(ref)}/")


def _sealed(ref: str) -> str:
    return signing.Signer(salt=_SALT).sign(ref).replace(":", ".")


def ref_of(token: str) -> str | None:
    """The reference in a link of ours, or None for anything else."""
    try:
        return signing.Signer(salt=_SALT).unsign(token[:120].replace(".", ":"))
    except signing.BadSignature:
        return None
