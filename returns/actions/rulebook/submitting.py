"""Submit a draft for approval, take it back to change it, or withdraw it. Called by the office's pages."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from returns.actions.rulebook import evidence
from returns.actions.rulebook.drafting import person
from returns.actions.rulebook.refusals import NotReady, bad_pack, must_be
from returns.models import RuleEvidence, RuleVersion
from returns.models.timeline import pack_of, version_at
from returns.rules.label import line_of_label, same_but_label
from returns.rules.pack import Pack, read_pack
from returns.rules.text import PackError

S = RuleVersion.Status


def submit(version_id: int, *, actor: Actor) -> RuleVersion:
    """Prove a draft, run its examples, compare it, and hand it to whoever may approve. Submitting twice changes nothing.

    The evidence is kept with the hash of the text it speaks for. Raises `BadPack` for a text that cannot be read and
    `NotReady`, whose `trouble` says row, column and what to do. The looking happens before the row is locked, and is
    thrown away where somebody saved meanwhile.
    """
    seen: RuleVersion | None = RuleVersion.objects.visible_to(actor).filter(pk=version_id).first()
    if seen is None:
        raise NotFound
    check(actor, "rules.draft")
    who = person(actor)
    if seen.status in (S.SUBMITTED, S.APPROVED, S.PUBLISHED):
        return seen
    must_be(seen, S.DRAFT)
    try:
        pack = read_pack(seen.files)
        _must_be_of_its_set(seen, pack)
        found = evidence.all_of(seen, against(seen, clock.now()))
    except PackError as error:
        raise bad_pack(error) from None
    if trouble := [each for piece in found for each in piece.trouble]:
        raise NotReady(first=trouble[0], more=len(trouble) - 1, trouble=trouble[: evidence.MOST_TOLD])
    return _hand_over(seen, found, who=who, actor=actor)


@transaction.atomic
def _hand_over(seen: RuleVersion, found: list[evidence.Found], *, who: int, actor: Actor) -> RuleVersion:
    version: RuleVersion = RuleVersion.objects.lock(seen.pk)
    must_be(version, S.DRAFT)
    if version.revision != seen.revision:
        raise NotReady(_("Somebody saved the draft while it was being proved. Look at it again, then submit it."))
    now = clock.now()
    RuleEvidence.objects.bulk_create(
        RuleEvidence(
            version=version,
            sha256=version.sha256,
            kind=each.kind,
            verdict=each.verdict,
            report=each.report,
            made_at=now,
        )
        for each in found
    )
    version.status, version.submitted_at, version.submitted_by_id = S.SUBMITTED, now, who
    version.save(update_fields=["status", "submitted_at", "submitted_by"])
    record("rules.submitted", on=version, actor=actor, at=now, version=str(version), sha256=version.sha256,
           note=version.change_note)  # fmt: skip
    return version


@transaction.atomic
def take_back(version_id: int, *, actor: Actor) -> RuleVersion:
    """Make a submitted or approved text a draft again; whatever was approved is void. A draft stays as it is."""
    version: RuleVersion = RuleVersion.objects.visible_to(actor).lock(version_id)
    check(actor, "rules.draft")
    if version.status == S.DRAFT:
        return version
    must_be(version, S.SUBMITTED, S.APPROVED)
    to_draft(version)
    record("rules.taken_back", on=version, actor=actor, version=str(version))
    return version


@transaction.atomic
def withdraw(version_id: int, *, actor: Actor) -> RuleVersion:
    """Give a submitted or approved version up for good; it stays readable. Withdrawing twice changes nothing."""
    version: RuleVersion = RuleVersion.objects.visible_to(actor).lock(version_id)
    check(actor, "rules.draft")
    if version.status == S.WITHDRAWN:
        return version
    must_be(version, S.SUBMITTED, S.APPROVED)
    version.status = S.WITHDRAWN
    version.save(update_fields=["status"])
    record("rules.withdrawn", on=version, actor=actor, version=str(version))
    return version


def to_draft(version: RuleVersion) -> None:
    """A new revision, so that no approval of the old one holds. The caller holds the lock and records the event."""
    version.status, version.submitted_at, version.submitted_by = S.DRAFT, None, None
    version.revision += 1
    version.save(update_fields=["status", "submitted_at", "submitted_by", "revision"])


def against(version: RuleVersion, at: dt.datetime) -> RuleVersion:
    """The version this one would follow: its base where that is in force or still to begin, else the one in force."""
    now_in_force = version_at(version.rule_set, at)
    if now_in_force is None:
        raise NotFound
    base = version.base
    if base is not None and base.status == S.PUBLISHED and base.effective_from and base.effective_from > at:
        return base
    return now_in_force


def _must_be_of_its_set(version: RuleVersion, pack: Pack) -> None:
    """The text says which rules it is, by which fact a case finds its version, and has a name of its own."""
    line = line_of_label(version.files)
    first = RuleVersion.objects.get(rule_set=version.rule_set, number=1)
    if pack.name != version.rule_set:
        raise PackError("pack.toml", f"is the pack {pack.name!r}; write name = {version.rule_set!r}", column="name")
    fact = pack_of(first).governing_fact
    if pack.governing_fact != fact:
        # Two versions that look at different days would leave cases to both of them, or to none.
        raise PackError("pack.toml", f"must keep governing_fact = {fact!r}, as every version", column="governing_fact")
    others = RuleVersion.objects.filter(rule_set=version.rule_set).exclude(pk=version.pk).exclude(submitted_at=None)
    for other in [first, *others.exclude(pk=first.pk)]:
        if other.status != S.WITHDRAWN and same_but_label(other.files, version.files):
            raise PackError("pack.toml", f"says the same as version {other.number}; change something first")
        if other.status != S.WITHDRAWN and pack_of(other).version == pack.version:
            why = f'is the name of version {other.number} already; write version = "{version.number}"'
            raise PackError("pack.toml", why, line, "version")
