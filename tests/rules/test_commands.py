"""`manage.py decide` and `manage.py prove`: lines in, lines out, named errors, exit codes. No database."""

import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from returns.rules.pack import PACKS

PLAIN = '{"reason": "preference", "days_since_receipt": 3}'


def run(*args: str, **options: Any) -> tuple[str, str, int]:
    """Standard output, standard error and exit code of a command."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*args, stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error}", error.returncode
    return out.getvalue(), err.getvalue(), 0


@pytest.fixture
def facts(tmp_path: Path) -> Any:
    def write(*lines: str) -> str:
        file = tmp_path / "facts.jsonl"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(file)

    return write


def test_one_verdict_a_line(facts: Any) -> None:
    out, err, code = run("decide", facts(PLAIN, "", '{"reason": "flaw", "days_since_receipt": 3}'))
    verdicts = [json.loads(line) for line in out.splitlines()]
    assert [verdict["fault"] for verdict in verdicts] == ["buyer", "shop"]
    assert verdicts[0]["remedies"] == ["return_refund", "exchange"]
    assert (err, code) == ("", 0)
    assert "explanation" not in verdicts[0]


@pytest.mark.parametrize(("locale", "word"), [("zh", "您"), ("en", "you")])
def test_with_words(facts: Any, locale: str, word: str) -> None:
    out, _, code = run("decide", facts(PLAIN), explain=locale)
    explanation = json.loads(out)["explanation"]
    assert word in "".join(explanation["customer"]["summary"])
    assert explanation["staff"]["sources"]
    assert code == 0


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"reason": "flaw"}', "line 2: BadFact days_since_receipt: must be given when stage is delivered"),
        (
            '{"reason": "flow", "days_since_receipt": 3}',
            "line 2: BadFact reason: 'flow' is not known; did you mean flaw",
        ),
        ('{"reason": "flaw", "reason": "flaw"}', "line 2: BadFact reason: is given twice"),
        ('{"reason": "flaw", "days_since_receipt": NaN}', "line 2: BadLine: is not one JSON object of facts (NaN"),
        ("reason=flaw", "line 2: BadLine: is not one JSON object of facts"),
        ("[1]", "line 2: BadLine: is not one JSON object of facts (begin the line with {"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_decided(facts: Any, line: str, says: str) -> None:
    out, err, code = run("decide", facts(PLAIN, line, PLAIN))
    assert len(out.splitlines()) == 2
    assert says in err
    assert "1 line could not be decided" in err
    assert code == 1


def test_stdin_the_schema_and_files_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PLAIN))
    assert json.loads(run("decide", "-")[0])["fault"] == "buyer"
    assert json.loads(run("decide", schema=True)[0])["required"] == ["reason"]
    assert run("decide")[2] == 1
    assert "cannot be read" in run("decide", str(tmp_path / "nothing.jsonl"))[1]
    (tmp_path / "gbk.jsonl").write_bytes('{"reason": "质量"}'.encode("gb18030"))
    assert "is not UTF-8" in run("decide", str(tmp_path / "gbk.jsonl"))[1]
    assert "neither a shipped pack" in run("decide", "-", pack="nowhere")[1]


def test_the_shipped_packs_are_proved() -> None:
    out, err, code = run("prove")
    assert "Proved: 9 tables" in out
    assert (err, code) == ("", 0)
    assert run("prove", "cn")[2] == 0


def test_a_folder_with_a_gap_is_not_proved_and_the_case_is_shown(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(PACKS / "cn", folder)
    table = folder / "withdrawal.csv"
    table.write_text(
        "".join(line for line in table.open(encoding="utf-8") if not line.startswith("W30,")), encoding="utf-8"
    )
    out, err, code = run("prove", str(folder))
    assert "GAP in table withdrawal" in out
    assert "witness: window=over" in out
    assert "row to add: window over" in out
    assert "Not proved" in err
    assert code == 1
    assert "Proved:" not in out


def test_a_folder_that_is_not_a_pack_is_named(tmp_path: Path) -> None:
    _, err, code = run("prove", str(tmp_path))
    assert "is not a pack" in err
    assert code == 1


def test_why_not_tells_the_fewest_changes(facts: Any) -> None:
    late = '{"reason": "preference", "days_since_receipt": 9}'
    out, _, code = run("decide", facts(late), why_not="return_refund", explain="en")
    way = json.loads(out)["why_not"]["ways"][0]
    assert way["changes"] == [{"fact": "days_since_receipt", "was": 9, "becomes": 7}]
    assert way["words"] == "A return for a refund would be due if “days since receipt” were 7 instead of 9."
    assert way["row"] == "D01"
    assert code == 0
    assert "words" not in json.loads(run("decide", facts(late), why_not="return=shop")[0])["why_not"]["ways"][0]
    assert json.loads(run("decide", facts(PLAIN), why_not="exchange")[0])["why_not"] == {
        "met": True,
        "sure": True,
        "ways": [],
    }


def test_why_not_refuses_what_it_does_not_know(facts: Any) -> None:
    _, err, code = run("decide", facts(PLAIN), why_not="excange")
    assert "did you mean exchange" in err
    assert code == 1
    assert "choose one of shop, buyer, split" in run("decide", facts(PLAIN), why_not="return=carrier")[1]


def test_possible_takes_missing_facts_and_asks(facts: Any) -> None:
    out, err, code = run("decide", facts('{"reason": "preference", "intact": null}'), possible=True, explain="zh")
    answer = json.loads(out)
    assert (err, code, answer["decided"], answer["sure"]) == ("", 0, False, True)
    assert {question["fact"] for question in answer["questions"]} == {"days_since_receipt", "intact"}
    (intact,) = (question for question in answer["questions"] if question["fact"] == "intact")
    assert (intact["label"], intact["answers"]) == ("商品完好", ["是", "否"])
    assert "line 1: BadFact wish" in run("decide", facts('{"reason": "preference", "wish": "xx"}'), possible=True)[1]


def test_a_line_nested_too_deeply_is_named(facts: Any) -> None:
    _, err, code = run("decide", facts('{"reason": ' + "[" * 100_000 + "]" * 100_000 + "}"))
    assert "line 1: BadLine" in err
    assert code == 1


def test_prove_counts_the_mutants_that_generated_examples_tell_apart(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(PACKS / "eu", folder)
    out, _, code = run("prove", str(folder), mutants=True)
    assert code == 0
    assert re.search(
        r"  guarantee: \d+ examples reach (\d+) of \1 rows and kill 100\.0% of \d+ mutants; \d+ more are proved equal",
        out,
    )
