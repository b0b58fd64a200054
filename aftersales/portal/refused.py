"""What was refused as its customer reads it: whether one may object and until when, and where refused goods are now.

Used by the status page and the page of the objection.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from aftersales.ledger import timers
from returns.models import Handback, Rejection, Return


@dataclass(frozen=True, slots=True)
class Refused:
    """The refusal that stands. `object_until` is None where the time stands still or is over."""

    refusal: Rejection
    is_part: bool
    can_object: bool
    is_contested: bool
    object_until: dt.datetime | None


def refused(ret: Return) -> Refused | None:
    """The standing refusal of a return fetched with `preloaded()`; one query for the deadline."""
    standing = ret.standing_refusal
    if standing is None:
        return None
    can = may_object(ret, standing)
    until = timers.due_at("return.T7", on=ret) if can else None
    return Refused(standing, standing.is_part, can, ret.is_contested, until)


def may_object(ret: Return, refusal: Rejection) -> bool:
    """Whether to offer it; the action decides, with the row locked."""
    if refusal.final_at is not None or getattr(refusal, "contest", None) is not None:
        return False
    return refusal.is_part or ret.status in (Return.Status.REJECTED, Return.Status.RETURN_REFUSED)


def handback_of(ret: Return) -> Handback | None:
    """The refused goods on their way back, once the refusal is final."""
    return getattr(ret, "handback", None)
