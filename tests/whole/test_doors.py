"""The permission table: every address × everybody, answered as doors.toml says. An address that is not listed fails.

To add a door: run with DOORS_WRITE=1, read what changed in doors.toml, and commit it with the door.
"""

from __future__ import annotations

import os
import tomllib
from typing import Any

import pytest

from tests.whole import write_doors
from tests.whole.cast import CAST, World
from tests.whole.knocking import METHODS, Findings, knock
from tests.whole.routes import routes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
_found: dict[str, Findings] = {}


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    with open(write_doors.TABLE, "rb") as file:
        return tomllib.load(file)


@pytest.fixture(scope="module")
def world(standing: None) -> World:
    return World()


@pytest.fixture
def knocked(world: World, settings: Any, request: pytest.FixtureRequest) -> Findings:
    """What one of the cast found, once per process: three tests look at the same round."""
    who = request.param
    if who not in _found:
        settings.API_RATES = {"read": "100000/min", "write": "100000/min"}
        settings.MAILBOX = settings.DEMO = False
        _found[who] = knock(world, who)
    return _found[who]


everybody = pytest.mark.parametrize("knocked", CAST, indirect=True, ids=CAST)


def test_every_address_is_in_the_table_and_nothing_else(table: dict[str, Any]) -> None:
    here, listed = set(routes()), set(table["doors"])
    assert here - listed == set(), "say in doors.toml who may pass"
    assert listed - here == set(), "these addresses are gone"


@everybody
def test_every_door_answers_as_the_table_says(
    knocked: Findings, table: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    column = table["cast"].index(request.node.callspec.id)
    wrong = []
    for route, row in table["doors"].items():
        for method in METHODS:
            wanted = table["sets"][row[method]].split()[column]
            got = knocked.answers.get((route, method))
            if got != wanted:
                wrong.append(f"{method} {route}: {got} instead of {wanted}")
    assert wrong == []


@everybody
def test_looking_changes_nothing(knocked: Findings) -> None:
    assert knocked.writes == []


@everybody
def test_every_answer_carries_the_security_headers(knocked: Findings) -> None:
    assert knocked.bare == []


@pytest.mark.skipif("DOORS_WRITE" not in os.environ, reason="only to write the table anew: DOORS_WRITE=1")
def test_write_the_table_anew(world: World, settings: Any) -> None:
    settings.API_RATES = {"read": "100000/min", "write": "100000/min"}
    settings.MAILBOX = settings.DEMO = False
    names: dict[str, str] = {}
    if write_doors.TABLE.exists():
        with open(write_doors.TABLE, "rb") as file:
            names = {answers: name for name, answers in tomllib.load(file)["sets"].items()}
    write_doors.write({who: knock(world, who) for who in CAST}, names)
