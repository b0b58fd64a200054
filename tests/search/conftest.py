"""What the tests of the search share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aftersales.kernel.actor import Actor
from aftersales.search.find import find
from aftersales.search.index import catch_up
from tests.world import staff

Found = dict[str, list[str]]


@pytest.fixture
def search(db: None) -> Callable[..., Found]:
    """Keys of what is found, by kind, for an agent unless somebody else asks."""

    def ask(text: str, actor: Actor | None = None, **narrowed: object) -> Found:
        groups = find(actor or staff("agent"), text, **narrowed)  # type: ignore[arg-type]
        return {group.kind: [hit.key for hit in group.hits] for group in groups}

    return ask


@pytest.fixture
def indexed(db: None) -> Callable[[], int]:
    """Index everything that was touched; how many marks there were."""

    def until_nothing_waits() -> int:
        done = 0
        while worked := catch_up():
            done += worked
        return done

    return until_nothing_waits
