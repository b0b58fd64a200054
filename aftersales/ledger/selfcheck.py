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
from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from aftersales.kernel import clock
from aftersales.ledger.models import SelfCheck

log = structlog.get_logger()

EVERY = dt.timedelta(hours=1)
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
    """Look at what nobody has looked at for an hour, and return how many looks that were.

    Any number of workers may call this at once: whoever moves the row's instant has the look.
    """
    now = clock.now()
    last = dict(SelfCheck.objects.values_list("code", "at"))
    due = [each for each in known() if each.code not in last or last[each.code] <= now - EVERY]
    fresh = [SelfCheck(code=each.code, at=now - EVERY) for each in due if each.code not in last]
    if fresh:
        SelfCheck.objects.bulk_create(fresh, ignore_conflicts=True)
    looks = 0
    for each in due:
        mine = SelfCheck.objects.filter(code=each.code, at__lte=now - EVERY)
        if mine.update(at=now):
            looks += 1
            try:
                check(each, now)
            except Exception:
                log.exception("selfcheck.failed", code=each.code)
    return looks


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
    kept, _created = SelfCheck.objects.update_or_create(
        code=invariant.code, defaults={"at": now, "rows": rows, "examples": examples}
    )
    return kept


def _named(row: Model) -> list[Any]:
    return [row._meta.label_lower, row.pk, str(row)[:120]]
