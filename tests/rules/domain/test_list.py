"""The list of rules, the tests and the page are of one mind: each rule has a test named after it, or a reason."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
LIST = tomllib.loads((ROOT / "docs" / "rule-list.toml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
TESTS = [*Path(__file__).parent.glob("test_*.py"), ROOT / "tests" / "returns" / "test_mixed.py"]


def named_rules() -> set[str]:
    """The rules in whose name a test runs."""
    names = [name for path in TESTS for name in re.findall(r"def (test_r_\d\w+)", path.read_text(encoding="utf-8"))]
    return {f"R-{int(number):02d}" for name in names for number in re.findall(r"r_(\d{3})(?=_)", name)}


def test_all_101_rules_are_listed() -> None:
    numbers = [
        *range(1, 15), *range(20, 45), *range(50, 68), *range(70, 77), *range(80, 88), *range(90, 94), *range(95, 99),
        100, 101, 105, 106, 107, *range(110, 122), *range(125, 129),
    ]  # fmt: skip
    assert list(LIST) == [f"R-{number:02d}" for number in numbers]
    assert len(LIST) == 101


def test_each_rule_has_a_test_or_a_reason_and_never_both() -> None:
    reasons = {rule for rule, said in LIST.items() if "not_a_row" in said}
    assert named_rules() | reasons == set(LIST)
    assert not named_rules() & reasons
    assert all(said["says"].endswith(".") and len(said["says"]) < 140 for said in LIST.values())


def test_the_page_gives_the_same_reasons() -> None:
    told = PAGE.split("Not in the tables, and why:")[1]
    lines = [line.strip("|").split("|") for line in told.splitlines() if line.startswith("| R-")]
    page = {rule: why.strip() for rules, why in lines for rule in rules.split()}
    assert page == {rule: said["not_a_row"] for rule, said in LIST.items() if "not_a_row" in said}


def test_the_page_says_where_every_other_rule_is() -> None:
    where = PAGE.split("## Where each rule is")[1].split("Not in the tables, and why:")[0]
    listed = set(re.findall(r"R-\d+", where))
    assert listed == {rule for rule, said in LIST.items() if "not_a_row" not in said}
