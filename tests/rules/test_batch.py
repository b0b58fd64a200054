"""Many cases at once: the same answers as one by one."""

from __future__ import annotations

import builtins
import random
from typing import Any

import pytest

from returns.rules.arrays import NoNumPy, numpy
from returns.rules.batch import Decision, decide_batch, decide_both, decide_table
from returns.rules.coding import Coding, coding, read_coding
from returns.rules.columns import from_codes, from_facts
from returns.rules.compile import Compiled, NoRow
from returns.rules.facts import validate
from returns.rules.pack import Pack, load_pack, read_pack, shipped
from returns.rules.verdict import LEGS, Verdict
from tests.rules.small import cases, random_table
from tests.rules.valid import random_cases


def as_decision(verdict: Verdict) -> Decision:
    due = verdict.remedies[: len(verdict.freight)]
    return Decision(
        fault=verdict.fault,
        due=due,
        extras=verdict.remedies[len(due) :],
        freight=tuple(tuple(payers[leg] for leg in LEGS) for payers in verdict.freight),
        carrier_claim=verdict.carrier_claim,
        periods=tuple(
            (each["what"], _table_days(each, verdict), each["counted_from"], each["party"], each["duty"])
            for each in verdict.deadlines
        ),
    )


def _table_days(period: dict[str, Any], verdict: Verdict) -> int:
    """As the table says them: the verdict has moved the statutory ones with a holiday already."""
    moved = period["what"] == "no_reason_return" and period["left"] is not None
    return int(period["days"] - (verdict.facts["holiday_shift"] if moved else 0))


def edited(pack: Pack, file: str, old: str, new: str) -> Pack:
    """A pack with one change of its text."""
    assert old in pack.files[file]
    return read_pack({**pack.files, file: pack.files[file].replace(old, new, 1)})


@pytest.mark.parametrize("name", shipped())
def test_a_batch_decides_as_the_pack_does_case_by_case(name: str) -> None:
    pack, given = load_pack(name), random_cases(4000, seed=11)

    decisions = decide_batch(pack, from_facts(given))

    for case, facts in enumerate(given):
        assert decisions.of(case) == as_decision(pack.decide(facts)), facts


def test_hits_count_the_rows_that_fired() -> None:
    pack, given = load_pack("cn"), random_cases(300, seed=5)
    fired: dict[tuple[str, str], int] = {}
    for facts in given:
        for label, row in pack.decide(facts).rows.items():
            table = label.split(":")[0]
            if table not in pack.each:  # a verdict leaves out what is not due
                fired[table, row] = fired.get((table, row), 0) + 1

    hits = decide_batch(pack, from_facts(given)).hits

    counted = {(table, row): n for table in hits if table not in pack.each for row, n in hits[table].items() if n}
    assert counted == fired


def test_one_table_decides_as_its_masks_do() -> None:
    for seed in range(60):
        table = random_table(seed)
        compiled, every = Compiled(table), list(cases(table))
        columns = {
            column.name: numpy().array([column.index(case[column.name]) - column.lo for case in every], dtype="i2")
            for column in table.columns
        }
        for case, row in zip(every, decide_table(compiled, columns), strict=True):
            if row < 0:
                with pytest.raises(NoRow):
                    compiled.decide(case)
            else:
                assert compiled.decide(case) is table.rows[row]


def test_what_is_not_known_is_left_open_only_where_it_matters() -> None:
    pack = load_pack("cn")
    plain = validate({"reason": "preference", "days_since_receipt": 3})
    columns = from_facts([plain, {**plain, "reason": "flaw"}])
    columns["goods"] = numpy().array([-1, -1], dtype="i1")

    decisions = decide_batch(pack, columns)

    # A guarantee depends on the class of goods, so both are left open; without a row that asks for it nothing is.
    assert decisions.of(0) is None
    assert "guarantee" in decisions.why_not[decisions.which[0]]
    columns = {**from_facts([plain]), "violation": numpy().array([-1], dtype="i1")}
    assert decide_batch(pack, columns).of(0) is None
    columns = {**from_facts([plain]), "proof_given": numpy().array([-1], dtype="i1")}
    assert decide_batch(pack, columns).of(0) == as_decision(pack.decide(plain))


def test_a_case_that_cannot_be_is_not_decided() -> None:
    head = load_pack("cn").files["cause.toml"]
    box = '\n[[impossible]]\nstage = "unshipped"\nmatter = "damage"\nbecause = "nothing has travelled"\n'
    pack = read_pack({**load_pack("cn").files, "cause.toml": head + box})
    given = [
        validate({"reason": "carrier_damage", "stage": stage, "days_since_receipt": 1})
        for stage in ("unshipped", "delivered")
    ]

    decisions = decide_batch(pack, from_facts(given))

    assert decisions.of(0) is None
    assert decisions.why_not[decisions.which[0]] == "impossible|nothing has travelled"
    assert decisions.of(1) == as_decision(pack.decide(given[1]))


def test_two_packs_share_the_cases_and_differ_where_they_differ() -> None:
    old = load_pack("cn")
    new = edited(old, "withdrawal.csv", "W20,2,platform,*,*,*,yes,yes", "W20,2,platform,*,*,*,yes,late")
    given = random_cases(1500, seed=3)

    before, after = decide_both([old, new], from_facts(given))

    for case, facts in enumerate(given):
        assert before.of(case) == as_decision(old.decide(facts))
        assert after.of(case) == as_decision(new.decide(facts))
    assert any(before.of(case) != after.of(case) for case in range(len(given)))


def test_a_case_in_bytes_says_the_same_again() -> None:
    for facts in random_cases(200, seed=9):
        assert coding().decode(coding().encode(facts)) == {k: v for k, v in facts.items() if k != "zone_of_receipt"}
    assert read_coding(coding().as_dict()).sha256 == coding().sha256
    assert coding().size < 120


def test_bytes_of_an_older_vocabulary_keep_their_meaning() -> None:
    """A value that was renumbered is found again; one that is gone, and a fact that is new, are not known."""
    now = coding()
    slots = []
    for slot in now.slots:
        if slot.name == "goods":
            slots.append(type(slot)("goods", "enum", ("food", "gone", *slot.values[:3]), 0, 1))
        elif slot.name != "violation":
            slots.append(slot)
    older = Coding(tuple(slots))
    facts = {**validate({"reason": "preference", "days_since_receipt": 2}), "goods": "food"}
    code = older.encode(facts) + older.encode({**facts, "goods": "gone"})

    columns = from_codes(code, older)

    assert older.sha256 != now.sha256
    assert list(columns["goods"]) == [now.slots[[s.name for s in now.slots].index("goods")].values.index("food"), -1]
    assert list(columns["violation"]) == [-1, -1]
    assert list(columns["days_since_receipt"]) == [2, 2]


def test_without_numpy_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "numpy":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    numpy.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NoNumPy, match="pip install"):
        from_facts(random_cases(1, random.randint(0, 9)))
    monkeypatch.undo()
    assert load_pack("cn").decide({"reason": "preference", "days_since_receipt": 3}).fault == "buyer"
