"""Every row of every shipped pack, in both languages for both readers: its own sentence on a case that it decides, without a
missing word, and with a source that can be cited."""

import json
from typing import Any

import pytest

from returns.rules.explain import Teller
from returns.rules.pack import PACKS, Pack, load_pack, shipped
from returns.rules.verdict import Verdict

UNSAID = {"extras/E90", "deadlines/T90"}  # "not due" and "no such period": no reason for anything, so never told
NOBODYS = {"remedies/Z01"}  # what no rule covers; no case reaches it today, and it must still have its words


def decided_by(pack: Pack, verdict: Verdict) -> dict[str, str]:
    """The label in the verdict under which each row fired, by table/row."""
    fired = {f"{label.split(':')[0]}/{row}": label for label, row in verdict.rows.items()}
    return fired | {f"deadlines/{item['row']}": "deadlines" for item in verdict.deadlines}


def witnesses(pack: Pack) -> dict[str, tuple[dict[str, Any], str]]:
    """For each row a verdict in which it fired, from the pack's own examples."""
    found: dict[str, tuple[dict[str, Any], str]] = {}
    for line in (PACKS / pack.name / "examples.jsonl").read_text(encoding="utf-8").splitlines():
        verdict = pack.decide(json.loads(line)["facts"])
        for row, label in decided_by(pack, verdict).items():
            found.setdefault(row, (verdict.as_dict(), label))
    return found


@pytest.mark.parametrize("name", shipped())
def test_every_row_has_a_case_a_sentence_in_each_language_for_each_reader_and_a_source(name: str) -> None:
    pack, seen = load_pack(name), 0
    known = witnesses(pack)
    any_case, _ = next(iter(known.values()))
    for table in (compiled.table for compiled in pack.tables.values()):
        for row in table.rows:
            key = f"{table.name}/{row.id}"
            if key in UNSAID:
                assert key not in known
                continue
            assert key in known or key in NOBODYS, f"no example of {name} reaches {key}"
            verdict, label = known.get(key, (any_case, table.name))
            for locale in ("zh", "en"):
                for audience in ("customer", "staff"):
                    seen += 1
                    teller = Teller(pack, {**verdict, "rows": {**verdict["rows"], label: row.id}}, locale, audience)
                    if table.name == "deadlines":
                        said = teller.deadline(next(d for d in verdict["deadlines"] if d["row"] == row.id))
                    else:
                        said = teller.sentence(label)
                    assert said.strip() == said != "", (key, locale, audience)
                    assert not {"{", "}"} & set(said), (key, locale, audience)
                    for source in row.sources:
                        assert teller.source(pack.sources[source].as_dict()).citation, (key, source)
            assert row.sources
    assert seen >= 4 * (sum(len(compiled.table.rows) for compiled in pack.tables.values()) - len(UNSAID))
