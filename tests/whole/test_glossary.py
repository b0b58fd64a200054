"""One word per idea: what events are about is in the glossary, and the glossary says each thing once in each language."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from aftersales.kernel.policy import GRANTS
from aftersales.ledger.catalogue import event_types

ROOT = Path(__file__).resolve().parents[2]


def rows() -> list[tuple[str, str, str]]:
    """Word, Chinese, meaning."""
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    cells = [tuple(cell.strip() for cell in line.strip("| ").split(" | ")) for line in lines if line.startswith("| ")]
    return [row for row in cells[2:] if len(row) == 3]


def known() -> set[str]:
    """Every single word of the glossary's terms."""
    return {part.lower() for word, _, _ in rows() for part in re.split(r"[ /-]", word)}


def test_each_word_stands_once_in_each_language() -> None:
    for column in (0, 1):
        twice = [word for word, count in Counter(row[column] for row in rows()).items() if count > 1]
        assert not twice
    assert all(all(row) for row in rows())
    assert [row[0].lower() for row in rows()] == sorted(row[0].lower() for row in rows())


def test_what_events_are_about_is_in_it() -> None:
    about = {name.split(".")[0] for name in event_types()}
    assert {word for word in about if word not in known() and word.rstrip("s") not in known()} == set()


def test_what_verbs_are_about_is_in_it() -> None:
    about = {verb.split(".")[0] for verb in GRANTS}
    assert {word for word in about if word not in known() and word.rstrip("s") not in known()} == set()


def test_the_map_names_every_page_that_exists() -> None:
    text = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\(([a-z-]+\.md)\)", text))
    there = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert named == there
