"""Decide a sample of stored verdicts again, every night: rules, engine and records must still say what they said."""

from __future__ import annotations

import datetime as dt
import random

from django.db import transaction
from django.db.models import Max

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.models import Event
from aftersales.ledger.record import record
from returns.models import Verdict
from returns.rules.replay import replayed

SAMPLE = 500
MOST_TOLD = 20  # differences of one verdict that go into its event


class ReplayDiffered(RuntimeError):
    """Verdicts came out otherwise. As the failure of the nightly run it stands among the work items of the office."""


def replay_sample(at: dt.datetime, *, most: int = SAMPLE) -> int:
    """Replay up to `most` verdicts, others each day of the shop's calendar, and return how many there were.

    Each that differs gets an event of its own, once. Raises `ReplayDiffered` naming them.
    """
    differing = []
    sample = _sample(at, most)
    for verdict in sample:
        if found := replayed(verdict.outcome):
            differing.append(verdict.pk)
            _tell(verdict, [str(each) for each in found[:MOST_TOLD]], at)
    if differing:
        raise ReplayDiffered(f"{len(differing)} of {len(sample)} verdicts differ when replayed: {differing[:50]}")
    return len(sample)


def _sample(at: dt.datetime, most: int) -> list[Verdict]:
    """The same for the whole day, so that a repeated run looks at what failed before."""
    # Verdicts from before there were seals cannot be told from changed ones, so they are left out.
    sealed = Verdict.objects.filter(outcome__has_key="facts_sha256")
    few = list(sealed.order_by("pk")[: most + 1])
    if len(few) <= most:
        return few
    last = sealed.aggregate(last=Max("pk"))["last"]
    chance = random.Random(clock.shop_date(at).toordinal())  # noqa: S311  a choice of samples, no secret
    keys = chance.sample(range(1, last + 1), min(last, most * 2))
    return list(sealed.filter(pk__in=keys).order_by("pk")[:most])


@transaction.atomic
def _tell(verdict: Verdict, differences: list[str], at: dt.datetime) -> None:
    known = Event.objects.filter(
        name="rules.replay_differed", subject_type="returns.verdict", subject_id=verdict.pk, data__what=differences
    )
    if not known.exists():
        record("rules.replay_differed", on=verdict, actor=SYSTEM, at=at, what=differences)
