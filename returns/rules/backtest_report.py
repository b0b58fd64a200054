"""The result of a back-test, ready to be shown, stored as evidence, or printed. Made by `backtest`.

Three numbers stand together: how much of the domain changes (a proof), how many decided cases would have changed (a
fact), and what that would have cost (money, for freight, refunds and damages as decided).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from returns.rules.costs import ITEMS
from returns.rules.diff import diff_packs
from returns.rules.explain import explain
from returns.rules.facts import BadFact, vocabulary
from returns.rules.verdict import LEGS

if TYPE_CHECKING:
    from returns.rules.pack import Pack

SHOWN = 40  # changes that are told with their examples; the rest is counted

# Said wherever the numbers are.
NOT_COUNTED = {
    "zh": "本结果只重算已经发生的申请。规则变宽或变严后，顾客提出申请的多少和方式也会变，这部分不在数字里。",
    "en": "Only requests that were really made are counted. Kinder or stricter rules also change how many customers"
    " ask, and for what; that is not in the number.",
}


@dataclass(frozen=True)
class BacktestReport:
    """What `Tally` has counted, with the packs that were compared. `fees` are the assumed ones, in minor units."""

    old: "Pack"
    new: "Pack"
    fees: Mapping[str, int]
    state: Mapping[str, Any]

    @property
    def cases(self) -> int:
        return int(self.state["cases"])

    @property
    def changed(self) -> int:
        return int(self.state["changed"])

    @property
    def cannot_say(self) -> list[dict[str, Any]]:
        """By which version cases could not be decided, why (`asking` lists the words), in which table, how many."""
        found = [
            {"version": side, "why": why.split("|")[0], "about": why.partition("|")[2], "cases": cases}
            for side, reasons in self.state["cannot_say"].items()
            for why, cases in reasons.items()
        ]
        return sorted(found, key=lambda item: -item["cases"])

    @property
    def matrix(self) -> list[dict[str, Any]]:
        """From which first remedy to which, all decided cases, the unchanged ones too."""
        pairs = sorted(self.state["matrix"].items(), key=lambda item: (-item[1], item[0]))
        return [{"before": key.split(">")[0], "after": key.split(">")[1], "cases": cases} for key, cases in pairs]

    @property
    def transitions(self) -> list[dict[str, Any]]:
        """What became of what, the most frequent first: remedy and payers before and after, in what else they
        differ, cases, what it costs the shop. The first have examples with both explanations."""
        ordered = sorted(self.state["changes"].items(), key=lambda item: (-item[1]["cases"], item[0]))
        out = []
        for place, (key, change) in enumerate(ordered):
            before, after, differs = key.split(">")
            out.append(
                {
                    "before": _words(before),
                    "after": _words(after),
                    "differs": differs.split(","),
                    "cases": change["cases"],
                    "money": {currency: _sums(pair) for currency, pair in sorted(change["money"].items())},
                    "examples": [self._example(each) for each in change["examples"]] if place < SHOWN else [],
                }
            )
        return out

    @property
    def money(self) -> dict[str, Any]:
        """Of the changed cases, by currency: each item and who bears it; the shop's part by goods and by month."""
        out = {}
        for currency, sums in sorted(self.state["money"].items()):
            items = sorted(sums["items"].items(), key=lambda pair: ITEMS.index(pair[0].split(">")[0]))
            of_shop = [pair for key, pair in items if key.endswith(">shop")]
            out[currency] = {
                "shop": _sums([sum(pair[0] for pair in of_shop), sum(pair[1] for pair in of_shop)]),
                "items": [
                    {"item": key.split(">")[0], "payer": key.split(">")[1], **_sums(pair)} for key, pair in items
                ],
                "goods": [{"goods": key, **_sums(pair)} for key, pair in sorted(sums["goods"].items())],
                "months": [{"month": key, **_sums(pair)} for key, pair in sorted(sums["months"].items())],
            }
        return out

    @property
    def never_hit(self) -> dict[str, list[str]]:
        """The rows of the new version that decided no case, by table."""
        hits = self.state["hits"]["new"]
        rows = {name: [row for row, cases in hits[name].items() if not cases] for name in hits}
        return {name: sorted(unused) for name, unused in rows.items() if unused}

    @property
    def domain(self) -> dict[str, Any]:
        """How much of everything that can be thought of changes: the exact count for each table that does."""
        diff = diff_packs(self.old, self.new)
        changed = [each for each in diff.tables.values() if each.points or each.not_proved]
        return {
            "points": diff.points,
            "not_proved": diff.not_proved,
            "tables": [
                {"table": each.table, "points": each.points, "of": each.of, "not_proved": each.not_proved}
                for each in changed
            ],
        }

    def as_dict(self) -> dict[str, Any]:
        """Everything, JSON-ready."""
        stored, assumed = self.state["fees"]["stored"], self.state["fees"]["assumed"]
        return {
            "old": _named(self.old),
            "new": _named(self.new),
            "cases": self.cases,
            "changed": self.changed,
            "cannot_say": self.cannot_say,
            "matrix": self.matrix,
            "transitions": self.transitions,
            "money": self.money,
            "fees": {"assumed_minor": dict(self.fees), "stored": stored, "assumed": assumed},
            "never_hit": self.never_hit,
            "domain": self.domain,
            "titles": {name: dict(compiled.table.title) for name, compiled in self.new.tables.items()},
            "not_counted": NOT_COUNTED,
        }

    def _example(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "ref": kept["ref"],
            "facts": {name: value for name, value in kept["facts"].items() if not _is_default(name, value)},
            "before": _told(self.old, kept["facts"]),
            "after": _told(self.new, kept["facts"]),
        }


def _is_default(name: str, value: object) -> bool:
    """Whether leaving the fact out says the same."""
    fact = vocabulary()[name]
    return value == fact.default and not fact.required_when


def _told(pack: "Pack", facts: Mapping[str, Any]) -> dict[str, Any]:
    """One version's answer and its words for the customer in both languages."""
    try:
        verdict = pack.decide(facts).as_dict()
    except BadFact as error:
        return {"error": str(error)}
    return {
        "remedies": verdict["remedies"],
        **{f"{leg}_leg_payer": verdict[f"{leg}_leg_payer"] for leg in LEGS},
        "rows": verdict["rows"],
        **{language: list(explain(verdict, language, pack=pack).summary) for language in ("zh", "en")},
    }


def _words(headline: str) -> dict[str, str]:
    remedy, *payers = headline.split("|")
    return {"remedy": remedy, **dict(zip(LEGS, payers, strict=True))}


def _sums(pair: "list[int]") -> dict[str, int]:
    return {"before": pair[0], "after": pair[1], "difference": pair[1] - pair[0]}


def _named(pack: "Pack") -> dict[str, str]:
    return {"pack": pack.name, "version": pack.version, "sha256": pack.sha256}


def with_refs(report: dict[str, Any], names: Callable[[set[int]], Mapping[str, str]]) -> None:
    """Put the references of the returns in place of the numbers of their lines in the examples."""
    examples = [example for change in report["transitions"] for example in change["examples"]]
    known = names({int(example["ref"]) for example in examples})
    for example in examples:
        example["ref"] = known.get(example["ref"], example["ref"])
