"""A stored verdict decided again: the same to the byte, and whatever was changed since is found."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from returns.rules import explain as explaining
from returns.rules.facts import vocabulary
from returns.rules.pack import PACKS, Pack, load_pack, read_folder, read_pack, shipped
from returns.rules.replay import Difference, replayed, sealed
from returns.rules.verdict import facts_seal

PACK = load_pack("cn")
GOLDEN = Path(__file__).with_name("golden")
EXAMPLES = [json.loads(line) for line in (PACKS / "cn" / "examples.jsonl").read_text(encoding="utf-8").splitlines()]


def stored(facts: dict[str, Any], pack: Pack = PACK) -> dict[str, Any]:
    """A verdict as it comes back from the database."""
    record: dict[str, Any] = json.loads(json.dumps(sealed(pack.decide(facts).as_dict(), pack=pack)))
    return record


def kinds(differences: tuple[Difference, ...]) -> set[tuple[str, str]]:
    return {(difference.kind, difference.what) for difference in differences}


FLAW = {"reason": "flaw", "days_since_receipt": 3, "line_paid": 19900}


def test_every_example_replays_to_the_byte() -> None:
    for name in shipped():
        pack = load_pack(name)
        lines = (PACKS / name / "examples.jsonl").read_text(encoding="utf-8").splitlines()
        for line in lines[::3]:
            assert replayed(stored(json.loads(line)["facts"], pack)) == (), line


def test_any_changed_fact_is_found_also_one_that_counts_for_nothing() -> None:
    for name, fact in vocabulary().items():
        record = stored(FLAW)
        other = {"bool": not record["facts"][name], "date": "2026-01-01", "zone": "Asia/Tokyo"}.get(fact.kind)
        if other is None:
            other = next(value for value in fact.values or range(1, 3) if value != record["facts"][name])
        record["facts"][name] = other
        assert ("facts", "facts_sha256") in kinds(replayed(record)), name


def test_any_changed_part_of_the_outcome_is_found_by_name() -> None:
    for name in stored(FLAW):
        record = stored(FLAW)
        record[name] = "changed"
        assert replayed(record), name
    record = stored(FLAW)
    record["remedies"] = ["refuse"]
    assert kinds(replayed(record)) == {("outcome", "remedies")}
    assert str(replayed(record)[0]).startswith('outcome: remedies was ["refuse"], is ["return_refund", ')


def test_any_changed_cell_is_found() -> None:
    rnd = random.Random(3)
    for _ in range(25):
        files = dict(PACK.files)
        table = rnd.choice([name for name in files if name.endswith(".csv")])
        lines = files[table].splitlines()
        place = rnd.randrange(1, len(lines))
        cells = lines[place].split(",")
        cells[0] = f"{cells[0]}x"
        lines[place] = ",".join(cells)
        files[table] = "\n".join(lines) + "\n"
        assert ("pack", "sha256") in kinds(replayed(stored(FLAW), pack=read_pack(files)))


def test_a_changed_word_is_found_by_the_hash_and_by_what_was_told() -> None:
    files = dict(PACK.files)
    files["words.zh.toml"] = files["words.zh.toml"].replace("应由商家负责", "由商家负责")
    assert kinds(replayed(stored(FLAW), pack=read_pack(files))) == {("pack", "sha256"), ("explanation", "told_sha256")}


def test_another_wording_of_the_engine_itself_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    record = stored(FLAW)
    monkeypatch.setattr(explaining, "leg_name", lambda *words: words[0])
    assert kinds(replayed(record)) == {("explanation", "told_sha256")}


def test_what_stands_in_the_way_is_a_difference_too() -> None:
    assert kinds(replayed({**stored(FLAW), "semantics": "0"})) == {("semantics", "semantics")}
    assert kinds(replayed({**stored(FLAW), "sha256": "gone"})) == {("pack", "text")}
    assert kinds(replayed({**stored(FLAW), "facts": None})) == {("facts", "facts")}
    bad = stored(FLAW)
    bad["facts"]["reason"] = "flow"
    assert ("refused", "reason") in kinds(replayed(bad))
    assert kinds(replayed({})) == {("semantics", "semantics")}


def test_a_fact_that_was_not_known_then_stands_at_its_default_now() -> None:
    record = stored(FLAW)
    old = {name: value for name, value in record["facts"].items() if name != "member_abuse"}
    irrelevant = [name for name in record["not_relevant"] if name != "member_abuse"]
    before = {**record, "facts": old, "not_relevant": irrelevant, "facts_sha256": facts_seal(old)}
    assert replayed(before) == ()


def test_what_was_not_derived_then_is_no_difference_and_what_was_still_counts() -> None:
    record = stored(FLAW)
    old = {name: value for name, value in record["derived"].items() if name != "cooling_off"}
    assert replayed({**record, "derived": old}) == ()
    changed = replayed({**record, "derived": {**old, "matter": "used"}})
    assert [(each.kind, each.what) for each in changed] == [("outcome", "derived.matter")]


def test_an_old_text_may_know_fewer_values_than_the_vocabulary() -> None:
    files = dict(PACK.files)
    for name in ("cause.toml", "guarantee.toml", "extras.toml", "deadlines.toml"):
        files[name] = files[name].replace(', "shandong"', "")
    for name in ("cause.csv", "guarantee.csv", "extras.csv"):
        kept_lines = [line for line in files[name].splitlines() if "shandong" not in line.replace("shandong_", "")]
        files[name] = "\n".join(kept_lines) + "\n"
    with pytest.raises(ValueError, match="must have exactly the values of the fact"):
        read_pack(files)
    old = read_pack(files, kept=True)
    assert replayed(stored(FLAW, old), pack=old) == ()


@pytest.mark.parametrize("semantics", sorted(path.name for path in GOLDEN.iterdir()))
def test_golden_vectors_of_every_engine_semantics(semantics: str) -> None:
    """Never written anew: where one fails, the engine has changed its mind about old verdicts and needs new semantics."""
    pack = read_pack(read_folder(GOLDEN / semantics / "pack"), kept=True)
    lines = (GOLDEN / semantics / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) >= 60
    for line in lines:
        assert [str(difference) for difference in replayed(json.loads(line), pack=pack)] == []
