"""The table of roads is the documented one, and nobody takes a road that is not on it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from aftersales.kernel import clock
from returns.machine import ROADS, S, WrongStatus, move
from returns.models import Return
from tests.world import a_return, an_order

DOC = Path(__file__).resolve().parents[2] / "docs" / "returns.md"


def documented() -> dict[str, set[str]]:
    """The rows of the table under the heading on status."""
    section = DOC.read_text(encoding="utf-8").split("## Which status")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")][2:]
    return {status: set() if roads == "–" else set(roads.split(", ")) for status, roads in rows}


def test_the_document_is_true() -> None:
    assert documented() == {str(status): {str(road) for road in roads} for status, roads in ROADS.items()}


def test_every_status_is_on_the_map_and_can_be_reached() -> None:
    assert set(ROADS) == set(S)
    reached = {S.SUBMITTED, *itertools.chain.from_iterable(ROADS.values())}
    assert reached == set(S)


@pytest.mark.django_db
@pytest.mark.parametrize("start", list(S))
def test_no_other_road_is_taken(start: S) -> None:
    ret = a_return(an_order())
    now = clock.now()
    closed_at = now if start == S.CLOSED else None
    Return.objects.filter(pk=ret.pk).update(status=start, closed_at=closed_at)
    for goal in set(S) - ROADS[start]:
        ret.refresh_from_db()
        with pytest.raises(WrongStatus):
            move(ret, goal, at=now)
        assert Return.objects.get(pk=ret.pk).status == start


@pytest.mark.django_db
def test_who_looked_at_an_older_version_comes_too_late() -> None:
    ret = a_return(an_order())
    stale = Return.objects.get(pk=ret.pk)
    move(ret, S.NEED_INFO, at=clock.now())
    with pytest.raises(WrongStatus):
        move(stale, S.AWAITING_RETURN, at=clock.now())
