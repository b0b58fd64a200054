"""The part of operations that shows the hourly self-check: what must always hold, which rows break it, what to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from aftersales.ledger import gauges, selfcheck
from aftersales.ledger.models import SelfCheck


@dataclass(frozen=True, slots=True)
class Check:
    """One self-check with links to a few rows that break it (no link where the office has no page for them)."""

    invariant: selfcheck.Invariant
    found: SelfCheck
    examples: list[tuple[str, str]]


def checks() -> list[Check]:
    """All that have been looked at, the broken ones first."""
    found = [
        Check(invariant, row, [(words, _page(label, pk)) for label, pk, words in row.examples])
        for invariant, row in gauges.self_checks()
    ]
    return sorted(found, key=lambda each: not each.found.rows)


def alarms(found: list[Check], now: dt.datetime) -> list[str]:
    """What somebody should look at now."""
    told = []
    if any(each.found.rows for each in found):
        told.append(_("A check that must always pass has failed. The self-check below says what to do."))
    if any(now - each.found.at > 2 * selfcheck.EVERY for each in found):
        told.append(
            _(
                "The self-check is late. The beat or “manage.py sweep --loop” makes it every hour; start one. Where they run, "
                "the log says which look fails (selfcheck.failed)."
            )
        )
    return told


def _page(label: str, pk: int) -> str:
    app, _dot, model = label.partition(".")
    try:
        return reverse(f"admin:{app}_{model}_change", args=[pk])
    except NoReverseMatch:
        return ""
