"""A rule table in the reader's words: columns, conditions, outcomes. Used by the office's pages of rules."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.reader import reads_chinese
from aftersales.office.rulewords import COLUMNS, VALUES
from returns.rules.facts import vocabulary
from returns.rules.language import Cell, Column
from returns.rules.verdict import REMEDIES


def fact(name: str) -> str:
    """What a column or outcome is called."""
    if (known := vocabulary().get(name)) is not None:
        return known.label(language())
    return str(COLUMNS.get(name, name))


def cell_words(column: Column, cell: Cell) -> str:
    """A condition as it reads after the name of its column; `cell` is not "any"."""
    text = column.format(cell)
    if column.kind == "bool":
        return str(_("yes") if text == "yes" else _("no"))
    if column.kind != "enum":
        return text.removeprefix("=")
    negated = text.startswith("not ")
    words = [word(column.name, each) for each in text.removeprefix("not ").split("|")]
    return (str(_("not: %s")) if negated else "%s") % " / ".join(words)


def said(name: str, value: Any) -> str:
    """An outcome as it reads after its name."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if value is None:
        return "–"
    return " → ".join(word(name, each) for each in (value if isinstance(value, tuple) else (value,)))


def word(name: str, value: Any) -> str:
    """One value of a column or outcome."""
    known = vocabulary().get(name)
    if known and known.values and value in known.values:
        return known.value_label(value, language())
    if name in ("remedies", "remedy", "extra") and value in REMEDIES:
        return str(REMEDIES[value][0 if language() == "zh" else 1])
    return str(VALUES.get(name, {}).get(value, value))


def language() -> str:
    """The reader's language as packs name it."""
    return "zh" if reads_chinese() else "en"
