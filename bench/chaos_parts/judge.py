"""What must be true when all is quiet again, each as one figure with its target. Reads the run's database and its far side."""

import math
from collections.abc import Iterator, Sequence

from bench.rules_parts.figures import Figure
from tests.ledger.chaos.run import House


def judge(house: House, promised: dict[str, bool], *, quiet_after: float) -> Iterator[Figure]:
    """`promised`: whether the web acknowledged each action; `quiet_after`: seconds from the last fault to an empty queue."""
    timers = house.query(
        "SELECT t.name, r.subject_id, r.status, extract(epoch FROM r.due_at), extract(epoch FROM r.done_at)"
        " FROM ledger_timer r JOIN accounts_team t ON t.id = r.subject_id"
    )
    events = dict(
        house.query("SELECT subject_id, count(*) FROM ledger_event WHERE name = 'chaos.decided' GROUP BY subject_id")
    )
    sent = house.query("SELECT key, status FROM ledger_outbound")
    leases = house.query(
        "SELECT count(*) FROM (SELECT lease_until FROM ledger_timer UNION ALL SELECT lease_until FROM ledger_delivery"
        " UNION ALL SELECT lease_until FROM ledger_outbound) AS held WHERE lease_until IS NOT NULL"
    )[0][0]
    effects = dict(house.far_side.effects)
    due = {f"chaos:{row[1]}": float(str(row[3])) for row in timers}
    there = {str(row[0]) for row in timers}
    accepted = {key for key, was in promised.items() if was}
    decided = [float(str(row[4])) - float(str(row[3])) for row in timers if row[4] is not None]
    felt = [effects[key] - due[key] for key in effects if key in due]

    yield Figure("actions that were acknowledged", len(accepted), "", at_least=len(promised))
    yield Figure("I8 acknowledged and not in the database", len(accepted - there), "", at_most=0)
    yield Figure("I1 actions left undone or set aside", sum(row[2] != "done" for row in timers), "", at_most=0)
    yield Figure("I2 decided before they were due", sum(late < 0 for late in decided), "", at_most=0)
    yield Figure("I5 decided not at all", sum(row[1] not in events for row in timers), "", at_most=0)
    yield Figure("I5 decided twice", sum(count != 1 for count in events.values()), "", at_most=0)
    yield Figure("I7 decided and never sent", len(set(due) - set(effects)), "", at_most=0)
    yield Figure("I7 sent without a decision", len(set(effects) - set(due)), "", at_most=0)
    yield Figure("I3 effects felt before they were due", sum(late < 0 for late in felt), "", at_most=0)
    yield Figure("I10 messages under more than one key", len(sent) - len({row[0] for row in sent}), "", at_most=0)
    yield Figure("I10 messages not settled as done", sum(row[1] != "done" for row in sent), "", at_most=0)
    yield Figure("I11 rows that still hold a lease", int(str(leases)), "", at_most=0)
    yield Figure("decided late, median", _at(decided, 0.5), "s")
    yield Figure("decided late, 99 of 100", _at(decided, 0.99), "s", at_most=15)
    yield Figure("decided late, most", max(decided, default=0.0), "s", at_most=60)
    yield Figure("felt late, median", _at(felt, 0.5), "s")
    yield Figure("felt late, 99 of 100", _at(felt, 0.99), "s")
    yield Figure("felt late, most", max(felt, default=0.0), "s", at_most=120)
    yield Figure("queue empty after the last fault", quiet_after, "s", at_most=60)
    repeats = sum(house.far_side.calls.values()) - len(effects)
    yield Figure("calls repeated under the same key, felt once", repeats, "")


def _at(values: Sequence[float], share: float) -> float:
    """The value that this share does not exceed (nearest rank)."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)] if values else 0.0
