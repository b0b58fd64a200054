"""Approve a submitted version, or send it back: always somebody who neither wrote, edited nor submitted it."""

from __future__ import annotations

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from returns.actions.rulebook.drafting import LONGEST_NOTE, person
from returns.actions.rulebook.refusals import OwnWork, StaleText, must_be
from returns.actions.rulebook.submitting import to_draft
from returns.models import RuleApproval, RuleVersion
from tickets.actions.conversation import clean_text

S, A = RuleVersion.Status, RuleApproval.Verdict


@transaction.atomic
def approve(version_id: int, sha256: str, *, actor: Actor, comment: str = "") -> RuleVersion:
    """Say yes to the text with this hash. Approving twice changes nothing.

    Raises `StaleText` where another text stands there by now, and `OwnWork` for its author, an editor or whoever
    submitted it. The database asks for the same again.
    """
    version, who = _reader(version_id, sha256, actor)
    if version.status in (S.APPROVED, S.PUBLISHED) and version.approvals.filter(verdict=A.APPROVE).exists():
        return version
    must_be(version, S.SUBMITTED)
    said = clean_text(comment, field="comment", longest=LONGEST_NOTE) if comment.strip() else ""
    _say(version, A.APPROVE, who, said)
    version.status = S.APPROVED
    version.save(update_fields=["status"])
    record("rules.approved", on=version, actor=actor, version=str(version), sha256=sha256, comment=said)
    return version


@transaction.atomic
def send_back(version_id: int, sha256: str, *, actor: Actor, comment: str) -> RuleVersion:
    """Say what must change first: the version is a draft again, and what was approved of it is void."""
    version, who = _reader(version_id, sha256, actor)
    must_be(version, S.SUBMITTED, S.APPROVED)
    said = clean_text(comment, field="comment", longest=LONGEST_NOTE)
    _say(version, A.SEND_BACK, who, said)
    to_draft(version)
    record("rules.sent_back", on=version, actor=actor, version=str(version), sha256=sha256, comment=said)
    return version


def _reader(version_id: int, sha256: str, actor: Actor) -> tuple[RuleVersion, int]:
    """The version, locked, and the person who read it."""
    version: RuleVersion = RuleVersion.objects.visible_to(actor).lock(version_id)
    check(actor, "rules.approve")
    who = person(actor)
    if who in (version.author_id, version.submitted_by_id) or version.edits.filter(editor=who).exists():
        raise OwnWork(version=str(version))
    if sha256 != version.sha256:
        raise StaleText(version=str(version))
    return version, who


def _say(version: RuleVersion, verdict: RuleApproval.Verdict, who: int, comment: str) -> None:
    RuleApproval.objects.create(
        version=version, sha256=version.sha256, revision=version.revision, approver_id=who, verdict=verdict,
        comment=comment, decided_at=clock.now(),
    )  # fmt: skip
