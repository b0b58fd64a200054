"""A form of the editor as an edit of the text. One function for each thing one can do; `EDITS` is the closed list."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext_noop

from aftersales.office.ruletelling import fact
from returns.rules.editing import examples, rows, words
from returns.rules.editing.refused import EditError
from returns.rules.facts import vocabulary
from returns.rules.language import Column, Row, Table

Files = Mapping[str, str]


class Done(NamedTuple):
    """The new text, and the id of the place that takes the focus."""

    files: dict[str, str]
    focus: str


def edit(files: Files, table: str, form: QueryDict) -> Done:
    """The text after what the form asks for. Raises EditError naming row and column, and what to do."""
    if (act := EDITS.get(form.get("edit", ""))) is None:
        raise EditError(gettext_noop("This editor does not know that change. Load the page again."))
    return act(files, table, form)


def _cell(files: Files, table: str, form: QueryDict) -> Done:
    row, name = form.get("row", ""), form.get("key", "").removeprefix("if-")
    column = _named(rows.read_table(files, table).columns, row, name)
    return Done(rows.set_cell(files, table, row, name, _condition(column, row, form)), _place(row, f"if-{name}"))


def _condition(column: Column, row: str, form: QueryDict) -> str:
    """What was picked for a condition, as the text of a cell."""
    if column.kind == "bool":
        return form.get("value", "")
    if form.get("mode") not in ("in", "not"):
        return "*"
    if column.kind == "enum":
        ticked = form.getlist("value")
        if not ticked:
            raise EditError(
                gettext_noop("Row %(row)s, %(what)s: tick at least one value, or choose “any”."),
                row,
                column.name,
                what=fact(column.name),
            )
        return ("not " if form["mode"] == "not" else "") + "|".join(ticked)
    low, high = (_whole(form.get(name, ""), row, column.name) for name in ("low", "high"))
    for number in (low, high):
        if not column.lo <= number <= column.hi:
            raise EditError(
                gettext_noop("Row %(row)s, %(what)s: %(number)s lies outside %(lo)s to %(hi)s."),
                row, column.name, what=fact(column.name), number=number, lo=column.lo, hi=column.hi,
            )  # fmt: skip
    if low > high:
        raise EditError(
            gettext_noop("Row %(row)s, %(what)s: from %(low)s to %(high)s is no range; write the smaller number first."),
            row, column.name, what=fact(column.name), low=low, high=high,
        )  # fmt: skip
    return f"{low}..{high}"


def _outcome(files: Files, table: str, form: QueryDict) -> Done:
    row, name = form.get("row", ""), form.get("key", "").removeprefix("then-")
    outcome = _named(rows.read_table(files, table).outcomes, row, name)
    picked = [value for value in form.getlist("value") if value]
    if outcome.kind == "int":
        text = str(_whole(picked[0], row, name)) if picked else "-"
    else:
        text = "|".join(dict.fromkeys(picked))
    if not text:
        raise EditError(gettext_noop("Row %(row)s: say what is decided for %(what)s."), row, name, what=fact(name))
    return Done(rows.set_outcome(files, table, row, name, text), _place(row, f"then-{name}"))


def _layer(files: Files, table: str, form: QueryDict) -> Done:
    row, layer = form.get("row", ""), form.get("layer", "")
    return Done(rows.move_row(files, table, row, int(layer) if layer.isdecimal() else -1), _place(row, "row"))


def _grounds(files: Files, table: str, form: QueryDict) -> Done:
    row, picked = form.get("row", ""), form.getlist("source")
    if key := form.get("new_key", "").strip():
        files = words.add_source(
            files, key, kind=form.get("new_kind", ""), zh=form.get("new_zh", ""), en=form.get("new_en", ""),
            mark=form.get("new_mark", ""), valid_to=form.get("new_valid_to", ""),
        )  # fmt: skip
        picked = [*picked, key]
    if not picked:
        raise EditError(gettext_noop("Row %(row)s: choose at least one source, or add one below."), row, "sources")
    after = rows.set_grounds(
        files, table, row, sources=picked, mark=form.get("mark", ""), contested=form.get("contested", "")
    )
    return Done(after, _place(row, "grounds"))


def _words(files: Files, table: str, form: QueryDict) -> Done:
    row = form.get("row", "")
    texts = typed_words(form)
    if form.get("own"):
        return Done(words.set_own_words(files, table, row, texts), _place(row, "words"))
    why = rows.find_row(rows.read_table(files, table), row).why
    return Done(words.set_words(files, why, texts), _place(row, "words"))


def typed_words(form: QueryDict) -> dict[tuple[str, str], str]:
    """The four texts of an explanation as they were typed."""
    return {
        (locale, reader): form.get(f"{reader}_{locale}", "")
        for locale in ("zh", "en")
        for reader in ("customer", "staff")
    }


def _add(files: Files, table: str, form: QueryDict) -> Done:
    """A gap's row: its conditions come with the form, its answer from the row nearest to it."""
    read = rows.read_table(files, table)
    like = rows.find_row(read, form.get("like", ""))
    cells = {name.removeprefix("if-"): form.get(name, "") for name in form if name.startswith("if-")}
    after, new = rows.add_row(
        files, table, layer=like.layer, cells=cells, said=_said(read, like), why=like.why, sources=like.sources,
        mark=like.mark, contested=like.contested, like=like.id,
    )  # fmt: skip
    return Done(after, _place(new, "row"))


