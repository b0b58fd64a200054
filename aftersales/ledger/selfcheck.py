"""What must always hold, counted every hour while the desk runs: the invariants of the ledger and of the apps above it.

To add one: `@must_hold("I4", says, remedy)` over a function of one argument (the instant, UTC) in the app's `invariants.py`,
which `AppConfig.ready` imports. It returns the rows that break it, as querysets or lists; none is well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from aftersales.kernel import clock
from aftersales.ledger.models import SelfCheck

log = structlog.get_logger()

EVERY = dt.timedelta(hours=1)
SOON = dt.timedelta(minutes=1)  # after a look that found something or failed: what is mended is no alarm for an hour
LOOK_BACK = dt.timedelta(days=2)  # what is older was looked at by the checks of its time
MOST_EXAMPLES = 5

Broken = Sequence["QuerySet[Any] | list[Any]"]


@dataclass(frozen=True, slots=True)
class Invariant:
    """One thing that must hold. `says`: what holds; `remedy`: what to do when it does not."""

    code: str
    says: str | Promise
    remedy: str | Promise
    broken: Callable[[dt.datetime], Broken]


_known: dict[str, Invariant] = {}


def must_hold(code: str, says: str | Promise, remedy: str | Promise) -> Callable[..., Any]:
    """Register a look for rows that break something. Twice under one code is an error."""

    def register(function: Callable[[dt.datetime], Broken]) -> Callable[[dt.datetime], Broken]:
        if code in _known and _known[code].broken is not function:
            raise ValueError(f"Two self-checks are called {code}.")
        _known[code] = Invariant(code, says, remedy, function)
        return function

    return register


def known() -> list[Invariant]:
    """All of them, I1 before I10."""
    return sorted(_known.values(), key=lambda each: int(each.code[1:]))


def check_when_due() -> int:
    """Make one look whose time has come, the one that waited longest, and return how many that were: 1 or 0.

    Any number of workers may call this at once: whoever moves the row's next instant has the look. One that fails
    leaves what was found last with its old instant, so that it shows as late, and comes again soon.
    """
    now = clock.now()
    next_at = dict(SelfCheck.objects.values_list("code", "next_at"))
    due = [each for each in known() if (next_at.get(each.code) or now) <= now]
    for each in sorted(due, key=lambda each: next_at.get(each.code) or now - EVERY):
        if each.code not in next_at:
            never = SelfCheck(code=each.code, at=now - 2 * EVERY)
            SelfCheck.objects.bulk_create([never], ignore_conflicts=True)
        rows = SelfCheck.objects.filter(code=each.code)
        if rows.filter(Q(next_at=None) | Q(next_at__lte=now)).update(next_at=now + EVERY):
            try:
                check(each, now)
            except Exception:
                log.exception("selfcheck.failed", code=each.code)
                rows.update(next_at=now + SOON)
            return 1
    return 0


def check(invariant: Invariant, now: dt.datetime) -> SelfCheck:
    """Look now, and keep what was found."""
    rows = 0
    examples: list[list[Any]] = []
    for found in invariant.broken(now):
        few = list(found[: MOST_EXAMPLES - len(examples)])
        rows += len(found) if isinstance(found, list) else found.count() if few else 0
        examples += [_named(row) for row in few]
    if rows:
        log.error("selfcheck.broken", code=invariant.code, rows=rows)
    found_now = {"at": now, "next_at": now + (SOON if rows else EVERY), "rows": rows, "examples": examples}
    kept, _created = SelfCheck.objects.update_or_create(code=invariant.code, defaults=found_now)
    return kept


def broken_of(codes: Sequence[str], *instants: dt.datetime) -> list[str]:
    """What some of the looks find at these instants, a line each with its first rows; nothing of it is kept."""
    lines = []
    for each in known():
        rows = {
            f"{row._meta.label_lower} {row.pk}"
            for now in (instants if each.code in codes else ())
            for found in each.broken(now)
            for row in found[:MOST_EXAMPLES]
        }
        if rows:
            lines.append(f"{each.code}: {', '.join(sorted(rows)[:MOST_EXAMPLES])}")
    return lines


def _named(row: Model) -> list[Any]:
    return [row._meta.label_lower, row.pk, str(row)[:120]]
