"""Rules leave and come back as text, the same to the byte, and what comes back is a draft."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from returns.models import RuleVersion
from returns.rules.pack import PACKS
from tests.returns.rulebook.people import a_draft
from tests.world import member

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command("rules", *words, stdout=out)
    return out.getvalue()


def test_a_round_trip_is_the_same_to_the_byte(tmp_path: Path) -> None:
    member("manager")
    run("export", "cn", str(tmp_path / "one"))
    shipped = {path.name: path.read_bytes() for path in (PACKS / "cn").iterdir() if path.is_file()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()} == shipped
    assert "Draft cn@2 begun" in run("import", str(tmp_path / "one"), "--as-draft", "--by", "manager@shop.example")
    run("export", "cn@2", str(tmp_path / "two"))
    assert {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()} == shipped
    assert RuleVersion.objects.get(rule_set="cn", number=2).status == "draft"


def test_a_stream_has_every_file(tmp_path: Path) -> None:
    draft = a_draft()
    text = run("export", str(draft), "-")
    assert [line[4:-4] for line in text.splitlines() if line.startswith("==> ")] == sorted(draft.files)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("verified", "verifed", "cause.csv, line"),
        ("C02,", "=1+1,", "formula"),
        ("id,layer", "id,leyer", "did you mean layer"),
        ("", "x" * 10_000_000, "larger than"),
    ],
)
def test_a_wrong_text_is_refused_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    member("manager")
    run("export", "cn", str(tmp_path / "cn"))
    file = tmp_path / "cn" / "cause.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        run("import", str(tmp_path / "cn"), "--as-draft", "--by", "manager@shop.example")
    assert not RuleVersion.objects.filter(number=2).exists()


def test_a_full_folder_a_strange_version_and_a_stranger_are_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    for words, said in (
        (("export", "cn", str(tmp_path)), "not empty"),
        (("export", "cn@99", "-"), "no version cn@99"),
        (("import", str(PACKS / "cn"), "--as-draft", "--by", "nobody@shop.example"), "Nobody signs in"),
    ):
        with pytest.raises(CommandError, match=said):
            run(*words)


def test_two_versions_are_compared_by_name() -> None:
    draft = a_draft()
    out = StringIO()
    call_command("rules_diff", "cn@1", str(draft), stdout=out)
    assert out.getvalue().startswith("0 cases are decided otherwise")
    assert "pack.toml: version, title" in out.getvalue()
    for strange in ("cn@99", "cn@x", "@1"):
        with pytest.raises(CommandError, match="is not a version"):
            call_command("rules_diff", "cn@1", strange)
