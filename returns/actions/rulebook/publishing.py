"""Let an approved version begin on a day, or retire one that has not begun. Called by the office's pages."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from returns.actions.rulebook.refusals import (
    ConcernedUnseen,
    InstantTaken,
    NotAnInstant,
    NotBeforeNow,
    NotRetirable,
    Overtaken,
    SourceEnded,
    must_be,
)
from returns.models import RuleEvidence, RuleVersion, Verdict
from returns.models.rulebook import BEGINNING
from returns.models.timeline import pack_of, version_at

S = RuleVersion.Status
MOST_LISTED = 1000
_INSTANT = {
    "order_placed_at": "line__of__order__placed_at",
    "received_at": "line__of__order__delivered_at",
    "requested_at": "line__of__submitted_at",
}


@transaction.atomic
def publish(
    version_id: int,
    effective_from: dt.datetime | None,
    *,
    actor: Actor,
    retroactive: bool = False,
    seen: int | None = None,
) -> RuleVersion:
    """Let an approved version hold from an instant (aware; None: from now) until the next one begins.

    An instant before now must be called retroactive, and `seen` is then the number of verdicts that would have been
    given by this version, as it was shown. They stand as they were given; the event lists them. Publishing twice
    changes nothing. Raises `InstantTaken`, `NotBeforeNow`, `Overtaken` where it was compared with another version than
    the one it would follow, `SourceEnded` where a row rests on a source that no longer holds on that day, and
    `ConcernedUnseen` with the number where nobody has looked at the verdicts it concerns, or there are others by now.
    """
    version: RuleVersion = RuleVersion.objects.visible_to(actor).lock(version_id)
    check(actor, "rules.publish")
    if version.status == S.PUBLISHED:
        return version
    must_be(version, S.APPROVED)
    # Whoever publishes in this set waits here, so that the timeline they look at is the one they change.
    RuleVersion.objects.select_for_update(of=("self",)).get(rule_set=version.rule_set, number=1)
    now = clock.now()
    begins = _begins(effective_from, now, retroactive=retroactive)
    if RuleVersion.objects.published().filter(rule_set=version.rule_set, effective_from=begins).exists():
        raise InstantTaken(at=_shown(begins))
    _must_follow_what_was_compared(version, begins)
    _sources_must_hold(version, clock.shop_date(begins))
    concerned = affected(version, begins) if begins < now else Verdict.objects.none()
    count = concerned.count()
    if count and count != seen:
        raise ConcernedUnseen(count=count, since=begins.isoformat())
    listed = list(concerned.values_list("pk", flat=True)[:MOST_LISTED])
    version.status, version.effective_from, version.published_at = S.PUBLISHED, begins, now
    version.save(update_fields=["status", "effective_from", "published_at"])
    record("rules.published", on=version, actor=actor, at=now, version=str(version), sha256=version.sha256,
           effective_from=begins.isoformat(), retroactive=begins < now, affected=count, verdicts=listed)  # fmt: skip
    return version


@transaction.atomic
def retire(version_id: int, *, actor: Actor) -> RuleVersion:
    """Take a published version that has not begun off the timeline: the one before it goes on. Twice changes nothing.

    What has begun has decided cases and stays; a correction is a new version.
    """
    version: RuleVersion = RuleVersion.objects.visible_to(actor).lock(version_id)
    check(actor, "rules.publish")
    if version.status == S.RETIRED:
        return version
    must_be(version, S.PUBLISHED)
    now = clock.now()
    if version.number == 1 or version.effective_from is None or version.effective_from <= now:
        raise NotRetirable(version=str(version))
    version.status, version.retired_at = S.RETIRED, now
    version.save(update_fields=["status", "retired_at"])
    record("rules.retired", on=version, actor=actor, at=now, version=str(version))
    return version


def affected(version: RuleVersion, begins: dt.datetime) -> models.QuerySet[Verdict]:
    """Standing verdicts on cases that would be this version's if it held from that instant until the next one begins."""
    field = _INSTANT[pack_of(version).governing_fact]
    found = Verdict.objects.filter(superseded=False, pack=version.rule_set, **{f"{field}__gte": begins})
    following = (
        RuleVersion.objects.published().filter(rule_set=version.rule_set, effective_from__gt=begins)
        .order_by("effective_from").values_list("effective_from", flat=True).first()
    )  # fmt: skip
    if following is not None:
        found = found.filter(**{f"{field}__lt": following})
    return found.exclude(pack_sha256=version.sha256).order_by("pk")


def _begins(effective_from: dt.datetime | None, now: dt.datetime, *, retroactive: bool) -> dt.datetime:
    begins = effective_from or now
    if begins.tzinfo is None or begins <= BEGINNING:
        raise NotAnInstant(field="effective_from")
    if begins < now and not retroactive:
        raise NotBeforeNow(field="effective_from", at=_shown(begins))
    return begins.astimezone(dt.UTC)


def _must_follow_what_was_compared(version: RuleVersion, begins: dt.datetime) -> None:
    """Else the approver read of changes against other rules than those this version replaces."""
    before = version_at(version.rule_set, begins)
    found = version.evidence.filter(kind=RuleEvidence.Kind.DIFF, sha256=version.sha256).order_by("-id").first()
    compared = found.report["against"] if found else {"id": None, "version": "–"}
    if before is None or compared["id"] != before.pk:
        raise Overtaken(version=str(version), compared=compared["version"], before=str(before))


def _sources_must_hold(version: RuleVersion, day: dt.date) -> None:
    pack = pack_of(version)
    for name, compiled in pack.tables.items():
        for row in compiled.table.rows:
            for key in row.sources:
                if not pack.sources[key].holds_on(day.isoformat()):
                    place = f"{name}.csv, line {row.line}, column sources"
                    raise SourceEnded(place=place, row=row.id, source=key, day=day.isoformat())


def _shown(instant: dt.datetime) -> str:
    return instant.astimezone(clock.shop_zone()).strftime("%Y-%m-%d %H:%M")
