"""No rules are published without another person's approval of that very text: not by an action, not by SQL."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import BadInput, NotPermitted
from aftersales.ledger.record import timeline
from aftersales.notices.models import Notice
from returns.actions import rulebook
from returns.actions.rulebook.refusals import BadPack, NotReady, OwnWork, StaleText, WrongVersionStatus
from returns.models import RuleApproval, RuleEdit, RuleEvidence, RuleVersion
from tests.returns.rulebook.people import a_draft, approved, reworded, submitted
from tests.world import member, staff

pytestmark = pytest.mark.django_db


def refused(sql: str, *values: Any) -> None:
    """The database says no to this statement."""
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_submitting_keeps_the_evidence_and_asks_those_who_may_approve(drain: Callable[[], int]) -> None:
    leo = member("lead", "leo")
    version = submitted()
    evidence = {each.kind: (each.verdict, each.sha256) for each in version.evidence.all()}
    assert evidence == dict.fromkeys(("proof", "diff", "tests"), ("pass", version.sha256))
    assert rulebook.submit(version.pk, actor=staff("manager", "mia")).status == "submitted"
    assert RuleEvidence.objects.count() == 3
    drain()
    assert [each.recipient_id for each in Notice.objects.filter(template="rules.submitted")] == [leo.pk]


def test_a_gap_is_refused_with_its_place_and_what_to_do() -> None:
    draft = a_draft()
    mia = staff("manager", "mia")
    lines = draft.files["cause.csv"].splitlines(keepends=True)
    rulebook.save_draft(draft.pk, {**draft.files, "cause.csv": "".join(lines[:-1])}, revision=2, actor=mia)
    with pytest.raises(NotReady) as refusal:
        rulebook.submit(draft.pk, actor=mia)
    assert refusal.value.params["trouble"][0].startswith("GAP in table cause")
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_text_that_cannot_be_read_is_refused_by_line_and_column() -> None:
    draft = a_draft()
    mia = staff("manager", "mia")
    broken = draft.files["cause.csv"].replace("verified", "verifed", 1)
    rulebook.save_draft(draft.pk, {**draft.files, "cause.csv": broken}, revision=2, actor=mia)
    with pytest.raises(BadPack) as refusal:
        rulebook.submit(draft.pk, actor=mia)
    assert (refusal.value.params["file"], refusal.value.params["column"]) == ("cause.csv", "mark")


def test_a_draft_without_a_change_is_not_submitted() -> None:
    draft = rulebook.start_draft("cn", actor=staff("manager", "mia"))
    with pytest.raises(BadPack) as refusal:
        rulebook.submit(draft.pk, actor=staff("manager", "mia"))
    assert "same as version 1" in str(refusal.value)


def test_an_example_that_another_row_decides_is_refused() -> None:
    draft = a_draft()
    mia = staff("manager", "mia")
    first, *rest = draft.files["examples.jsonl"].splitlines(keepends=True)
    moved = json.loads(first) | {"row": json.loads(rest[0])["row"]}
    text = json.dumps(moved, ensure_ascii=False) + "\n" + "".join(rest)
    rulebook.save_draft(draft.pk, {**draft.files, "examples.jsonl": text}, revision=2, actor=mia)
    with pytest.raises(NotReady) as refusal:
        rulebook.submit(draft.pk, actor=mia)
    assert "examples.jsonl, line 1" in refusal.value.params["trouble"][0]


@pytest.mark.parametrize("name", ["mia", "eva"])
def test_author_and_editor_cannot_approve(name: str) -> None:
    draft = a_draft()
    rulebook.save_draft(draft.pk, reworded(draft.files, "More "), revision=2, actor=staff("manager", "eva"))
    version = rulebook.submit(draft.pk, actor=staff("manager", "mia"))
    with pytest.raises(OwnWork):
        rulebook.approve(version.pk, version.sha256, actor=staff("manager", name))


def test_approving_is_said_once_and_by_a_lead_of_this_very_text() -> None:
    version = submitted()
    leo = staff("lead", "leo")
    with pytest.raises(NotPermitted):
        rulebook.approve(version.pk, version.sha256, actor=staff("agent"))
    with pytest.raises(StaleText):
        rulebook.approve(version.pk, "0" * 64, actor=leo)
    rulebook.approve(version.pk, version.sha256, actor=leo, comment="Good")
    rulebook.approve(version.pk, version.sha256, actor=leo)
    assert [(str(each.approver), each.comment) for each in RuleApproval.objects.all()] == [("leo", "Good")]
    names = [event.name for event in timeline(version)]
    assert names == ["rules.drafted", "rules.saved", "rules.submitted", "rules.approved"]


def test_what_was_sent_back_or_taken_back_needs_a_new_approval() -> None:
    version = approved()
    mia, leo = staff("manager", "mia"), staff("lead", "leo")
    rulebook.take_back(version.pk, actor=mia)
    again = rulebook.submit(version.pk, actor=mia)
    assert (again.status, again.revision) == ("submitted", 3)
    with pytest.raises(WrongVersionStatus):
        rulebook.publish(version.pk, None, actor=mia)
    rulebook.send_back(version.pk, version.sha256, actor=leo, comment="Say why")
    version.refresh_from_db()
    assert (version.status, version.revision) == ("draft", 4)


def test_withdrawing_is_final_and_twice_is_once() -> None:
    version = approved()
    mia = staff("manager", "mia")
    rulebook.withdraw(version.pk, actor=mia)
    assert rulebook.withdraw(version.pk, actor=mia).status == "withdrawn"
    with pytest.raises(WrongVersionStatus):
        rulebook.publish(version.pk, None, actor=mia)


PUBLISH = "UPDATE returns_ruleversion SET status = 'published', effective_from = %s, published_at = %s WHERE id = %s"


@pytest.mark.parametrize("state", [a_draft, submitted])
def test_sql_publishes_nothing_that_nobody_approved(state: Callable[[], RuleVersion]) -> None:
    version = state()
    refused(PUBLISH, clock.now(), clock.now(), version.pk)
    refused("UPDATE returns_ruleversion SET status = 'approved' WHERE id = %s", version.pk)
    version.refresh_from_db()
    assert version.status in ("draft", "submitted")


def test_sql_inserts_no_published_version() -> None:
    columns = (
        "rule_set, number, status, files, sha256, semantics, shipped_sha256, change_note, revision, created_at, "
        "effective_from, published_at"
    )
    refused(
        f"INSERT INTO returns_ruleversion ({columns}, author_id) "
        f"SELECT rule_set, 99, 'published', files, sha256, semantics, '', '', 1, created_at, %s, published_at, %s "
        "FROM returns_ruleversion WHERE rule_set = 'cn' AND number = 1",
        clock.now(),
        member("manager").pk,
    )


def test_sql_approves_in_nobodys_name_who_wrote_it_or_may_not() -> None:
    version = submitted()
    insert = (
        "INSERT INTO returns_ruleapproval (version_id, sha256, revision, approver_id, verdict, comment, decided_at)"
        " VALUES (%s, %s, %s, %s, 'approve', '', %s)"
    )
    for who in (member("manager", "mia"), member("agent")):
        refused(insert, version.pk, version.sha256, version.revision, who.pk, clock.now())
    leo = member("lead", "leo")
    refused(insert, version.pk, "0" * 64, version.revision, leo.pk, clock.now())
    refused(insert, version.pk, version.sha256, version.revision + 1, leo.pk, clock.now())


@pytest.mark.parametrize(
    "change",
    [
        "files = '{}'",
        "sha256 = 'x'",
        "number = 77",
        "author_id = NULL",
        "effective_from = created_at",
        "change_note = 'x'",
        "revision = 9",
        "submitted_by_id = NULL",
        "rule_set = 'eu'",
    ],
)
@pytest.mark.parametrize("state", [submitted, approved], ids=["submitted", "approved"])
def test_sql_changes_nothing_that_was_submitted(state: Callable[[], RuleVersion], change: str) -> None:
    refused(f"UPDATE returns_ruleversion SET {change} WHERE id = %s", state().pk)


@pytest.mark.parametrize("change", ["files = '{}'", "effective_from = created_at", "status = 'draft'", "number = 5"])
def test_sql_changes_nothing_that_was_published(change: str) -> None:
    version = rulebook.publish(approved().pk, None, actor=staff("manager", "mia"))
    refused(f"UPDATE returns_ruleversion SET {change} WHERE id = %s", version.pk)
    refused("UPDATE returns_ruleversion SET status = 'retired', retired_at = %s WHERE id = %s", clock.now(), version.pk)


def test_sql_forgets_nothing() -> None:
    version = approved()
    for table in ("returns_ruleapproval", "returns_ruleevidence", "returns_ruleedit"):
        refused(f"UPDATE {table} SET version_id = version_id WHERE version_id = %s", version.pk)
    if connection.vendor == "postgresql":  # on SQLite the test's own database gives these triggers up to be emptied
        for table in ("returns_ruleapproval", "returns_ruleevidence", "returns_ruleedit"):
            refused(f"DELETE FROM {table} WHERE version_id = %s", version.pk)
        refused("DELETE FROM returns_ruleversion WHERE rule_set = 'cn' AND number = 1")


def test_every_trigger_is_there() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'returns_rule%%'")
            assert cursor.fetchone()[0] >= 12
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'returns_rule%%'")
            assert cursor.fetchone()[0] == 7


def test_a_shell_finds_no_action_that_publishes_alone() -> None:
    """The job's actor, a program with a manager's key, and a manager alone: none of them is the second person."""
    mia = staff("manager", "mia")
    key = dataclasses.replace(mia, kind="api")
    version = submitted()
    for actor in (SYSTEM, key, mia):
        with pytest.raises((NotPermitted, OwnWork, BadInput)):
            rulebook.approve(version.pk, version.sha256, actor=actor)
        with pytest.raises((NotPermitted, WrongVersionStatus)):
            rulebook.publish(version.pk, None, actor=actor)
    version.refresh_from_db()
    assert version.status == "submitted"


def test_the_models_own_methods_publish_nothing() -> None:
    version = submitted()
    version.status, version.effective_from, version.published_at = "published", clock.now(), clock.now()
    with pytest.raises(DatabaseError), transaction.atomic():
        version.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleVersion.objects.filter(pk=version.pk).update(status="approved")


def test_the_admin_has_no_form_that_writes_a_version(rf: RequestFactory) -> None:
    request = rf.get("/office/")
    request.user = member("manager", "mia")
    for model in (RuleVersion, RuleApproval, RuleEvidence, RuleEdit):
        registered = admin.site._registry.get(model)
        if registered is not None:
            rights = (registered.has_add_permission, registered.has_change_permission, registered.has_delete_permission)
            assert not any(right(request) for right in rights), model
