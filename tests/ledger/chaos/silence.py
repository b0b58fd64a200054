"""Nobody swept for a day: what was missed is done once each when somebody sweeps again; what came too late is marked."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.rules_parts.figures import Figure
from tests.ledger.chaos.run import House

ROOT = Path(__file__).parents[3]


def after_a_day(house: House, events: int, workers: int) -> Iterator[Figure]:
    """So many timers that fell due over the last 24 hours; half of them are of use for twelve hours only."""
    house.stop_sweeping()
    house.query(
        "INSERT INTO accounts_team (name, is_closed, signature)"
        f" SELECT 'missed-' || number, false, '' FROM generate_series(1, {events}) AS number RETURNING 1"
    )
    house.query(
        "INSERT INTO ledger_timer (kind, subject_type, subject_id, due_at, set_at, useful_until, status, attempts, failures,"
        " abandoned, data, source, paused_seconds, last_error)"
        " SELECT 'chaos.T1', 'accounts.team', id, at, at, CASE WHEN id % 2 = 0 THEN at + interval '12 hours' END,"
        " 'pending', 0, 0, 0, '{}', 'shop', 0, '' FROM (SELECT id, clock_timestamp() - interval '1 day' * row_number() OVER"
        " (ORDER BY id) / count(*) OVER () AS at FROM accounts_team WHERE name LIKE 'missed-%') AS missed RETURNING 1"
    )
    begin, used = time.monotonic(), _cpu()
    loops = [
        subprocess.Popen([sys.executable, "manage.py", "sweep", "--loop"], cwd=ROOT, env=house.environment)
        for _ in range(workers)
    ]
    try:
        house.wait_until_quiet(600)
        took = time.monotonic() - begin
    finally:
        for loop in loops:
            loop.terminate()
            loop.wait(30)
    used = _cpu() - used
    told: dict[str, object] = {
        str(status): count
        for status, count in house.query(
            "SELECT r.status, count(*) FROM ledger_timer r JOIN accounts_team t ON t.id = r.subject_id"
            " WHERE t.name LIKE 'missed-%' GROUP BY r.status"
        )
    }
    wrong = house.query(
        "SELECT count(*) FROM ledger_timer r JOIN accounts_team t ON t.id = r.subject_id WHERE t.name LIKE 'missed-%'"
        " AND (r.status = 'expired') <> (r.useful_until IS NOT NULL AND r.useful_until < r.done_at)"
    )[0][0]
    twice = house.query(
        "SELECT count(*) FROM (SELECT subject_id FROM ledger_event e JOIN accounts_team t ON t.id = e.subject_id"
        " WHERE e.name = 'chaos.decided' AND t.name LIKE 'missed-%' GROUP BY subject_id HAVING count(*) > 1) AS doubled"
    )[0][0]
    decided, late = int(str(told.get("done", 0))), int(str(told.get("expired", 0)))
    felt = sum(key in house.far_side.effects for key in _keys(house))
    yield Figure("missed in 24 hours without a sweep", decided + late, "timers", at_least=events)
    yield Figure("time until all were done", took, "s", at_most=300, note=f"{workers} loops, {os.cpu_count()} cores")
    yield Figure("CPU of the loops for each", used / events * 1000, "ms")
    yield Figure("decided twice", int(str(twice)), "", at_most=0)
    yield Figure("marked as too late and not done", late, "timers")
    yield Figure("marked wrongly, or done although too late", int(str(wrong)), "", at_most=0)
    yield Figure("decided and felt by the far side", felt, "", at_least=decided)


def _cpu() -> float:
    """Seconds of CPU that children used which have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _keys(house: House) -> list[str]:
    rows = house.query(
        "SELECT 'chaos:' || e.subject_id FROM ledger_event e JOIN accounts_team t ON t.id = e.subject_id"
        " WHERE e.name = 'chaos.decided' AND t.name LIKE 'missed-%'"
    )
    return [str(row[0]) for row in rows]
