"""What a new version would have changed, held against a slow count that looks at every case by itself."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pytest

from returns.rules.arrays import numpy
from returns.rules.backtest import Cases, Tally, backtest
from returns.rules.columns import from_facts, picked
from returns.rules.facts import validate
from returns.rules.pack import Pack, load_pack, read_pack
from returns.rules.verdict import LEGS
from tests.rules.valid import random_cases

FEES = {"outbound": 700, "return": 1001, "replacement": 900}
MONTHS = (0, 202607, 202608)
Case = dict[str, Any]


def stricter() -> Pack:
    """The shop takes nothing back on a promise or the platform's clock, lets a shared fault be borne by the buyer, and owes less
    for fraud."""
    old = load_pack("cn")
    files = dict(old.files)
    for file, before, after in (
        ("withdrawal.csv", "W20,2,platform,*,*,*,yes,yes,", "W20,2,platform,*,*,*,yes,late,"),
        ("withdrawal.csv", "W10,1,promise,*,*,*,yes,yes,", "W10,1,promise,*,*,*,yes,late,"),
        ("return.csv", "split,both_at_fault", "buyer,both_at_fault"),
        ("pack.toml", "times = 3", "times = 2"),
        ("outbound.csv", "split,", "buyer,"),
    ):
        assert before in files[file]
        files[file] = files[file].replace(before, after, 1)
    return read_pack(files)


def history(count: int, seed: int) -> tuple[list[Case], list[dict[str, int]], list[int], list[int]]:
    """Facts, stored fees by leg, months and currencies."""
    rnd = random.Random(seed)
    facts = random_cases(count, seed)
    fees = [{leg: rnd.choice((0, 0, 800, 1234, 555)) for leg in LEGS} for _ in facts]
    return facts, fees, [rnd.choice(MONTHS) for _ in facts], [rnd.randint(0, 1) for _ in facts]


def as_cases(facts: list[Case], fees: list[dict[str, int]], months: list[int], currencies: list[int]) -> Cases:
    np = numpy()
    stored = {leg: np.array([fee[leg] for fee in fees], dtype="i8") for leg in LEGS}
    return Cases(
        columns=from_facts(facts),
        refs=lambda case: f"case {case}",
        months=np.array(months),
        currencies=np.array(currencies),
        currency_names=("CNY", "EUR"),
        freight=lambda some: picked(stored, some),
    )


def slow_costs(pack: Pack, facts: Case, fees: dict[str, int]) -> Counter[tuple[str, str]]:
    """One case, said in plain Python from the single verdict."""
    verdict, out = pack.decide(facts), Counter[tuple[str, str]]()
    for leg, payer in zip(
        LEGS, (verdict.outbound_leg_payer, verdict.return_leg_payer, verdict.replacement_leg_payer), strict=True
    ):
        fee = fees[leg] or FEES[leg]
        if payer == "split":
            out[leg, "shop"] += fee // 2
            out[leg, "buyer"] += fee - fee // 2
        elif payer != "not_applicable":
            out[leg, payer] += fee
    first, paid = verdict.remedies[0], facts["line_paid"]
    if first in ("return_refund", "refund_only"):
        out["refund", "shop"] += paid
    elif first == "refund_less_depreciation":
        out["refund", "shop"] += verdict.amounts.get(first, 0)
    out["damages", "shop"] += sum(
        sum_ for remedy, sum_ in verdict.amounts.items() if remedy in ("treble_damages", "tenfold_damages")
    )
    return out


def comparable(pack: Pack, facts: Case) -> tuple[Any, ...]:
    verdict = pack.decide(facts)
    periods = [(each["what"], each["days"], each["counted_from"]) for each in verdict.deadlines]
    return verdict.fault, verdict.remedies, verdict.freight, verdict.carrier_claim, periods


def test_the_numbers_are_those_of_a_slow_count_to_the_fen() -> None:
    old, new = load_pack("cn"), stricter()
    facts, fees, months, currencies = history(3000, seed=21)

    report = backtest(old, new, as_cases(facts, fees, months, currencies), FEES)

    changed = [place for place, case in enumerate(facts) if comparable(old, case) != comparable(new, case)]
    assert report.cases == 3000
    assert report.changed == len(changed) > 50
    assert sum(each["cases"] for each in report.transitions) == len(changed)
    items: Counter[tuple[str, str, str, str]] = Counter()
    by: Counter[tuple[str, str, str, str]] = Counter()
    for place in changed:
        currency, month = ("CNY", "EUR")[currencies[place]], months[place]
        for side, pack in (("before", old), ("after", new)):
            for (item, bearer), amount in slow_costs(pack, facts[place], fees[place]).items():
                items[currency, item, bearer, side] += amount
                if bearer == "shop":
                    by[currency, "goods", facts[place]["goods"], side] += amount
                    words = f"{month // 100}-{month % 100:02d}" if month else ""
                    by[currency, "months", words, side] += amount
    for currency, money in report.money.items():
        for line in money["items"]:
            for side in ("before", "after"):
                assert line[side] == items[currency, line["item"], line["payer"], side], line
        for what, name in (("goods", "goods"), ("months", "month")):
            for line in money[what]:
                for side in ("before", "after"):
                    assert line[side] == by[currency, what, line[name], side], line
        assert money["shop"]["after"] == sum(
            n for (c, _, b, s), n in items.items() if (c, b, s) == (currency, "shop", "after")
        )
    assert {line["item"] for line in report.money["CNY"]["items"] if line["difference"]} >= {"return", "refund"}


def test_in_pieces_and_through_json_it_is_the_same() -> None:
    old, new = load_pack("cn"), stricter()
    facts, fees, months, currencies = history(900, seed=4)
    whole = backtest(old, new, as_cases(facts, fees, months, currencies), FEES).as_dict()

    tally = Tally(old, new, FEES)
    for start in range(0, 900, 300):
        part = slice(start, start + 300)
        tally.add(as_cases(facts[part], fees[part], months[part], currencies[part]))
        tally = Tally(old, new, FEES, json.loads(json.dumps(tally.state)))
    pieces = tally.report().as_dict()

    for report in (whole, pieces):
        for change in report["transitions"]:  # the names of the cases begin anew in each piece
            change["examples"] = [each["facts"] for each in change["examples"]]
    assert pieces == whole


def test_each_change_shows_ten_cases_with_both_explanations_in_both_languages() -> None:
    old, new = load_pack("cn"), stricter()
    facts = [
        validate({"reason": "preference", "days_since_receipt": 9 + n, "platform_window": "running"}) for n in range(15)
    ]
    report = backtest(old, new, as_cases(facts, [dict.fromkeys(LEGS, 0)] * 15, [202608] * 15, [0] * 15), FEES)

    (change,) = report.transitions
    assert change["before"]["remedy"] == "return_refund"
    assert change["after"]["remedy"] == "goodwill_only"
    assert change["cases"] == 15
    assert len(change["examples"]) == 10
    for example in change["examples"]:
        assert example["ref"].startswith("case ")
        assert new.decide(example["facts"]).remedies[0] == "goodwill_only"
        for side in ("before", "after"):
            assert all(example[side][language] for language in ("zh", "en"))
        assert example["before"]["en"] != example["after"]["en"]
    assert {"before": "return_refund", "after": "goodwill_only", "cases": 15} in report.matrix
    assert json.loads(json.dumps(report.as_dict()))["fees"]["assumed"] == 15 * 2


def test_equal_packs_change_nothing() -> None:
    old = load_pack("cn")
    report = backtest(old, read_pack(old.files), as_cases(*history(400, seed=8)))
    assert (report.changed, report.transitions, report.money, report.cannot_say) == (0, [], {}, [])
    assert sum(each["cases"] for each in report.matrix) == 400
    assert "R90" not in report.never_hit.get("return", [])
    assert report.never_hit  # four hundred cases do not reach every row


def test_a_case_without_a_fact_that_counts_is_not_guessed() -> None:
    old, new = load_pack("cn"), stricter()
    facts, fees, months, currencies = history(50, seed=2)
    cases = as_cases(facts, fees, months, currencies)
    columns = {**cases.columns, "intact": numpy().full(50, -1, dtype="i1")}
    report = backtest(
        old, new, Cases(columns, cases.refs, cases.months, cases.currencies, ("CNY", "EUR"), cases.freight)
    )

    lost = sum(each["cases"] for each in report.cannot_say)
    assert 0 < lost <= 50
    assert sum(each["cases"] for each in report.matrix) == 50 - lost
    assert (report.cannot_say[0]["why"], report.cannot_say[0]["about"]) == ("unknown_fact", "withdrawal")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_says_what_is_not_in_the_number(language: str) -> None:
    report = backtest(load_pack("cn"), stricter(), as_cases(*history(5, seed=1)))
    assert len(report.as_dict()["not_counted"][language]) > 30
