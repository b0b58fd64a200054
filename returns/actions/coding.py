"""Keep the facts of decided cases in coded form beside the verdict. Called by `verdicts`, and to catch up on older ones."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from returns.models import CodedCase, FactCoding, Verdict
from returns.rules.coding import Coding, coding_for


def keep_codes(verdicts: Iterable[Verdict], currency: str) -> None:
    """Code what these verdicts, which stand now, were decided on. In the caller's transaction."""
    CodedCase.objects.bulk_create(
        _coded((verdict, currency) for verdict in verdicts),
        update_conflicts=True,
        unique_fields=["line"],
        update_fields=["coding", "pack", "currency", "decided_on", "facts"],
    )


def code_missing(*, actor: Actor, most: int = 20_000) -> int:
    """Code up to `most` standing verdicts that have no code yet. Returns how many were; 0 when none is left.

    Safe to repeat and to run beside the desk: a case that is decided meanwhile keeps its newer code.
    """
    check(actor, "rules.backtest")
    with transaction.atomic():
        missing = (
            Verdict.objects.filter(superseded=False, line__coded=None)
            .only("line_id", "pack", "facts", "decided_at")
            .annotate(currency=F("line__of__order__currency"))
            .order_by("line_id")[:most]
        )
        coded = _coded((verdict, verdict.currency) for verdict in missing)
        CodedCase.objects.bulk_create(coded, ignore_conflicts=True, batch_size=1000)
    return len(coded)


def _coded(verdicts: Iterable[tuple[Verdict, str]]) -> list[CodedCase]:
    keys: dict[Coding, int] = {}
    out = []
    for verdict, currency in verdicts:
        made_by = coding_for(verdict.facts)
        if made_by not in keys:
            keys[made_by] = kept_coding(made_by)
        out.append(
            CodedCase(
                line_id=verdict.line_id,
                coding_id=keys[made_by],
                pack=verdict.pack,
                currency=currency,
                decided_on=clock.shop_date(verdict.decided_at),
                facts=made_by.encode(verdict.facts),
            )
        )
    return out


def kept_coding(made_by: Coding) -> int:
    """The primary key under which a coding is kept, kept now if it never was."""
    found, _created = FactCoding.objects.get_or_create(sha256=made_by.sha256, defaults={"layout": made_by.as_dict()})
    return int(found.pk)
