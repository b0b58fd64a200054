"""Who works on the rules in these tests, and the smallest real change they make."""

from __future__ import annotations

from collections.abc import Mapping

from returns.actions import rulebook
from returns.models import RuleVersion
from tests.world import staff


def reworded(files: Mapping[str, str], word: str = "!") -> dict[str, str]:
    """The same rules with one sentence changed, which changes the hash and no decision."""
    title = 'title_en = "'
    return {**files, "pack.toml": files["pack.toml"].replace(title, title + word, 1)}


def a_draft(name: str = "mia", word: str = "!") -> RuleVersion:
    """A draft of the Chinese rules by a manager, with one sentence changed."""
    mia = staff("manager", name)
    draft = rulebook.start_draft("cn", actor=mia, note="Friendlier title")
    return rulebook.save_draft(draft.pk, reworded(draft.files, word), revision=draft.revision, actor=mia)


def submitted(word: str = "!") -> RuleVersion:
    """The same, handed over for approval."""
    return rulebook.submit(a_draft(word=word).pk, actor=staff("manager", "mia"))


def approved(word: str = "!") -> RuleVersion:
    """The same, approved by a lead."""
    version = submitted(word)
    return rulebook.approve(version.pk, version.sha256, actor=staff("lead", "leo"))
