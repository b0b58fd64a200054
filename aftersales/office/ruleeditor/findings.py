"""What is wrong with a table, in the reader's words, and what can be done about it with one press."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aftersales.office.ruletelling import cell_words, fact, language, said, word
from aftersales.office.rulewords import LAYERS
from returns.rules import live
from returns.rules.language import Row, Table, Value

WORDS: dict[str, Promise] = {
    "customer_zh": gettext_lazy("for the customer in Chinese"),
    "customer_en": gettext_lazy("for the customer in English"),
    "staff_zh": gettext_lazy("for staff in Chinese"),
    "staff_en": gettext_lazy("for staff in English"),
}

_AT_A_ROW: dict[str, tuple[Promise, Promise]] = {
    "broken invariant": (
        gettext_lazy("Against what this table promises"),
        gettext_lazy("“%(names)s” must hold of every case; the one below is decided otherwise."),
    ),
    "no source": (
        gettext_lazy("No source"), gettext_lazy("Choose the law, rule or policy this row rests on."),
    ),
    "unknown source": (
        gettext_lazy("Unknown source"),
        gettext_lazy("%(names)s is not in the list of sources. Choose another one or add it."),
    ),
    "source out of date": (
        gettext_lazy("Source out of date"),
        gettext_lazy("%(names)s does not hold on the day these rules begin. Choose one that does."),
    ),
    "overclaimed": (
        gettext_lazy("Too sure"),
        gettext_lazy("None of its sources is known that well. Choose the certainty of the best of them."),
    ),
    "missing words": (gettext_lazy("Explanation missing"), gettext_lazy("It is missing %(names)s. Write it.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """Something that settles a finding: move `row` to `layer`."""

    row: str
    layer: int
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """One finding. `rows` are others it concerns, `witness` a case that shows it as pairs of name and value."""

    kind: str
    title: str
    text: str
    rows: tuple[str, ...] = ()
    witness: tuple[tuple[str, str], ...] = ()
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Cases without a rule, as a row that is not there yet. `cells` in the order of the columns, empty for any."""

    number: int
    like: str
    cells: list[str]
    keys: list[tuple[str, str]]  # the text of each condition, for the form
    outcomes: list[str]
    witness: tuple[tuple[str, str], ...]


def problem_words(table: Table, row: Row, problem: live.Problem) -> Told:
    """A finding about a row."""
    witness = case_words(table, problem.witness, only=_tested(table, row, problem)) if problem.witness else ()
    rows, names = problem.rows, ", ".join(problem.names)
    if problem.kind == "dead":
        title = _("This row never speaks")
        text = _("Every case it describes is decided before it by %(rows)s.") % {"rows": ", ".join(rows)}
        if problem.articles:
            laws = " · ".join(getattr(each, language()) for each in problem.articles)
            text += " " + _("The law goes first: %(laws)s.") % {"laws": laws}
        return Told("dead", title, text, rows)
    if problem.kind == "contradiction":
        text = _("Rows %(one)s and %(other)s stand in the same layer, match the same case and say different things.") % {
            "one": row.id, "other": rows[0],
        }  # fmt: skip
        ways = tuple(_way(table, name, layer) for name, layer in problem.ways)
        return Told("contradiction", _("Contradiction with %(row)s") % {"row": rows[0]}, text, rows, witness, ways)
    if problem.kind == "missing words":
        names = ("、" if language() == "zh" else ", ").join(str(WORDS[each]) for each in problem.names)
    short, sentence = _AT_A_ROW[problem.kind]
    return Told(problem.kind.replace(" ", "-"), str(short), str(sentence) % {"names": names}, (), witness)


def gap_words(table: Table, gap: live.Gap, like: Row, number: int) -> Gap:
    """A gap as the row that would close it, answering as the row nearest to it does."""
    cells = []
    for column in table.columns:
        cell = column.parse(gap.cells.get(column.name, "*"))
        cells.append("" if cell is None else cell_words(column, cell))
    pairs = zip(table.outcomes, like.outcome, strict=True)
    return Gap(
        number=number,
        like=like.id,
        cells=cells,
        keys=sorted(gap.cells.items()),
        outcomes=[said(outcome.name, value) for outcome, value in pairs],
        witness=case_words(table, gap.witness, only=set(gap.cells)),
    )


def case_words(table: Table, case: Mapping[str, Value], only: set[str] | None = None) -> tuple[tuple[str, str], ...]:
    """A case as pairs of name and value, in the order of the columns."""
    return tuple(
        (fact(column.name), value_words(column.name, case[column.name]))
        for column in table.columns
        if column.name in case and (only is None or column.name in only)
    )


def value_words(name: str, value: Value) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return word(name, value)


def _tested(table: Table, row: Row, problem: live.Problem) -> set[str]:
    """The columns that either of the rows tests: the rest of a witness says nothing."""
    both = [each for each in table.rows if each.id == row.id or each.id in problem.rows[:1]]
    return {column.name for at, column in enumerate(table.columns) if any(each.cells[at] is not None for each in both)}


def _way(table: Table, name: str, layer: int) -> Way:
    row = next(each for each in table.rows if each.id == name)
    sentence = _("%(row)s first: to “%(layer)s”") if layer < row.layer else _("%(row)s last: to “%(layer)s”")
    return Way(name, layer, sentence % {"row": name, "layer": LAYERS[layer]})


def headline(state: live.TableState) -> str:
    """The state of the table in one sentence."""
    if state.proved:
        return _("Proved: every case has exactly one answer.")
    found = [(row, each) for row, problems in state.problems.items() for each in problems]
    clashes = len({frozenset((row, *each.rows)) for row, each in found if each.kind == "contradiction"})
    dead = sum(each.kind == "dead" for _row, each in found)
    other = sum(each.kind not in ("dead", "contradiction") for _row, each in found)
    points = state.gaps[0].points if state.gaps else 0
    counted = (
        (points, ngettext("%(count)s case has no rule", "%(count)s cases have no rule", points)),
        (clashes, ngettext("%(count)s contradiction", "%(count)s contradictions", clashes)),
        (dead, ngettext("%(count)s row that never speaks", "%(count)s rows that never speak", dead)),
        (other, ngettext("%(count)s row with something missing", "%(count)s rows with something missing", other)),
    )
    parts = [sentence % {"count": f"{count:,}"} for count, sentence in counted if count]
    if state.not_proved:
        parts.append(_("the search was cut short"))
    return _("Not proved: %(what)s.") % {"what": ("，" if language() == "zh" else ", ").join(parts)}
