"""500 due actions under `kill -9` of web, worker, beat, Redis and Postgres: none lost, none twice, none early.

The short form of reliability 2.5, judged as the long run is (`bench/chaos.py`), but for how long things took.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator

import pytest

from bench.chaos_parts.judge import judge
from tests.ledger.chaos.driving import drive, refunds_with
from tests.ledger.chaos.mortal import MortalPostgres
from tests.ledger.chaos.run import House, folder_for, in_background
from tests.ledger.chaos.silence import after_a_day

ACTIONS, KILLS, FREEZES, SECONDS, SEED = 500, 15, 3, 32.0, 20261123
MISSED = int(os.environ.get("DESK_MISSED_TIMERS", "100"))  # 10,000 in the long run: `python bench/chaos.py --missed`


@pytest.fixture
def postgres() -> Iterator[MortalPostgres]:
    """A server of the test's own, because the others' must not die."""
    base = folder_for("desk-chaos-pg-")
    server = MortalPostgres(base)
    yield server
    server.stop()
    shutil.rmtree(base, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.postgres
def test_five_hundred_actions_survive_fifteen_kills_and_a_day_without_a_sweep(
    postgres: MortalPostgres, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(SEED)
    due_in = {f"action-{number}": chance.randrange(0, int(SECONDS * 800)) for number in range(ACTIONS)}
    with House(postgres.url, seed=SEED, postgres=postgres) as house:
        requests = house.take_goods_back(refunds_with(ACTIONS))
        killer = in_background(lambda: house.torment(KILLS, SECONDS, FREEZES))
        heard = drive(house, due_in, requests, seed=SEED)
        killer.join(120)
        assert not killer.is_alive()
        house.wait_until_quiet(60)
        assert dict(house.kills) == dict.fromkeys(("redis", "worker", "beat", "web", "postgres"), KILLS // 5)
        assert sum(house.freezes.values()) == FREEZES
        figures = [*judge(house, heard, quiet_after=0.0), *after_a_day(house, MISSED, workers=1)]
        assert not [str(figure) for figure in figures if figure.missed and figure.unit != "s"]

    with capsys.disabled():
        print("", *(figure for figure in figures if figure.unit == "s" and "late" in figure.what), sep="\n")
