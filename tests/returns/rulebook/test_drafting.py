"""A draft is begun from the last version, saved by several people without losing a word, and laid aside."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.models import Event
from aftersales.ledger.record import timeline
from returns.actions import rulebook
from returns.actions.rulebook.refusals import BadPack, DraftChanged, WrongVersionStatus
from returns.actions.rulebook.seeding import seed_rule_sets
from returns.models import RuleVersion
from returns.models.timeline import TamperedRules, _read, pack_for, pack_of, version_at
from returns.rules.pack import load_pack, shipped
from tests.returns.rulebook.people import a_draft, reworded
from tests.world import staff

pytestmark = pytest.mark.django_db


def test_the_shipped_packs_are_the_first_versions_and_seeding_again_costs_one_query(
    django_assert_num_queries: Any,
) -> None:
    first = RuleVersion.objects.filter(number=1, status="published", author=None)
    assert sorted(first.values_list("rule_set", flat=True)) == shipped()
    with django_assert_num_queries(1):
        seed_rule_sets()


def test_the_shipped_pack_decides_where_there_are_no_versions() -> None:
    assert version_at("nowhere", clock.now()) is None
    assert pack_for("cn", clock.now()) is load_pack("cn")


def test_a_draft_copies_the_last_version_under_its_own_number() -> None:
    draft = rulebook.start_draft("cn", actor=staff("lead"))
    assert draft.base
    assert (draft.number, draft.status, draft.base.number) == (2, "draft", 1)
    assert pack_of(draft).version == "2"
    assert {k: v for k, v in draft.files.items() if k != "pack.toml"} == {
        k: v for k, v in draft.base.files.items() if k != "pack.toml"
    }
    assert [event.name for event in timeline(draft)] == ["rules.drafted"]


def test_beginning_twice_begins_once_and_an_edited_draft_does_not_count() -> None:
    lead = staff("lead")
    draft = rulebook.start_draft("cn", actor=lead)
    assert rulebook.start_draft("cn", actor=lead).pk == draft.pk
    assert rulebook.start_draft("cn", actor=staff("manager")).pk != draft.pk
    rulebook.save_draft(draft.pk, reworded(draft.files), revision=1, actor=lead)
    assert rulebook.start_draft("cn", actor=lead).pk != draft.pk


@pytest.mark.parametrize("role", ["agent", "warehouse", "auditor"])
def test_others_begin_no_draft(role: str) -> None:
    with pytest.raises(NotPermitted):
        rulebook.start_draft("cn", actor=staff(role))


def test_a_set_that_is_not_there_does_not_exist() -> None:
    with pytest.raises(NotFound):
        rulebook.start_draft("mars", actor=staff("manager"))
    with pytest.raises(NotPermitted):
        rulebook.start_draft("cn", actor=SYSTEM)


def test_saving_keeps_who_changed_what_and_saving_again_changes_nothing() -> None:
    draft = a_draft()
    edit = draft.edits.get()
    assert (str(edit.editor), edit.revision, draft.revision) == ("mia", 2, 2)
    assert [(each["file"], each["row"]) for each in edit.changes] == [("pack.toml", "title_en")]
    before = Event.objects.count()
    again = rulebook.save_draft(draft.pk, draft.files, revision=1, actor=staff("lead"))
    assert (again.revision, Event.objects.count()) == (2, before)


def test_the_second_saver_is_told_who_changed_what_and_the_draft_stays_as_it_was() -> None:
    draft = rulebook.start_draft("cn", actor=staff("manager", "mia"))
    theirs = reworded(draft.files, "Hers ")
    rulebook.save_draft(draft.pk, theirs, revision=1, actor=staff("manager", "mia"))
    with pytest.raises(DraftChanged) as refusal:
        rulebook.save_draft(draft.pk, reworded(draft.files, "His "), revision=1, actor=staff("lead", "leo"))
    assert (refusal.value.status, refusal.value.params["who"], refusal.value.params["revision"]) == (409, "mia", 2)
    assert "title_en" in str(refusal.value)
    assert refusal.value.params["changes"][0]["after"].startswith("Hers ")
    draft.refresh_from_db()
    assert draft.files == theirs
    rulebook.save_draft(draft.pk, reworded(draft.files, "His "), revision=2, actor=staff("lead", "leo"))


def test_a_text_that_cannot_be_read_is_kept_and_has_no_hash() -> None:
    draft = a_draft()
    broken = {**draft.files, "cause.csv": "id,layer"}
    draft = rulebook.save_draft(draft.pk, broken, revision=2, actor=staff("manager", "mia"))
    assert (draft.sha256, draft.revision) == ("", 3)


@pytest.mark.parametrize(
    ("name", "text"),
    [("../evil.csv", "id"), ("cause.csv", "x" * 2_000_001), ("cause.csv", "id\x00"), ("run.py", "1")],
)
def test_what_is_no_pack_file_is_refused_by_name(name: str, text: str) -> None:
    draft = a_draft()
    with pytest.raises(BadPack) as refusal:
        rulebook.save_draft(draft.pk, {**draft.files, name: text}, revision=2, actor=staff("manager"))
    assert refusal.value.params["file"] == name


def test_rules_are_written_by_people() -> None:
    key = dataclasses.replace(staff("manager"), kind="api")
    with pytest.raises(BadInput) as refusal:
        rulebook.start_draft("cn", actor=key)
    assert refusal.value.code == "not_a_person"


def test_a_discarded_draft_stays_readable_and_is_closed() -> None:
    draft = a_draft()
    mia = staff("manager", "mia")
    rulebook.discard_draft(draft.pk, actor=mia)
    assert rulebook.discard_draft(draft.pk, actor=mia).status == "withdrawn"
    assert [event.name for event in timeline(draft)] == ["rules.drafted", "rules.saved", "rules.discarded"]
    with pytest.raises(WrongVersionStatus):
        rulebook.save_draft(draft.pk, reworded(draft.files), revision=2, actor=mia)


def test_a_stored_text_that_was_tampered_with_decides_nothing() -> None:
    draft = a_draft()
    _read.cache_clear()
    RuleVersion.objects.filter(pk=draft.pk).update(files=reworded(draft.files, "Forged "))
    draft.refresh_from_db()
    with pytest.raises(TamperedRules):
        pack_of(draft)
