"""Both languages are whole: every English sentence has its Chinese one, with the same holes, also when compiled."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import polib
import pytest
from django.utils.translation import trim_whitespace

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


TAG = re.compile(r"""(?:\{%\s*(?:translate|trans)\s+|_\()("[^"\n]*")""")  # also `title=_("…")` in a tag
COMMENT = re.compile(r"\{%\s*comment\b.*?\{%\s*endcomment\s*%\}", re.DOTALL)
BLOCK = re.compile(
    r"\{%\s*blocktrans(?:late)?\b(?P<said>[^%]*)%\}(?P<text>.*?)"
    r"(?:\{%\s*plural\s*%\}(?P<many>.*?))?\{%\s*endblocktrans(?:late)?\s*%\}",
    re.DOTALL,
)
# Which arguments of a call are sentences; the first of the p-family is their context.
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), slice(0, 1)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), slice(0, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), slice(1, 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), slice(1, 3)),
}


def sentences(path: Path) -> set[str]:
    """Those in literal calls and tags. A cheaper reading than xgettext's, which not every machine has."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = COMMENT.sub("", text)
        said = {str(ast.literal_eval(found)).replace("%", "%%") for found in TAG.findall(text)}
        for block in BLOCK.finditer(text):
            said |= {_as_looked_up(each, block["said"]) for each in (block["text"], block["many"]) if each}
        return said
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.args)
    return {
        given.value
        for call in calls
        for given in call.args[CALLS.get(getattr(call.func, "id", ""), slice(0))]
        if isinstance(given, ast.Constant) and isinstance(given.value, str)
    }


def _as_looked_up(text: str, said: str) -> str:
    """The sentence of a block as Django asks the catalogue for it."""
    text = re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", text.replace("%", "%%"))
    return trim_whitespace(text) if "trimmed" in said else text


def test_every_sentence_in_the_code_is_in_the_catalogue(catalogue: polib.POFile) -> None:
    root = FOLDER.parents[2]
    known = {each for entry in catalogue for each in (entry.msgid, entry.msgid_plural)}
    missing = [
        (str(path.relative_to(root)), sentence)
        for folder in ("aftersales", "customers", "tickets", "returns", "templates")
        for path in (root / folder).rglob("*")
        if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts
        for sentence in sentences(path) - known
    ]
    assert sorted(missing) == []


def filled_at_import(path: Path) -> list[int]:
    """Lines on which a lazy sentence gets its values outside every function: there `%` asks for its words at once."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    later = {
        id(node)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.Lambda)
        for node in ast.walk(outer)
    }
    lazy = {
        name.asname or name.name
        for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
        for name in node.names if name.name.endswith("_lazy")
    }  # fmt: skip
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Call) and id(node) not in later
        and getattr(node.left.func, "id", "") in lazy
    ]  # fmt: skip


def test_no_sentence_gets_the_language_of_whoever_started_the_process() -> None:
    root = FOLDER.parents[2]
    found = [
        (str(path.relative_to(root)), line)
        for folder in ("aftersales", "customers", "tickets", "returns")
        for path in (root / folder).rglob("*.py")
        for line in filled_at_import(path)
    ]
    assert found == []
