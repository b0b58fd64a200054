"""What is installed is pinned by hash and comes from whatever index the machine uses, not from one we name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "requirements"
LISTS = ("base", "test", "dev", "bench")
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9-]*(\[[a-z0-9,-]+\])?)==(?P<version>[0-9][\w.]*)( ;[^#]*)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def pins(name: str) -> dict[str, str]:
    found = [PIN.match(line) for line in (FOLDER / f"{name}.txt").read_text().splitlines()]
    return {pin["name"]: pin["version"] for pin in found if pin}


@pytest.mark.parametrize("name", LISTS)
def test_every_line_is_a_pin_or_its_hash_and_no_line_names_a_host(name: str) -> None:
    text = (FOLDER / f"{name}.txt").read_text()
    lines = text.splitlines()
    assert "://" not in text
    assert [line for line in lines if not PIN.match(line) and not HASH.match(line)] == []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        assert not PIN.match(line) or HASH.match(after), f"{line} has no hash"
    assert len(pins(name)) > 40


@pytest.mark.parametrize("name", ["test", "dev", "bench"])
def test_tests_and_tools_run_on_the_versions_that_are_shipped(name: str) -> None:
    assert pins("base").items() <= pins(name).items()


def test_there_are_no_other_lists() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(f"{name}.txt" for name in LISTS)
