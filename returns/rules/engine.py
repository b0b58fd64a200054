"""Deciding a case: facts through the tables of a pack to a verdict with its reasons. Called through `Pack.decide`.

    load_pack("cn").decide({"reason": "preference", "days_since_receipt": 3})

The order is always the same: the chain (whose cause is it, which rights follow, which remedies are due), the payer of
each leg for each remedy due, then what comes on top (insurance, damages, price difference) and the periods that run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from returns.rules.amounts import amounts_of
from returns.rules.compile import Compiled
from returns.rules.deadlines import deadlines_of
from returns.rules.derive import derive, derived_vocabulary
from returns.rules.facts import BadFact, validate, vocabulary
from returns.rules.language import Row
from returns.rules.reasons import reasons
from returns.rules.verdict import ANSWERS, LEGS, Verdict, requested_first

if TYPE_CHECKING:  # a pack decides through this module, so it imports us
    from returns.rules.pack import Pack


class ImpossibleCase(BadFact):
    """Facts that contradict each other, so that no rule was written for them; a person has to look."""


@dataclass(slots=True)
class Trace:
    """What has been decided so far: the facts with everything the tables said, and the row each table fired
    (`table:value` where one is asked more than once)."""

    pack: "Pack"
    case: dict[str, Any]
    fired: dict[str, tuple[Compiled, Row]] = field(default_factory=dict)
    said_by: dict[str, str] = field(default_factory=dict)

    def ask(self, name: str, label: str = "") -> Mapping[str, Any]:
        """Let one table decide and return what it says. `label` tells apart the answers of a table asked more than
        once."""
        compiled = self.pack.tables[name]
        if compiled.table.impossible:
            self._must_be_possible(compiled)
        row = compiled.decide(self.case)
        self.fired[label or name] = (compiled, row)
        return compiled.told[row.id].says

    def ask_each(self, name: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Let a table answer once for each value of its `each` column: value, label and what it says."""
        table = self.pack.table(name)
        for value in table.column(table.each).values:
            self.case[table.each] = value
            label = f"{name}:{value}"
            yield value, label, self.ask(name, label)

    def _must_be_possible(self, compiled: Compiled) -> None:
        if box := compiled.impossible_box(self.case):
            columns = zip(compiled.table.columns, box.cells, strict=True)
            name = next(column.name for column, cell in columns if cell is not None)
            raise ImpossibleCase(name, self.case[name], box.because)

    def follow(self, name: str) -> None:
        """Ask a table of the chain and let the next ones read what it said."""
        said = self.ask(name)
        self.case.update(said)
        self.said_by |= dict.fromkeys(said, name)


def decide(pack: "Pack", facts: Mapping[str, object]) -> Verdict:
    """The verdict on a case. Raises BadFact naming the fact that is unknown, missing, outside its domain or
    contradicting another."""
    raw = validate(facts)
    derived = derive(raw)
    trace = Trace(pack, {**raw, **derived})
    for name in pack.chain:
        trace.follow(name)
    due = requested_first(trace.case["remedies"], str(raw["wish"]))
    freight = _freight(trace, due)
    extras = _extras(trace)
    deadlines, overdue = deadlines_of(_clocks(trace), raw)
    leaf = reasons()[str(raw["reason"])]
    # A leg on which nothing travels explains nothing, unless that is all there is to say about the freight.
    legs = [leg for leg in LEGS if freight[0][leg] != "not_applicable"] or ["outbound"]
    # The cause always counts: it is part of the verdict, and with it whether to claim.
    relevant = _relevant(trace, [pack.chain[-1], *legs, pack.chain[0]])
    because = tuple(_because(trace, relevant))
    spoken = [*relevant, *(f"extras:{extra}" for extra in extras)]
    return Verdict(
        fault=trace.case["fault"],
        remedies=(*due, *extras),
        outbound_leg_payer=freight[0]["outbound"],
        return_leg_payer=freight[0]["return"],
        replacement_leg_payer=freight[0]["replacement"],
        carrier_claim=bool(trace.case.get("carrier_claim", False)),
        contested=tuple(_contested(trace, spoken)),
        deadline=min((item["ends"] for item in deadlines if item["ends"]), default=None),
        deadlines=deadlines,
        overdue_party=overdue,
        amounts=amounts_of(pack.amounts, due + extras, raw),
        freight=freight,
        requested=str(raw["wish"]),
        requested_due=due[0] in ANSWERS[str(raw["wish"])],
        proof_wanted=leaf.proof if leaf.proof != "none" and not raw["proof_given"] else None,
        rows={label: row.id for label, (_, row) in trace.fired.items()},
        because=because,
        not_relevant=_not_relevant(because),
        sources=tuple(_sources(trace, spoken)),
        facts=raw,
        derived=derived,
        pack=pack.name,
        version=pack.version,
        sha256=pack.sha256,
        semantics=pack.semantics,
    )


