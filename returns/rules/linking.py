"""Does a pack hold together: columns against the vocabulary, rows against sources and words. Called by
`pack.read_pack`."""

from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Any

from returns.rules.derive import derived_vocabulary
from returns.rules.facts import vocabulary
from returns.rules.language import Column, Table
from returns.rules.phrases import PLACEHOLDERS
from returns.rules.sources import Source
from returns.rules.text import MARKS, PackError, nearest
from returns.rules.verdict import FAULTS, LEGS, PAYERS, REMEDIES

LOCALES = ("zh", "en")
AUDIENCES = ("customer", "staff")


@cache
def fact_columns() -> Mapping[str, Column]:
    """Every raw or derived fact that may be a column, with its whole domain. Dates are for people, not for tables."""
    out: dict[str, Column] = {}
    for name, fact in vocabulary().items():
        if fact.values:
            out[name] = Column.enum(name, fact.values)
        elif fact.kind == "bool":
            out[name] = Column(name, "bool")
        elif fact.kind in ("int", "money"):
            out[name] = Column(name, fact.kind, (), fact.lo, fact.hi)
    for name, derived in derived_vocabulary().items():
        out[name] = Column.enum(name, derived.values)
    return out


def check_columns(
    tables: Mapping[str, Table], chain: tuple[str, ...], each: tuple[str, ...], *, kept: bool = False
) -> None:
    """Every column is a fact, something an earlier table said, or the column asked once for each value; with its
    whole domain, or for a `kept` text with the part of it that was known then."""
    known = fact_columns()
    said: dict[str, set[str]] = {}
    for name in (*chain, *LEGS, *each):
        table = tables[name]
        for column in table.columns:
            if column.name == table.each:
                continue
            if column.name in said:
                _check_upstream(name, column, said[column.name])
            elif column.name not in known:
                hint = nearest(column.name, [*known, *said])
                raise PackError(f"{name}.toml", f"is not a fact; {hint}", column=column.name)
            elif not _fits(column, known[column.name], kept):
                raise PackError(f"{name}.toml", _domain_advice(column, known[column.name]), column=column.name)
        for outcome in table.outcomes:
            if outcome.kind in ("enum", "list"):
                said[f"{name}_payer" if name in LEGS else outcome.name] = set(outcome.values)
        if name == chain[-1]:
            if "remedies" not in said or "fault" not in said:
                raise PackError("pack.toml", "needs a chain that says fault and ends with remedies")
            said["remedy"] = said["remedies"]
    _check_words("fault", said["fault"], FAULTS)
    _check_words("remedies", said["remedies"], REMEDIES)
    for leg in LEGS:
        _check_words(f"{leg}.payer", said.get(f"{leg}_payer", set()) or {"payer"}, PAYERS)


def _fits(mine: Column, theirs: Column, kept: bool) -> bool:
    """Whether a column has the domain of its fact; of a kept text, whether everything it knows is still known."""
    if mine.kind != theirs.kind:
        return False
    if kept:
        return theirs.lo <= mine.lo and mine.hi <= theirs.hi and set(mine.values) <= set(theirs.values)
    return (mine.lo, mine.hi, set(mine.values)) == (theirs.lo, theirs.hi, set(theirs.values))


def _check_upstream(table: str, column: Column, values: set[str]) -> None:
    strange = set(column.values) - values
    if strange:
        raise PackError(f"{table}.toml", f"has {sorted(strange)[0]!r}, which no earlier table says", column=column.name)


def _check_words(name: str, said: set[str], allowed: Mapping[str, object]) -> None:
    for word in sorted(said - set(allowed)):
        raise PackError("pack.toml", f"a table says {word!r} for {name}; {nearest(word, allowed)}")


def _domain_advice(mine: Column, theirs: Column) -> str:
    if mine.kind != theirs.kind:
        return f"is of kind {mine.kind}; the fact is {theirs.kind}"
    if mine.kind == "enum":
        missing = [value for value in theirs.values if value not in mine.values]
        extra = [value for value in mine.values if value not in theirs.values]
        return f"must have exactly the values of the fact (missing: {missing or 'none'}; too many: {extra or 'none'})"
    return f"must run from {theirs.lo} to {theirs.hi}"


def _out_of_date(source: Source, effective: str) -> str:
    if source.valid_from > effective:
        return f"rests on {source.key}, which begins on {source.valid_from}, after {effective}; take it later or leave it out"
    return f"rests on {source.key}, which ended on {source.valid_to}; name the source that took its place"


def _check_template(file: str, audience: str, key: str, template: str) -> None:
    try:
        named = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError as error:
        raise PackError(file, f"[{audience}] {key} is not a template: {error}") from None
    for name in sorted(named - PLACEHOLDERS):
        raise PackError(file, f"[{audience}] {key} names {{{name}}}; {nearest(name, sorted(PLACEHOLDERS))}")


def check_rows(table: Table, sources: Mapping[str, Source], words: Mapping[str, Any], effective: str) -> None:
    """Every row has sources that exist and hold on the day, a mark they carry, and its explanation in every language
    and for everybody."""
    file = f"{table.name}.csv"
    for row in table.rows:
        if not row.sources:
            raise PackError(file, "names no source", row.line, "sources")
        for key in row.sources:
            if key not in sources:
                raise PackError(file, f"names the unknown source {key!r}; {nearest(key, sources)}", row.line, "sources")
            if effective and not sources[key].holds_on(effective):
                raise PackError(file, _out_of_date(sources[key], effective), row.line, "sources")
        # A row may claim less certainty than its best source, never more.
        if MARKS.index(row.mark) < min(MARKS.index(sources[key].mark) for key in row.sources):
            raise PackError(file, f"is marked {row.mark}, but none of its sources is", row.line, "mark")
        for locale in LOCALES:
            for audience in AUDIENCES:
                template = words[locale].get(audience, {}).get(row.why)
                if template:
                    _check_template(f"words.{locale}.toml", audience, row.why, template)
                else:
                    needs = f"has no [{audience}] text {row.why!r}, which {file} row {row.id} needs"
                    raise PackError(f"words.{locale}.toml", needs)
            if row.contested and set(words[locale].get("contested", {}).get(row.contested, {})) < {"question", "taken"}:
                raise PackError(f"words.{locale}.toml", f"needs [contested.{row.contested}] with question and taken")
