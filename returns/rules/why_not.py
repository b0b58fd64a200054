"""Why a remedy is not due, or a leg not paid by somebody: the fewest facts that would have to be otherwise. Called by
pages, API and `manage.py decide --why-not`.

    why_not(pack, verdict.facts, Goal("exchange"), audience="customer")    # -> WhyNot

Every way is found by deciding, never by guessing: facts are moved to the nearest value that some row tells apart, one
fact first, then two, and each case is decided anew through the whole pack. The first number of changes that leads there
is the smallest. Cases that could not be are left out. A customer is shown only facts they could dispute: dates, promises,
what an inspection found; never that another reason would have served them better.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from returns.rules.derive import derive
from returns.rules.engine import ImpossibleCase, Trace
from returns.rules.facts import validate, vocabulary
from returns.rules.levers import levers, values_of
from returns.rules.plausible import contradictions, moved
from returns.rules.text import nearest
from returns.rules.verdict import LEGS, PAYERS, REMEDIES, Verdict, requested_first

if TYPE_CHECKING:
    from returns.rules.pack import Pack

Value = str | int | bool

BUDGET = 12_000  # cases tried; about half a second
MOST = 2  # facts changed at once; more is no explanation
# What a customer knows better than we do, or may call into question.
DISPUTABLE = frozenset(
    {"days_since_receipt", "platform_window", "intact", "exclusion_confirmed", "outbound_freight",
     "threshold_broken", "carrier_by", "return_pickup_by", "return_place", "freight_collect", "warranty", "repairs",
     "days_in_repair", "days_waiting_parts", "days_since_goods_back", "agreement_kind", "agreed_outbound",
     "agreed_return", "agreed_replacement", "promised_days", "promised_despite_exclusion", "promised_outbound",
     "promised_return", "promised_replacement", "price_promise", "same_model_available"}
)  # fmt: skip
# Open to dispute only once we have said something about them: before that they would be a hint what to claim.
FINDINGS = ("found_reason", "found_cause", "earlier_fault")


@dataclass(frozen=True, slots=True)
class Goal:
    """What somebody would like to be so: a remedy due, or a leg borne by a payer (under the first remedy due)."""

    remedy: str = ""
    leg: str = ""
    payer: str = ""

    def __post_init__(self) -> None:
        payers = [payer for payer in PAYERS if payer != "not_applicable"]
        for word, known in ((self.remedy, list(REMEDIES)), (self.leg, list(LEGS)), (self.payer, payers)):
            if word and word not in known:
                raise ValueError(f"{word!r} is not known; {nearest(word, known)}")
        if bool(self.remedy) == bool(self.leg and self.payer):
            raise ValueError("name either a remedy or a leg with its payer")

    def met_by(self, verdict: Verdict) -> bool:
        """Whether a verdict says so."""
        if self.remedy:
            return self.remedy in verdict.remedies
        return bool(getattr(verdict, f"{self.leg}_leg_payer") == self.payer)


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that would have to be otherwise."""

    fact: str
    was: Value
    becomes: Value


