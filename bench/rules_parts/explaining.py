"""Explaining: bad facts named, why-not confirmed, questions that matter, examples that bite, old verdicts to the byte."""

import json
import random
import time
from collections.abc import Iterator

from bench.rules_parts.figures import Figure
from returns.rules.facts import BadFact, vocabulary
from returns.rules.generate import examples, mutants, score
from returns.rules.language import CellError
from returns.rules.pack import Pack, load_pack, read_pack, shipped
from returns.rules.partly import outcome_of
from returns.rules.replay import replayed, sealed
from returns.rules.text import PackError
from returns.rules.undecided import possible
from returns.rules.why_not import Goal, undue, what_would_change
from tests.rules.fuzz import bad_cases
from tests.rules.valid import random_cases


def figures(quick: bool) -> Iterator[Figure]:
    yield from bad_facts(1_000 if quick else 10_000)
    yield from why_nots(300 if quick else 10_000)
    yield from questions(50 if quick else 500)
    yield from mutation(100 if quick else None)
    yield from replays(400 if quick else 10_000)


def bad_facts(count: int) -> Iterator[Figure]:
    """Each a verdict with remedies, rows and sources, or an error that names the fact."""
    pack, decided, named, silent = load_pack("cn"), 0, 0, 0
    for case in bad_cases(count, seed=2026):
        try:
            verdict = pack.decide(case)
        except BadFact as bad:
            told = bool(bad.why) and (bad.name in vocabulary() or bad.name in {str(name)[:80] for name in _names(case)})
            named += told
            silent += not told
        except Exception:  # noqa: BLE001  what is counted here is exactly what must not happen
            silent += 1
        else:
            decided += bool(verdict.remedies and verdict.rows and verdict.sources)
            silent += not (verdict.remedies and verdict.rows and verdict.sources)
    yield Figure(
        "bad facts without verdict or named error", silent, "cases", at_most=0, note=f"{decided} decided, {named} named"
    )


def _names(case: object) -> list[object]:
    return list(case) if isinstance(case, dict) else ["facts"]


def why_nots(count: int) -> Iterator[Figure]:
    """Suggestions that another decision of the changed facts does not confirm."""
    pack, rnd, ways, wrong, cases, spent = load_pack("cn"), random.Random(3), 0, 0, 0, 0.0
    while ways < count:
        (facts,) = random_cases(1, rnd.randrange(10**9))
        goals = [*undue(pack, pack.decide(facts)), Goal(leg="return", payer=rnd.choice(("shop", "buyer")))]
        audience, most = rnd.choice(("staff", "customer")), rnd.choice((1, 2))
        start = time.process_time()
        found = what_would_change(pack, facts, goals, audience=audience, most=most, ways=3)
        spent += time.process_time() - start
        cases += 1
        for answer in found:
            for way in answer.ways:
                ways += 1
                changed = {**way.verdict.facts, **{change.fact: change.becomes for change in way.changes}}
                wrong += not answer.goal.met_by(pack.decide(changed))
    yield Figure("why-not suggestions not confirmed", wrong, "ways", at_most=0, note=f"of {ways:,}")
    yield Figure("why-not, all remedies of a case", 1000 * spent / cases, "ms a case")


def questions(count: int) -> Iterator[Figure]:
    """Questions whose answer cannot change the outcome."""
    pack, rnd, asked, idle, spent = load_pack("cn"), random.Random(4), 0, 0, 0.0
    for facts in random_cases(count, 5):
        unknown = rnd.sample(list(facts), 5)
        start = time.process_time()
        found = possible(pack, facts, unknown)
        spent += time.process_time() - start
        for question in found.questions:
            asked += 1
            one, two = (outcome_of(pack.decide(case)) for case in question.proof)
            idle += one == two
    yield Figure("questions that cannot change the outcome", idle, "questions", at_most=0, note=f"of {asked:,}")
    yield Figure("what is still open, five facts unknown", 1000 * spent / count, "ms a case")


def mutation(some: int | None) -> Iterator[Figure]:
    """The lowest share of single-cell mutants that the generated examples of a table kill; all of them unless `some`."""
    lowest, where, killed, equal, survived, unhit = 1.0, "", 0, 0, 0, 0
    for name in shipped():
        for compiled in load_pack(name).tables.values():
            every = list(mutants(compiled.table))
            chosen = random.Random(1).sample(every, min(some, len(every))) if some else every
            found = score(compiled.table, examples(compiled.table), chosen)
            killed, equal, survived = killed + found.killed, equal + found.equal, survived + len(found.survived)
            unhit += found.rows - found.rows_hit
            if found.share < lowest:
                lowest, where = found.share, f"{name}/{found.table}"
    note = f"{where}; {killed:,} killed, {survived} survive, {equal:,} proved equal"
    yield Figure("mutants killed, worst table", 100 * lowest, "%", at_least=97, note=note)
    yield Figure("rows that no generated example reaches", unhit, "rows", at_most=0)


def replays(count: int) -> Iterator[Figure]:
    """Verdicts of twenty versions decided again from their stored records; then each record with one fact changed."""
    packs = list(_versions(20))
    moved = missed = 0
    for number, facts in enumerate(random_cases(count, 6)):
        pack = packs[number % len(packs)]
        stored = json.loads(json.dumps(sealed(pack.decide(facts).as_dict(), pack=pack)))
        moved += replayed(stored, pack=pack) != ()
        stored["facts"]["line_paid"] += 1
        missed += replayed(stored, pack=pack) == ()
    yield Figure(
        "replays that are not byte-identical", moved, "verdicts", at_most=0, note=f"of {count:,}, {len(packs)} versions"
    )
    yield Figure("changed facts that a replay does not notice", missed, "verdicts", at_most=0)
    hashes = len({pack.sha256 for pack in packs})
    yield Figure("versions with the hash of another", len(packs) - hashes, "versions", at_most=0)


def _versions(count: int) -> Iterator[Pack]:
    """The shipped pack, and versions of it that lack one row each, as long as every case is still decided."""
    pack, rnd = load_pack("cn"), random.Random(9)
    yield pack
    made = 1
    while made < count:
        files = dict(pack.files)
        table = rnd.choice([t.table for t in pack.tables.values()])
        lines = files[f"{table.name}.csv"].splitlines()
        place = rnd.randrange(1, len(lines) - 1)
        del lines[place]
        files[f"{table.name}.csv"] = "\n".join(lines) + "\n"
        files["pack.toml"] = files["pack.toml"].replace('version = "', f'version = "{made}.')
        try:
            version = read_pack(files)
            for facts in random_cases(300, made):
                version.decide(facts)
        except (PackError, CellError, LookupError, ValueError):
            continue  # that row was needed
        made += 1
        yield version