def _said(table: Table, row: Row) -> dict[str, str]:
    return {outcome.name: outcome.format(value) for outcome, value in zip(table.outcomes, row.outcome, strict=True)}


def _copy(files: Files, table: str, form: QueryDict) -> Done:
    after, new = rows.copy_row(files, table, form.get("row", ""))
    return Done(after, _place(new, "row"))


def _delete(files: Files, table: str, form: QueryDict) -> Done:
    return Done(rows.delete_row(files, table, form.get("row", "")), "rule-editor")


def _example(files: Files, table: str, form: QueryDict) -> Done:
    """A case kept as an example of the row that now decides it, or an example that is to go to another row."""
    row, facts = f"{table}/{form.get('row', '')}", _facts(form.get("facts", ""))
    number = form.get("number", "")
    if number.isdecimal():
        return Done(examples.set_example(files, int(number), row, facts), "rule-examples")
    return Done(examples.add_example(files, row, facts), "rule-examples")


def _drop_example(files: Files, table: str, form: QueryDict) -> Done:
    number = form.get("number", "")
    return Done(examples.remove_example(files, int(number) if number.isdecimal() else 0), "rule-examples")


def _facts(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except json.JSONDecodeError:
        read = None
    if not isinstance(read, dict) or set(read) - set(vocabulary()):
        raise EditError(gettext_noop("The case of this example cannot be read. Load the page again."))
    return read


def _named(columns: tuple[Any, ...], row: str, name: str) -> Any:
    for column in columns:
        if column.name == name:
            return column
    raise EditError(gettext_noop("The table has no column %(column)s."), row, name)


def _whole(text: str, row: str, column: str) -> int:
    try:
        return int(text.strip())
    except ValueError:
        raise EditError(
            gettext_noop("Row %(row)s, %(what)s: write a whole number instead of “%(text)s”."),
            row, column, what=fact(column), text=text[:40],
        ) from None  # fmt: skip


def _place(row: str, key: str) -> str:
    """The id of a place in the grid."""
    return f"cell-{row}-{key}"


EDITS: dict[str, Callable[[Files, str, QueryDict], Done]] = {
    "cell": _cell,
    "outcome": _outcome,
    "layer": _layer,
    "grounds": _grounds,
    "words": _words,
    "add": _add,
    "copy": _copy,
    "delete": _delete,
    "example": _example,
    "drop-example": _drop_example,
}