@dataclass(frozen=True, slots=True)
class Way:
    """A smallest set of changes that reaches a goal, and the verdict on the case so changed."""

    goal: Goal
    changes: tuple[Change, ...]
    verdict: Verdict

    def as_dict(self) -> dict[str, Any]:
        """JSON-able: the changes, and the row and sources that would then decide."""
        table = self.verdict.rows
        return {
            "changes": [{"fact": c.fact, "was": c.was, "becomes": c.becomes} for c in self.changes],
            "remedies": list(self.verdict.remedies),
            "row": table[self.goal.leg] if self.goal.leg else table["remedies"],
            "sources": [source["key"] for source in self.verdict.sources],
        }


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The answer. `met`: it is so already. `ways`: nearest first, all with the same number of changes. `sure`: every
    case up to that number was tried; without it a smaller set may exist, or one where `ways` is empty."""

    goal: Goal
    met: bool
    ways: tuple[Way, ...]
    sure: bool


def why_not(
    pack: "Pack", facts: Mapping[str, object], goal: Goal, *, audience: str = "staff", most: int = MOST, ways: int = 3
) -> WhyNot:
    """What would have to be otherwise for `goal`. `facts` as for `Pack.decide`; raises BadFact as it does."""
    return what_would_change(pack, facts, [goal], audience=audience, most=most, ways=ways)[0]


def what_would_change(
    pack: "Pack",
    facts: Mapping[str, object],
    goals: Iterable[Goal],
    *,
    audience: str = "staff",
    most: int = MOST,
    ways: int = 1,
) -> list[WhyNot]:
    """The same for several goals in one search, in their order."""
    raw = validate(facts)
    now, goals = pack.decide(raw), list(goals)
    search = _Search(pack, raw, audience, [goal for goal in goals if not goal.met_by(now)], ways)
    search.run(most)
    return [WhyNot(goal, goal.met_by(now), tuple(search.found.get(goal, ())), search.sure) for goal in goals]


def undue(pack: "Pack", verdict: Verdict | Mapping[str, Any]) -> list[Goal]:
    """The remedies that the pack knows and a verdict does not give, the requested kind of answer first."""
    given = set(verdict["remedies"] if isinstance(verdict, Mapping) else verdict.remedies)
    known = next(outcome for outcome in pack.table(pack.chain[-1]).outcomes if outcome.name == "remedies").values
    wish = str(verdict["requested"] if isinstance(verdict, Mapping) else verdict.requested)
    open_ones = tuple(
        remedy for remedy in known if remedy not in given and remedy not in ("goodwill_only", "refuse", "none")
    )
    return [Goal(remedy) for remedy in requested_first(open_ones, wish)]


class _Search:
    """Breadth first: all single changes before any pair, so that what is found first is smallest."""

    def __init__(self, pack: "Pack", raw: dict[str, Value], audience: str, goals: list[Goal], ways: int) -> None:
        self.pack = pack
        self.raw = raw
        self.audience = audience
        self.open = goals
        self.ways = ways
        self.found: dict[Goal, list[Way]] = {}
        self.standing = contradictions(raw)
        self.tried = 0
        self.sure = True
        tables = [*pack.chain]
        if any(goal.leg for goal in goals):
            tables += LEGS
        extras = {goal.remedy for goal in goals} - set(self._said(pack))
        if extras - {""} and "extras" in pack.each:
            tables += ["extras"]
        self.tables = tuple(tables)
        # The wish puts a remedy first and so decides which freight is spoken of.
        self.names = [n for n in levers(pack, self.tables) if n != "wish" or any(goal.leg for goal in goals)]

    @staticmethod
    def _said(pack: "Pack") -> tuple[str, ...]:
        return next(o for o in pack.table(pack.chain[-1]).outcomes if o.name == "remedies").values

    def run(self, most: int) -> None:
        for size in range(1, most + 1):
            hits: dict[Goal, list[tuple[float, tuple[str, ...], dict[str, Value]]]] = {}
            for names, case in islice(self._changed(self.raw, 0, (), size), max(BUDGET - self.tried, 0)):
                self.tried += 1
                met = self._met(case)
                for goal in met:
                    hits.setdefault(goal, []).append((self._distance(names, case), names, case))
            for goal, reached in hits.items():
                reached.sort(key=lambda hit: hit[:2])
                confirmed = (self._confirmed(goal, names, case) for _, names, case in reached)
                if ways := list(islice((way for way in confirmed if way), self.ways)):
                    self.found[goal] = ways
            self.open = [goal for goal in self.open if goal not in self.found]
            if self.tried >= BUDGET:
                self.sure = False
            if not self.open or not self.sure:
                return

    def _changed(
        self, case: dict[str, Value], start: int, names: tuple[str, ...], size: int
    ) -> Iterator[tuple[tuple[str, ...], dict[str, Value]]]:
        """Every case that differs from the first in so many facts, besides what goes along with them."""
        for place in range(start, len(self.names)):
            name = self.names[place]
            for value in self._values(name, case):
                changed = moved(case, name, value)
                if size > 1:
                    yield from self._changed(changed, place + 1, (*names, name), size - 1)
                elif not contradictions(changed) - self.standing:
                    yield (*names, name), changed

    def _values(self, name: str, case: dict[str, Value]) -> Iterable[Value]:
        if self.audience == "staff":
            return values_of(self.pack, name, case)
        if name in FINDINGS and self.raw[name] != vocabulary()[name].default:
            # A finding is theirs to dispute, so what they told may be right; another defect is not theirs to learn.
            told = [self.raw["reason"]] if self.raw["reason"] != self.raw["found_reason"] else []
            return told if name == "found_reason" else values_of(self.pack, name, case)
        return values_of(self.pack, name, case) if name in DISPUTABLE else ()

    def _met(self, case: dict[str, Value]) -> list[Goal]:
        """The open goals that a case seems to meet; the whole pack has the last word."""
        trace = Trace(self.pack, {**case, **derive(case)})
        try:
            for table in self.pack.chain:
                trace.follow(table)
            due = requested_first(trace.case["remedies"], str(case["wish"]))
            met = [goal for goal in self.open if goal.remedy in due]
            if len(self.tables) > len(self.pack.chain):
                trace.case["remedy"] = due[0]
                payers = {leg: trace.ask(leg)["payer"] for leg in LEGS}
                met += [goal for goal in self.open if goal.leg and payers[goal.leg] == goal.payer]
                if "extras" in self.tables:
                    trace.case |= {f"{leg}_payer": payer for leg, payer in payers.items()}
                    extras = {extra for extra, _, said in trace.ask_each("extras") if said["due"]}
                    met += [goal for goal in self.open if goal.remedy in extras and goal not in met]
        except ImpossibleCase:
            return []
        return met

    def _distance(self, names: tuple[str, ...], case: dict[str, Value]) -> float:
        """How far a changed case lies: a number counts by how far it moves, everything else as a whole step; the stage of
        the order and the reason itself come last."""
        far = 0.0
        for name in names:
            was, becomes = self.raw[name], case[name]
            if vocabulary()[name].kind == "int":
                far += min(abs(int(becomes) - int(was)) / (abs(int(was)) + 10), 1)
            else:
                far += 3 if name in ("stage", "reason", "certified_unqualified") else 1
        return far

    def _confirmed(self, goal: Goal, names: tuple[str, ...], case: dict[str, Value]) -> Way | None:
        try:
            verdict = self.pack.decide(case)
        except ImpossibleCase:
            return None
        changes = tuple(Change(name, self.raw[name], case[name]) for name in names)
        return Way(goal, changes, verdict) if goal.met_by(verdict) else None
