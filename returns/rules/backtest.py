"""What a new version of the rules would have changed, on cases that were really decided. Called by the command, the
office's job and the bench.

    tally = Tally(old, new)
    tally.add(cases)              # as often as there are cases
    tally.report().as_dict()

Both versions decide every case; where they say different things, it is counted by what became of what, and what it
costs by leg, payer, goods and month. Which customers would have asked at all under kinder or stricter rules nobody can
see in old cases: the report says so. `state` is plain JSON, so that a long run may go on in another process.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from returns.rules.arrays import numpy
from returns.rules.batch import Decision, Decisions, decide_both
from returns.rules.columns import UNKNOWN, picked
from returns.rules.costs import ASSUMED_FEE, costs
from returns.rules.grouping import group
from returns.rules.linking import fact_columns
from returns.rules.verdict import LEGS

if TYPE_CHECKING:
    from returns.rules.backtest_report import BacktestReport
    from returns.rules.columns import Array, Columns
    from returns.rules.pack import Pack

EXAMPLES = 10  # kept of each change


@dataclass(frozen=True)
class Cases:
    """Decided cases as columns. `refs` name them for people. `months` are YYYYMM, 0 for unknown; `currencies` are
    places in `currency_names`. `freight` gives for the cases asked about what is stored for each leg, in minor units,
    0 for nothing."""

    columns: "Columns"
    refs: "Callable[[int], str]"
    months: "Array"
    currencies: "Array"
    currency_names: tuple[str, ...]
    freight: "Callable[[Array], Mapping[str, Array]]"

    def __len__(self) -> int:
        return len(self.months)


@dataclass
class Tally:
    """The running count. `fees` are what a leg is taken to cost where nothing is stored, in minor units."""

    old: "Pack"
    new: "Pack"
    fees: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(LEGS, ASSUMED_FEE))
    state: dict[str, Any] = field(default_factory=lambda: empty_state())

    def add(self, cases: Cases) -> None:
        """Decide these cases by both packs and count them in. Raises NoNumPy."""
        if not len(cases):
            return
        np = numpy()
        old, new = decide_both([self.old, self.new], cases.columns)
        first, which = group([old.which, new.which], [len(old.kinds), len(new.kinds)])
        counts = np.bincount(which, minlength=len(first))
        changes = [self._count(old, new, int(case), int(n)) for case, n in zip(first, counts, strict=True)]
        for side, decided in (("old", old), ("new", new)):
            for table, hits in decided.hits.items():
                for row, hit in hits.items():
                    _add(self.state["hits"][side].setdefault(table, {}), row, hit)
        changed = np.flatnonzero(np.array([key is not None for key in changes])[which])
        if len(changed):
            keys = sorted({key for key in changes if key is not None})
            numbers = np.array([keys.index(key) if key is not None else -1 for key in changes])[which[changed]]
            self._price(cases, changed, old, new, keys, numbers)
            self._keep_examples(cases, changed, keys, numbers)

    def _count(self, old: Decisions, new: Decisions, case: int, cases: int) -> str | None:
        """Count one pair of decisions; its key among the changes where they differ."""
        before, after = old.of(case), new.of(case)
        _add(self.state, "cases", cases)
        if before is None or after is None:
            side, decided = ("old", old) if before is None else ("new", new)
            _add(self.state["cannot_say"][side], decided.why_not[int(decided.which[case])], cases)
            return None
        _add(self.state["matrix"], f"{before.due[0]}>{after.due[0]}", cases)
        differs = differences(before, after)
        if not differs:
            return None
        key = f"{headline(before)}>{headline(after)}>{','.join(differs)}"
        change = self.state["changes"].setdefault(key, {"cases": 0, "money": {}, "examples": []})
        change["cases"] += cases
        _add(self.state, "changed", cases)
        return key

    def _price(
        self, cases: Cases, some: "Array", old: Decisions, new: Decisions, keys: list[str], numbers: "Array"
    ) -> None:
        """Add what the changed cases cost before and after."""
        np = numpy()
        facts = picked(cases.columns, some)
        fees = self._fees(cases, some, old, new)
        goods = fact_columns()["goods"].values
        currencies, names = cases.currencies[some], cases.currency_names
        by = {
            "goods": (facts["goods"], (*goods, "")),
            "months": _numbered(cases.months[some]),
            "changes": (numbers, tuple(keys)),
        }
        for place, (pack, decided) in enumerate(((self.old, old), (self.new, new))):
            priced = costs(pack, decided, some, facts, fees)
            shop = np.sum([amount for (_item, bearer), amount in priced.items() if bearer == "shop"], axis=0)
            for currency, name in enumerate(names):
                inside = currencies == currency
                if not inside.any():
                    continue
                money = self.state["money"].setdefault(name, {"items": {}, "goods": {}, "months": {}})
                for (item, bearer), amount in priced.items():
                    _pay(money["items"], f"{item}>{bearer}", place, int(amount[inside].sum()))
                for what, (numbered, words) in by.items():
                    sums = np.zeros(len(words), dtype=np.int64)
                    np.add.at(sums, numbered[inside], shop[inside])
                    for number in np.unique(numbered[inside]):
                        word = words[number]
                        store = self.state["changes"][word]["money"] if what == "changes" else money[what]
                        _pay(store, name if what == "changes" else word, place, int(sums[number]))

    def _fees(self, cases: Cases, some: "Array", old: Decisions, new: Decisions) -> "dict[str, Array]":
        """The fee of each leg: what is stored, else what is assumed. Counts how often each was."""
        np = numpy()
        stored = cases.freight(some)
        out = {}
        for place, leg in enumerate(LEGS):
            out[leg] = np.where(stored[leg] > 0, stored[leg], self.fees[leg]).astype(np.int64)
            travels = _travels(old, place)[old.which[some]] | _travels(new, place)[new.which[some]]
            _add(self.state["fees"], "stored", int((travels & (stored[leg] > 0)).sum()))
            _add(self.state["fees"], "assumed", int((travels & (stored[leg] <= 0)).sum()))
        return out

    def _keep_examples(self, cases: Cases, some: "Array", keys: list[str], numbers: "Array") -> None:
        """The first cases of each change, with their facts."""
        np = numpy()
        for number, key in enumerate(keys):
            examples = self.state["changes"][key]["examples"]
            if len(examples) < EXAMPLES:
                found = some[np.flatnonzero(numbers == number)[: EXAMPLES - len(examples)]]
                examples += [
                    {"ref": cases.refs(int(case)), "facts": facts_of(cases.columns, int(case))} for case in found
                ]

    def report(self) -> "BacktestReport":
        """The result so far."""
        from returns.rules.backtest_report import BacktestReport

        return BacktestReport(self.old, self.new, dict(self.fees), self.state)


def backtest(old: "Pack", new: "Pack", cases: Cases, fees: Mapping[str, int] | None = None) -> "BacktestReport":
    """Both packs over the cases, in one go. Raises NoNumPy."""
    tally = Tally(old, new, fees) if fees else Tally(old, new)
    tally.add(cases)
    return tally.report()


def empty_state() -> dict[str, Any]:
    """Nothing counted yet. Plain JSON: texts as keys, whole numbers."""
    return {
        "cases": 0, "changed": 0, "cannot_say": {"old": {}, "new": {}}, "matrix": {}, "changes": {}, "money": {},
        "hits": {"old": {}, "new": {}}, "fees": {"stored": 0, "assumed": 0},
    }  # fmt: skip


def headline(decision: Decision) -> str:
    """What a customer would notice first: the remedy, and who pays outbound, return and replacement."""
    return "|".join((decision.due[0], *decision.freight[0]))


def differences(before: Decision, after: Decision) -> list[str]:
    """In what two decisions differ; empty where they say the same."""
    pairs = {
        "remedies": (before.due, after.due),
        "extras": (before.extras, after.extras),
        "fault": (before.fault, after.fault),
        "carrier_claim": (before.carrier_claim, after.carrier_claim),
        "payers": (before.freight[0], after.freight[0]),
        "other_payers": (_others(before, after), _others(after, before)),
        "periods": (before.periods, after.periods),
    }
    return [name for name, (one, other) in pairs.items() if one != other]


def _others(mine: Decision, other: Decision) -> dict[str, tuple[str, ...]]:
    """The payers of the remedies that both offer beside the first."""
    return {
        remedy: payers for remedy, payers in zip(mine.due[1:], mine.freight[1:], strict=True) if remedy in other.due[1:]
    }


def facts_of(columns: "Columns", case: int) -> dict[str, Any]:
    """The facts of one case as words. What is not known is left out, and dates are: they decide nothing."""
    columns_of = fact_columns()
    return {
        name: columns_of[name].value(int(places[case]) + columns_of[name].lo)
        for name, places in columns.items()
        if name in columns_of and places[case] != UNKNOWN
    }


def _travels(decisions: Decisions, place: int) -> "Array":
    words = [kind.freight[0][place] if kind else "not_applicable" for kind in decisions.kinds]
    return numpy().array(words) != "not_applicable"  # type: ignore[no-any-return]


def _numbered(months: "Array") -> "tuple[Array, tuple[str, ...]]":
    found, numbers = numpy().unique(months, return_inverse=True)
    return numbers, tuple(f"{month // 100:04d}-{month % 100:02d}" if month else "" for month in found.tolist())


def _add(counts: dict[str, Any], key: str, more: int) -> None:
    counts[key] = counts.get(key, 0) + more


def _pay(sums: dict[str, list[int]], key: str, place: int, more: int) -> None:
    """Before stands at place 0, after at 1."""
    sums.setdefault(key, [0, 0])[place] += more
