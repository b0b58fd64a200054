"""500 due actions under `kill -9` of web, worker, beat, Redis and Postgres: none lost, none twice, none early.

The short form of reliability 2.5. The same house without kills, and the long run, belong to the benchmark.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.ledger.chaos.mortal import MortalPostgres
from tests.ledger.chaos.run import House, folder_for, in_background
from tests.ledger.chaos.silence import after_a_day

ACTIONS, KILLS, SECONDS, SEED = 500, 15, 32.0, 20261123
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
        killer = in_background(lambda: house.torment(KILLS, SECONDS))
        with ThreadPoolExecutor(8) as clients:
            promised = list(clients.map(lambda key: house.promise(key, due_in[key]), due_in))
        killer.join(120)
        assert not killer.is_alive()
        house.wait_until_quiet(60)

        timers = house.query(
            "SELECT t.name, r.subject_id, r.status, extract(epoch FROM r.due_at), extract(epoch FROM r.done_at)"
            " FROM ledger_timer r JOIN accounts_team t ON t.id = r.subject_id"
        )
        events = house.query("SELECT subject_id, count(*) FROM ledger_event WHERE name = 'chaos.decided' GROUP BY 1")
        sent = house.query("SELECT key, status, attempts FROM ledger_outbound")
        effects, calls = dict(house.far_side.effects), house.far_side.calls

        assert promised == [True] * ACTIONS
        assert sorted(str(row[0]) for row in timers) == sorted(due_in), "every accepted promise is there, and once"
        assert {row[2] for row in timers} == {"done"}
        assert sorted(events) == sorted((row[1], 1) for row in timers), "each was decided exactly once"
        assert {row[1] for row in sent} == {"done"}
        due_at = {f"chaos:{row[1]}": float(str(row[3])) for row in timers}
        assert set(effects) == set(due_at) == {row[0] for row in sent}, "each had its effect, and no other did"
        decided_late = [float(str(row[4])) - float(str(row[3])) for row in timers]
        felt_late = [effects[key] - due_at[key] for key in effects]
        assert min(decided_late) >= 0, "none was decided early"
        assert min(felt_late) >= 0, "none was felt early"
        assert dict(house.kills) == dict.fromkeys(("redis", "worker", "beat", "web", "postgres"), KILLS // 5)
        killed, repeats = dict(house.kills), sum(calls.values()) - len(effects)

        assert not [str(figure) for figure in after_a_day(house, MISSED, workers=1) if figure.missed]

    with capsys.disabled():
        print(
            f"\n{ACTIONS} actions, {killed} killed: 0 lost, 0 twice, 0 early; decided at most"
            f" {max(decided_late):.1f} s late, felt at most {max(felt_late):.1f} s late; {repeats} calls repeated by key"
        )
