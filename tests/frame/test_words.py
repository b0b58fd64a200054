"""Both languages are whole: every English sentence has its Chinese one, with the same holes, also when compiled."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import polib
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "locale" / "zh_Hans" / "LC_MESSAGES"
HOLE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(FOLDER / "django.po"))


def chinese(entry: polib.POEntry) -> str:
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def test_nothing_is_untranslated_or_guessed(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue if not chinese(entry)] == []
    assert [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete] == []


def test_both_languages_have_the_same_holes(catalogue: polib.POFile) -> None:
    different = []
    for entry in catalogue:
        english, there = set(HOLE.findall(entry.msgid_plural or entry.msgid)), set(HOLE.findall(chinese(entry)))
        if not (there == english or (entry.msgid_plural and there <= english)):
            different.append((entry.msgid, chinese(entry)))
    assert different == []


def test_chinese_sentences_use_chinese_punctuation(catalogue: polib.POFile) -> None:
    """A half-width comma or stop after a Chinese character is a slip of the keyboard."""
    slip = re.compile(r"[\u4e00-\u9fff][,;:!?]|[\u4e00-\u9fff]\.(\s|$)")
    assert [chinese(entry) for entry in catalogue if slip.search(chinese(entry))] == []


def test_the_compiled_catalogue_is_the_written_one(catalogue: polib.POFile) -> None:
    compiled = {(e.msgctxt, e.msgid): chinese(e) for e in polib.mofile(str(FOLDER / "django.mo"))}
    assert compiled == {(e.msgctxt, e.msgid): chinese(e) for e in catalogue if chinese(e)}


TAG = re.compile(r"""\{%\s*(?:translate|trans)\s+("[^"\n]*")""")


def sentences(path: Path) -> set[str]:
    """Those in literal calls and tags. A cheaper reading than xgettext's, which not every machine has."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return {str(ast.literal_eval(found)) for found in TAG.findall(text)}
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.args)
    return {
        call.args[0].value
        for call in calls
        if getattr(call.func, "id", "") in ("_", "gettext", "gettext_lazy")
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_every_sentence_in_the_code_is_in_the_catalogue(catalogue: polib.POFile) -> None:
    root = FOLDER.parents[2]
    known = {entry.msgid for entry in catalogue}
    missing = [
        (str(path.relative_to(root)), sentence)
        for folder in ("aftersales", "customers", "tickets", "returns", "templates")
        for path in (root / folder).rglob("*")
        if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts
        for sentence in sentences(path) - known
    ]
    assert sorted(missing) == []