def _freight(trace: Trace, due: tuple[str, ...]) -> tuple[dict[str, str], ...]:
    """Who bears each leg for each remedy due. The first remedy's payers stay in the case for the tables that follow."""
    out = []
    for remedy in due:
        trace.case["remedy"] = remedy
        payers = {leg: trace.ask(leg, leg if remedy == due[0] else f"{leg}:{remedy}")["payer"] for leg in LEGS}
        out.append({"remedy": remedy, **payers})
    trace.case |= {"remedy": due[0], **{f"{leg}_payer": out[0][leg] for leg in LEGS}}
    return tuple(out)


def _extras(trace: Trace) -> tuple[str, ...]:
    """What comes on top of the remedy. One question for each extra, so that several can be due at once."""
    due = []
    for extra, label, said in trace.ask_each("extras") if "extras" in trace.pack.each else ():
        if said["due"]:
            due.append(extra)
        else:
            del trace.fired[label]  # "not due" is no reason for anything
    return tuple(due)


def _clocks(trace: Trace) -> list[dict[str, Any]]:
    """Every period that runs in this case, as the table says it, with the row's sources."""
    running = []
    for clock, label, said in trace.ask_each("deadlines") if "deadlines" in trace.pack.each else ():
        _, row = trace.fired[label]
        if said["days"] is None:
            del trace.fired[label]
        else:
            running.append({"what": clock, **said, "row": row.id, "sources": list(row.sources)})
    return running


def _relevant(trace: Trace, start: list[str]) -> list[str]:
    """The fired rows that mattered: the remedies and the legs, and every earlier table whose answer one of them
    tested."""
    found = list(start)
    for label in found:
        compiled, row = trace.fired[label]
        for name, _condition in compiled.told[row.id].asks:
            earlier = trace.said_by.get(name)
            if earlier and earlier not in found:
                found.append(earlier)
    return found


def _because(trace: Trace, relevant: list[str]) -> Iterator[dict[str, Any]]:
    """The facts that the relevant rows tested, once each, with the condition they met and the raw facts behind
    derived ones."""
    derived = derived_vocabulary()
    words = vocabulary()
    seen = set()
    for label in relevant:
        compiled, row = trace.fired[label]
        told = compiled.told[row.id]
        for (name, condition), value in zip(told.asks, told.values(trace.case), strict=True):
            if (name in words or name in derived) and (name, condition) not in seen:
                seen.add((name, condition))
                came = list(derived[name].comes_from) if name in derived else []
                yield {
                    "fact": name,
                    "value": value,
                    "if": condition,
                    "from": came,
                    "table": label,
                    "row": row.id,
                }


def _not_relevant(because: tuple[dict[str, Any], ...]) -> tuple[str, ...]:
    used = {name for item in because for name in (item["fact"], *item["from"])}
    return tuple(name for name in vocabulary() if name not in used)


def _contested(trace: Trace, labels: list[str]) -> Iterator[dict[str, Any]]:
    """The open questions this verdict touches, and which reading was taken; the words are in the pack."""
    seen = set()
    for label in labels:
        row = trace.fired[label][1]
        if row.contested and row.contested not in seen:
            seen.add(row.contested)
            text = trace.pack.questions["en"][row.contested]
            yield {
                "what": row.contested, "question": text["question"], "taken": text["taken"],
                "table": label, "row": row.id, "sources": list(row.sources),
            }  # fmt: skip


def _sources(trace: Trace, labels: list[str]) -> Iterator[dict[str, Any]]:
    """The sources of the rows that spoke, once each, in the order in which they were needed."""
    keys = dict.fromkeys(key for label in labels for key in trace.fired[label][1].sources)
    return (trace.pack.sources[key].as_dict() for key in keys)
