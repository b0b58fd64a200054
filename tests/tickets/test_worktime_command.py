"""Every line behind a `$` in docs/worktime.md, run: the page says what the command does."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import CommandParser

from tickets.actions.calendar_seeding import seed_calendars
from tickets.management.commands.worktime import Command

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[2] / "docs" / "worktime.md"


def examples() -> list[tuple[str, str]]:
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    return re.findall(r"\$ manage\.py worktime (.*)\n(.*)\n", "".join(blocks))


def run(line: str) -> str:
    out = io.StringIO()
    try:
        call_command("worktime", *line.split(), stdout=out)
    except CommandError as error:
        return str(error)
    return out.getvalue().strip()


@pytest.fixture(autouse=True)
def hours_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seed_calendars()
    written = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[0]
    (tmp_path / "hours.json").write_text(json.dumps(json.loads(written)), encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "shut.json").write_text('{"zone": "Asia/Shanghai", "week": {}}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("line", "answer"), examples())
def test_the_page_says_what_the_command_answers(line: str, answer: str) -> None:
    assert run(line) == answer


def test_there_are_examples() -> None:
    assert len(examples()) > 15


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("next-open 2026-11-27 --hours broken.json", "no_json: broken.json is not JSON"),
        ("next-open 2026-11-27 --hours shut.json", "hours_never: There is not one open hour"),
        ("next-open 2026-11-27 --number 7", "no_calendar: There is no shop@7. Calendars: always, shop."),
        ("add 2026-11-27 9999999h", "out_of_reach"),
        ("between 2026-02-30 2026-03-01", "no_moment"),
        ("between 2026-11-27T01:00Z 2026-11-27T11:00+01:00", "32400"),
        ("add 2026-11-27T09:00 90", "2026-11-27T09:01:30+08:00"),
    ],
)
def test_what_is_typed_is_answered_by_name(line: str, said: str) -> None:
    assert run(line).startswith(said)


def test_a_refusal_ends_with_one_and_what_is_not_understood_with_two() -> None:
    with pytest.raises(CommandError) as refused:
        call_command("worktime", "add", "yesterday", "15m")
    assert refused.value.returncode == 1
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "worktime", "is-open", "2026-11-27"])
    assert ended.value.code == 2


def test_help_names_the_three_deeds_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    parser: CommandParser = Command().create_parser("manage.py", "worktime")
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert "add|between|next-open" in told
    assert "Exit codes: 0 answered, 1 refused, 2 not understood" in " ".join(told.split())
