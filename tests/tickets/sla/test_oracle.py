"""Five hundred random histories of clocks come to what looking at every second comes to. Ten thousand: bench/clocks.py."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from tests.tickets.sla.histories import differences, histories

SEEDS = range(10)


@pytest.mark.parametrize("seed", SEEDS)
def test_fifty_histories_come_to_what_every_second_says(seed: int) -> None:
    wrong = {number: found for number, pair in enumerate(histories(seed, 50)) if (found := differences(*pair))}
    assert wrong == {}


def test_the_histories_have_in_them_what_they_are_for() -> None:
    """Of a hundred: pauses, ends and reopenings, other policies, late news, and deadlines beyond the closure of sixty days."""
    pairs = list(histories(0, 100))
    stories = [sorted(history.segments, key=lambda segment: segment.at) for history, _ in pairs]
    kinds = [[segment.kind for segment in story] for story in stories]
    assert {oracle.state() for _, oracle in pairs} == {"running", "paused", "met", "missed"}
    assert sum("paused" in each for each in kinds) > 50
    assert sum(("stopped", "running") in pairwise(each) for each in kinds) > 8
    assert sum(any(segment.hours for segment in story) for story in stories) > 30
    assert sum(history.segments != story for (history, _), story in zip(pairs, stories, strict=True)) > 40
    assert any(due and due > dt.datetime(2026, 5, 20, tzinfo=dt.UTC) for due in (oracle.due() for _, oracle in pairs))
    assert len({history.calendar for history, _ in pairs}) == 3
