"""What one may choose for one place of the grid: the values of a column, the outcomes, sources, layers, words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from aftersales.office.ruleeditor.findings import WORDS
from aftersales.office.ruletelling import fact, language, word
from aftersales.office.rulewords import LAYERS, MARKS
from returns.rules.editing.rows import find_row
from returns.rules.editing.words import read_toml, words_of
from returns.rules.facts import vocabulary
from returns.rules.language import Column, Outcome, Row, Table
from returns.rules.phrases import PLACEHOLDERS
from returns.rules.sources import KINDS, Source

SPECIAL = ("row", "layer", "grounds", "words")  # places of a row that are neither condition nor outcome


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to tick or choose."""

    value: str
    words: str | Promise
    chosen: bool
    note: str = ""


@dataclass(slots=True)
class Picker:
    """The form for one place. `kind` names its template part: enum, bool, range, one, list, number, or a special place."""

    row: str
    key: str
    kind: str
    title: str
    help: str = ""
    mode: str = "any"  # any, in, not
    choices: list[Choice] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)


def pick(files: Mapping[str, str], table: Table, sources: Mapping[str, Source], row: str, key: str) -> Picker:
    """The picker for `key` of a row: `if-NAME` a condition, `then-NAME` an outcome, else one of SPECIAL. Raises Http404
    where there is no such place, EditError where the row is gone."""
    found = find_row(table, row)
    if key == "row":
        return _whole(table, found)
    if key == "layer":
        return Picker(row, key, "layer", _("Layer"), choices=_layers(found))
    if key == "grounds":
        return _grounds(files, found, sources)
    if key == "words":
        return _words(files, table, found)
    kind, _sep, name = key.partition("-")
    for at, column in enumerate(table.columns):
        if kind == "if" and column.name == name:
            return _condition(column, found, at)
    for at, outcome in enumerate(table.outcomes):
        if kind == "then" and outcome.name == name:
            return _outcome(outcome, found, at)
    raise Http404


def _condition(column: Column, row: Row, at: int) -> Picker:
    cell = row.cells[at]
    known = vocabulary().get(column.name)
    picker = Picker(
        row.id, f"if-{column.name}", column.kind, fact(column.name), known.help(language()) if known else ""
    )
    if column.kind == "enum":
        text = column.format(cell)
        picker.mode = "any" if cell is None else "not" if text.startswith("not ") else "in"
        ticked = set() if cell is None else set(text.removeprefix("not ").split("|"))
        picker.choices = [Choice(value, word(column.name, value), value in ticked) for value in column.values]
    elif column.kind == "bool":
        chosen = column.format(cell)
        options = (("*", _("any")), ("yes", _("yes")), ("no", _("no")))
        picker.choices = [Choice(value, words, value == chosen) for value, words in options]
    else:
        picker.kind = "range"
        picker.mode = "any" if cell is None else "in"
        low, high = (column.lo, column.hi) if cell is None else cell[0]
        picker.more = {
            "low": low, "high": high, "lo": column.lo, "hi": column.hi,
            "unit": known.unit(language()) if known else "",
        }  # fmt: skip
    return picker


def _outcome(outcome: Outcome, row: Row, at: int) -> Picker:
    value = row.outcome[at]
    picker = Picker(row.id, f"then-{outcome.name}", "one", fact(outcome.name))
    if outcome.kind == "bool":
        options = (("yes", _("yes")), ("no", _("no")))
        picker.choices = [Choice(each, words, each == outcome.format(value)) for each, words in options]
    elif outcome.kind == "enum":
        picker.choices = [Choice(each, word(outcome.name, each), each == value) for each in outcome.values]
    elif outcome.kind == "int":
        picker.kind = "number"
        picker.more = {"value": "" if value is None else value}
    else:
        picker.kind = "list"
        taken = value if isinstance(value, tuple) else ()
        picker.help = _("In this order; the first is offered first.")
        picker.more = {
            "places": [
                [Choice(each, word(outcome.name, each), taken[at : at + 1] == (each,)) for each in outcome.values]
                for at in range(min(len(outcome.values), max(5, len(taken) + 1)))
            ]
        }
    return picker


def _layers(row: Row) -> list[Choice]:
    return [Choice(str(number), words, number == row.layer) for number, words in LAYERS.items()]


def _whole(table: Table, row: Row) -> Picker:
    """Everything that can be done with a row, and the conditions it does not test yet: what a phone does not show."""
    pairs = zip(table.columns, row.cells, strict=True)
    return Picker(
        row.id, "row", "row", _("Row %(row)s") % {"row": row.id},
        choices=_layers(row),
        more={"untested": [(f"if-{column.name}", fact(column.name)) for column, cell in pairs if cell is None]},
    )  # fmt: skip


def _grounds(files: Mapping[str, str], row: Row, sources: Mapping[str, Source]) -> Picker:
    spoken = 0 if language() == "zh" else 1
    ordered = sorted(sources.values(), key=lambda each: (each.key not in row.sources, list(KINDS).index(each.kind)))
    questions = read_toml(f"words.{language()}.toml", files.get(f"words.{language()}.toml", "")).get("contested", {})
    return Picker(
        row.id, "grounds", "grounds", _("What it rests on"),
        choices=[
            Choice(each.key, getattr(each, language()), each.key in row.sources,
                   f"{KINDS[each.kind][spoken]} · {MARKS[each.mark]}")
            for each in ordered
        ],
        more={
            "marks": [Choice(key, words, key == row.mark) for key, words in MARKS.items()],
            "questions": [Choice(key, str(said.get("question", key)), key == row.contested) for key, said in questions.items()],
            "contested": row.contested,
            "kinds": [(key, words[spoken]) for key, words in KINDS.items()],
        },
    )  # fmt: skip


def _words(files: Mapping[str, str], table: Table, row: Row) -> Picker:
    said = words_of(files, row.why)
    return Picker(
        row.id, "words", "words", _("Explanation"),
        more={
            "texts": [
                (f"{audience}_{locale}", WORDS[f"{audience}_{locale}"], said[locale, audience], locale)
                for audience in ("customer", "staff") for locale in ("zh", "en")
            ],
            "shared": [each.id for each in table.rows if each.why == row.why and each.id != row.id],
            "blanks": sorted(PLACEHOLDERS),
            "why": row.why,
        },
    )  # fmt: skip
