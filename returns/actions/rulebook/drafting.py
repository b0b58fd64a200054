"""Begin, save and discard a draft of the rules. Called by the office's pages and by `manage.py rules import`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from returns.actions.rulebook.refusals import DraftChanged, bad_pack, must_be
from returns.actions.rulebook.seeding import seed_rule_sets
from returns.models import RuleEdit, RuleVersion
from returns.rules.changes import changes
from returns.rules.label import labelled
from returns.rules.pack import read_pack
from returns.rules.text import BIGGEST_FILE, PackError
from tickets.actions.conversation import clean_text

MOST_FILES = 60
LONGEST_NOTE = 2000
_NAME = re.compile(r"[a-z][a-z0-9_.]{0,40}\.(toml|csv|jsonl)")
S = RuleVersion.Status


@transaction.atomic
def start_draft(
    rule_set: str,
    *,
    actor: Actor,
    base: int | None = None,
    note: str = "",
    files: Mapping[str, str] | None = None,
    shipped_sha256: str = "",
) -> RuleVersion:
    """Begin a new version from another one (by default the last of the timeline), or from a text that is given.

    A copy gets its number as its name; a given text stays as it is, byte for byte. Beginning the same draft again
    while it is untouched gives the one there is. Raises `NotFound` and `BadPack`.
    """
    first = _lock_set(rule_set, actor)
    check(actor, "rules.draft")
    author = person(actor)
    origin = _origin(rule_set, base)
    number = 1 + RuleVersion.objects.filter(rule_set=rule_set).aggregate(most=Max("number"))["most"]
    text = _checked(files) if files is not None else _copy(origin, number)
    untouched = RuleVersion.objects.filter(
        rule_set=rule_set, status=S.DRAFT, base=origin, author_id=author, revision=1,
        shipped_sha256=shipped_sha256,
    ).first()  # fmt: skip
    if untouched is not None and untouched.files in (text, _copy(origin, untouched.number)):
        return untouched
    now = clock.now()
    version = RuleVersion.objects.create(
        rule_set=rule_set, number=number, files=text, sha256=_hash_of(text), semantics=first.semantics, base=origin,
        shipped_sha256=shipped_sha256, author_id=author, change_note=_note(note), created_at=now,
    )  # fmt: skip
    record("rules.drafted", on=version, actor=actor, at=now, version=str(version), base=str(origin))
    return version


@transaction.atomic
def save_draft(
    version_id: int, files: Mapping[str, str], *, revision: int, actor: Actor, note: str | None = None
) -> RuleVersion:
    """Keep a new text of a draft, also one that cannot be read yet: only submitting needs a whole pack.

    `revision` is the one the text was made from. Where somebody saved since, `DraftChanged` (409) says who and what,
    and the draft stays as they left it. Saving the same text again changes nothing.
    """
    version: RuleVersion = RuleVersion.objects.visible_to(actor).lock(version_id)
    check(actor, "rules.draft")
    text = _checked(files)
    note = version.change_note if note is None else _note(note)
    if version.files == text and version.change_note == note:
        return version
    must_be(version, S.DRAFT)
    if version.revision != revision:
        raise _changed_since(version, revision)
    editor = person(actor)
    now = clock.now()
    made = [each.as_dict() for each in changes(version.files, text)]
    version.files, version.sha256, version.change_note = text, _hash_of(text), note
    version.revision += 1
    version.save(update_fields=["files", "sha256", "change_note", "revision"])
    RuleEdit.objects.create(version=version, revision=version.revision, editor_id=editor, changes=made, saved_at=now)
    record("rules.saved", on=version, actor=actor, at=now, version=str(version), changes=len(made))
    return version


@transaction.atomic
def discard_draft(version_id: int, *, actor: Actor) -> RuleVersion:
    """Lay a draft aside for good. It stays readable, its number is not given again. Discarding twice changes nothing."""
    version: RuleVersion = RuleVersion.objects.visible_to(actor).lock(version_id)
    check(actor, "rules.draft")
    if version.status == S.WITHDRAWN:
        return version
    must_be(version, S.DRAFT)
    RuleVersion.objects.filter(pk=version.pk).update(status=S.WITHDRAWN)
    version.status = S.WITHDRAWN
    record("rules.discarded", on=version, actor=actor, version=str(version))
    return version


def _lock_set(rule_set: str, actor: Actor) -> RuleVersion:
    """The first version of the set, locked: whoever holds it gives out the next number."""
    seed_rule_sets()
    mine = RuleVersion.objects.visible_to(actor).filter(rule_set=rule_set, number=1)
    found: RuleVersion | None = mine.select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    return found


def _origin(rule_set: str, base: int | None) -> RuleVersion:
    of_set = RuleVersion.objects.filter(rule_set=rule_set)
    origin: RuleVersion | None = (
        of_set.published().order_by("-effective_from").first() if base is None else of_set.filter(pk=base).first()
    )
    if origin is None:
        raise NotFound
    return origin


def _copy(origin: RuleVersion, number: int) -> dict[str, str]:
    try:
        return labelled(origin.files, str(number))
    except PackError:  # a draft whose head is broken is begun from as it is
        return dict(origin.files)


def person(actor: Actor) -> int:
    """Rules are written by people: a key or the clock cannot answer for them, nor be told apart from an approver."""
    if actor.kind != "staff" or actor.id is None:
        raise BadInput(_("Rules are changed by people who have signed in, not by programs."), code="not_a_person")
    return actor.id


def _note(note: str) -> str:
    return clean_text(note, field="note", longest=LONGEST_NOTE) if note.strip() else ""


def _checked(files: Mapping[str, str]) -> dict[str, str]:
    """The files as they may be kept. Raises `BadPack` for a name that is no pack file's, too many, or too large."""
    if len(files) > MOST_FILES:
        raise bad_pack(PackError("pack.toml", f"comes with {len(files)} files; a pack has at most {MOST_FILES}"))
    for name, text in files.items():
        if not _NAME.fullmatch(name):
            raise bad_pack(PackError(name[:60], "is not a file of a pack; those are named like cause.csv or pack.toml"))
        if len(text.encode()) > BIGGEST_FILE:
            raise bad_pack(PackError(name, f"is larger than {BIGGEST_FILE} bytes; a pack file never is"))
        if "\x00" in text:
            line = text.count("\n", 0, text.index("\x00")) + 1
            raise bad_pack(PackError(name, "holds a zero byte; save it as plain text", line))
    return dict(files)


def _hash_of(files: Mapping[str, str]) -> str:
    """The hash of a text that can be read, else blank."""
    try:
        return read_pack(files).sha256
    except PackError:
        return ""


def _changed_since(version: RuleVersion, revision: int) -> DraftChanged:
    """Who saved since that revision, and what they changed."""
    since = list(version.edits.filter(revision__gt=revision).select_related("editor"))
    made = [change for edit in since for change in edit.changes]
    people = dict.fromkeys(str(edit.editor) for edit in since)
    places = dict.fromkeys(" ".join(filter(None, (each["file"], each["row"], each["column"]))) for each in made)
    what = ", ".join(list(places)[:5]) + (" …" if len(places) > 5 else "")
    return DraftChanged(
        who=", ".join(people) or "–", what=what or "–", changes=made, revision=version.revision,
        at=since[-1].saved_at.isoformat() if since else "",
    )  # fmt: skip
