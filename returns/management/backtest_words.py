"""The result of a back-test as text for the shell. The office shows the same numbers as a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aftersales.kernel.money import Money
from returns.rules.verdict import LEGS

_WHY = {
    "impossible": "their facts contradict each other",
    "unknown_fact": "a fact is not known that the deciding row asks for",
    "gap": "no row decides them",
}
MOST_CHANGES = 20
MOST_EXAMPLES = 2  # told in the shell; the JSON has all ten


def in_words(report: Mapping[str, Any]) -> str:
    """The report as English text, the count of changed cases in front."""
    return "\n".join(_lines(report))


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    old, new = report["old"], report["new"]
    lost = sum(each["cases"] for each in report["cannot_say"])
    yield (
        f"{report['changed']} of {report['cases']} cases would have been decided otherwise"
        f" ({_share(report['changed'], report['cases'])}); {lost} cannot say."
    )
    yield f"from {old['pack']} {old['version']} ({old['sha256'][:12]}) to {new['pack']} {new['version']} ({new['sha256'][:12]})"
    for each in report["domain"]["tables"]:
        proved = " at least, the search ran out of its budget" if each["not_proved"] else ""
        yield f"  table {each['table']}: {each['points']:,} of {each['of']:,} cases of its domain change{proved}"
    for each in report["cannot_say"]:
        yield f"  cannot say: {each['cases']} cases, {each['version']} version: {_WHY[each['why']]} ({each['about']})"
    yield from _changes(report)
    yield from _money(report)
    for table, rows in report["never_hit"].items():
        yield f"Rows of {table} that decided no case: {', '.join(rows)}"
    yield report["not_counted"]["en"]


def _changes(report: Mapping[str, Any]) -> Iterator[str]:
    changes = report["transitions"]
    if changes:
        yield "What becomes of what (remedy: outbound/return/replacement):"
    for change in changes[:MOST_CHANGES]:
        sums = "".join(f", shop {_signed(s['difference'], c)}" for c, s in change["money"].items())
        yield (
            f"  {change['cases']}: {_headline(change['before'])} -> {_headline(change['after'])}"
            f" (differs in {', '.join(change['differs'])}{sums})"
        )
        for example in change["examples"][:MOST_EXAMPLES]:
            yield f"    e.g. {example['ref']}:"
            for side in ("before", "after"):
                told = example[side]
                yield f"      {side}: {told.get('error') or ' '.join(told['en'])}"
    if len(changes) > MOST_CHANGES:
        rest = sum(change["cases"] for change in changes[MOST_CHANGES:])
        yield f"  and {len(changes) - MOST_CHANGES} kinds of change more with {rest} cases; --json has them all"


def _money(report: Mapping[str, Any]) -> Iterator[str]:
    fees = report["fees"]
    for currency, sums in report["money"].items():
        shop = sums["shop"]
        yield (
            f"Money of the changed cases in {currency}, borne by the shop: {_plain(shop['before'], currency)} before,"
            f" {_plain(shop['after'], currency)} after, {_signed(shop['difference'], currency)}"
        )
        for line in sums["items"]:
            yield f"  {line['item']}, {line['payer']}: {_change(line, currency)}"
        for line in sums["goods"]:
            yield f"  goods {line['goods'] or 'not known'}, shop: {_change(line, currency)}"
        for line in sums["months"]:
            yield f"  month {line['month'] or 'not known'}, shop: {_change(line, currency)}"
    if fees["assumed"]:
        assumed = sorted({fees["assumed_minor"][leg] for leg in LEGS})
        yield (
            f"Freight: {fees['stored']} legs as stored, {fees['assumed']} without a stored sum taken at"
            f" {' / '.join(map(str, assumed))} minor units each"
        )


def _headline(words: Mapping[str, str]) -> str:
    return f"{words['remedy']}: {'/'.join(words[leg].replace('not_applicable', '-') for leg in LEGS)}"


def _change(line: Mapping[str, int], currency: str) -> str:
    before, after = _plain(line["before"], currency), _plain(line["after"], currency)
    return f"{before} -> {after} ({_signed(line['difference'], currency)})"


def _plain(minor: int, currency: str) -> str:
    return str(Money(minor, currency))


def _signed(minor: int, currency: str) -> str:
    return ("+" if minor > 0 else "") + _plain(minor, currency)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "none"
