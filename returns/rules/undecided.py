"""What can still come out while some facts are not known, and what to ask next. Called by the desk and
`manage.py decide --possible`.

    possible(pack, {"reason": "flaw", "days_since_receipt": None})     # -> Possible

Tables are read only as far as the known facts do not settle them; where a row hangs on a fact that nobody knows, each
value that some row tells apart is tried. If everything that may come out is the same, nothing needs to be asked. A
question is asked only with a proof that it matters: two cases that differ in nothing but that fact, decided otherwise.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from returns.rules.facts import BadFact, validate, vocabulary
from returns.rules.levers import answers_to
from returns.rules.partly import Needed, Outcome, decided
from returns.rules.plausible import contradictions

if TYPE_CHECKING:
    from returns.rules.pack import Pack

Value = str | int | bool

BUDGET = 20_000  # cases looked at; some two seconds at the worst, a few milliseconds with a handful of open facts


@dataclass(frozen=True, slots=True)
class Question:
    """A fact worth asking for. `leaves`: how many outcomes are left after the worst answer. `proof`: two complete cases
    that differ in this fact only and are decided otherwise."""

    fact: str
    leaves: int
    proof: tuple[Mapping[str, Value], Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class Possible:
    """`outcomes`, each with a complete case that has it; `questions`, the best first, none where one outcome is left.
    `sure` is False where the search was cut short: then there may be more outcomes."""

    outcomes: Mapping[Outcome, Mapping[str, Value]]
    questions: tuple[Question, ...]
    sure: bool

    @property
    def decided(self) -> Outcome | None:
        """The outcome, where it is the same whatever the open facts are."""
        return next(iter(self.outcomes)) if self.sure and len(self.outcomes) == 1 else None

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "decided": self.decided is not None,
            "outcomes": [outcome.as_dict() for outcome in self.outcomes],
            "questions": [{"fact": q.fact, "leaves": q.leaves} for q in self.questions],
            "sure": self.sure,
        }


def possible(
    pack: "Pack", facts: Mapping[str, object], unknown: Iterable[str] = (), *, budget: int = BUDGET
) -> Possible:
    """What can come out. Unknown are the facts named, those given as None, and those that must be given and are not;
    everything else is as given or at its default. Raises BadFact naming a fact that is wrong."""
    known, open_facts = _parted(facts, unknown)
    search = _Search(pack, known, open_facts, budget)
    leaves = list(search.leaves(known))
    outcomes: dict[Outcome, Mapping[str, Value]] = {}
    for outcome, witness in leaves:
        outcomes.setdefault(outcome, witness)
    questions = search.questions(known, outcomes) if len(outcomes) > 1 else ()
    return Possible(outcomes, tuple(questions), not search.cut)


def _parted(facts: Mapping[str, object], unknown: Iterable[str]) -> tuple[dict[str, Value], tuple[str, ...]]:
    """The known facts, checked and completed, and the names of the unknown ones in the order of the vocabulary."""
    words = vocabulary()
    if not isinstance(facts, Mapping):
        raise BadFact("facts", facts, "must be an object of fact names and values")
    named = {*unknown, *(name for name, value in facts.items() if value is None)}
    named |= {name for name, fact in words.items() if name not in facts and (fact.default is None)}
    for name in named - set(words):
        validate({name: None})  # raises, and says what was meant
    given = {name: value for name, value in facts.items() if name not in named}
    stage_open = "stage" in named
    for name, fact in words.items():
        if fact.required_when and name not in facts:
            when = {key: given.get(key, words[key].default) for key in fact.required_when}
            if stage_open or all(when[key] in values for key, values in fact.required_when.items()):
                named.add(name)
    stand_in = {name: next(iter(words[name].values), words[name].lo) for name in named if words[name].default is None}
    stand_in |= {name: words[name].lo for name in named if words[name].required_when}
    complete = validate({**given, **stand_in})
    return {k: v for k, v in complete.items() if k not in named}, tuple(name for name in words if name in named)


@dataclass
class _Search:
    pack: "Pack"
    known: dict[str, Value]
    open: tuple[str, ...]
    budget: int
    cut: bool = False
    looked: int = 0
    asked: dict[str, None] = field(default_factory=dict)  # every fact that some decision hung on

    def leaves(self, known: Mapping[str, Value]) -> Iterator[tuple[Outcome, dict[str, Value]]]:
        """Each way to decide, with one complete case that goes it."""
        self.looked += 1
        if self.looked > self.budget:
            self.cut = True
            return
        try:
            outcome = decided(self.pack, known)
        except Needed as needed:
            name = str(needed)
            self.asked[name] = None
            for value in answers_to(self.pack, name, known):
                yield from self.leaves({**known, name: value})
        else:
            if outcome is not None and self.could_be(witness := self.completed(known)):
                yield outcome, witness

    def completed(self, known: Mapping[str, Value]) -> dict[str, Value]:
        """A complete case: what no row asked stands at its default."""
        out: dict[str, Value] = {}
        for name, fact in vocabulary().items():
            fallback = fact.default if fact.default is not None else next(iter(fact.values), fact.lo)
            out[name] = known.get(name, fallback)
        return out

    def could_be(self, case: Mapping[str, Value]) -> bool:
        """Whether a case contradicts itself no more than what is known already does."""
        return not contradictions(case) - contradictions(self.completed(self.known))

    def questions(self, known: Mapping[str, Value], outcomes: Mapping[Outcome, Mapping[str, Value]]) -> list[Question]:
        out = []
        for name in list(self.asked):
            if proof := self.proof(name, outcomes.values()):
                left = [
                    len({outcome for outcome, _ in self.leaves({**known, name: value})})
                    for value in answers_to(self.pack, name, known)
                ]
                out.append((max(left), sum(left) / len(left), self.open.index(name), Question(name, max(left), proof)))
        return [question for *_, question in sorted(out, key=lambda item: item[:3])]

    def proof(
        self, name: str, cases: Iterable[Mapping[str, Value]]
    ) -> tuple[Mapping[str, Value], Mapping[str, Value]] | None:
        """Two cases that differ in one fact and are decided otherwise."""
        for case in cases:
            first = decided(self.pack, case)
            for value in answers_to(self.pack, name, case):
                other = {**case, name: value}
                if self.could_be(other) and decided(self.pack, other) not in (first, None):
                    return case, other
        return None
