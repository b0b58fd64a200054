"""What must be true when all is quiet again, each as one figure with its target. Reads the run's database and its far side."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.rules_parts.figures import Figure
from tests.ledger.chaos.driving import Heard
from tests.ledger.chaos.run import House


def judge(house: House, heard: Heard, *, quiet_after: float) -> Iterator[Figure]:
    """`heard`: what the web acknowledged; `quiet_after`: seconds from the last fault to an empty queue."""
    promised = heard.promised
    yield from races(house, heard.withdrawn)
    yield from reports(house, heard.pushed)
    yield from refunds(house, heard.released)
    yield from photos(house, heard.photographed)
    timers = house.query(
        "SELECT t.name, r.subject_id, r.status, extract(epoch FROM r.due_at), extract(epoch FROM r.done_at)"
        " FROM ledger_timer r JOIN accounts_team t ON t.id = r.subject_id WHERE r.kind = 'chaos.T1'"
    )
    decisions = house.query(
        "SELECT subject_id, count(*) FROM ledger_event WHERE name = 'chaos.decided' GROUP BY subject_id"
    )
    events = {row[0]: row[1] for row in decisions}
    sent = house.query("SELECT key, status FROM ledger_outbound WHERE channel = 'chaos'")
    # What is in hand at this moment is the product's own: what is done, or was left by the dead, holds none.
    leases = house.query(
        "SELECT count(*) FROM (SELECT status, lease_until FROM ledger_timer UNION ALL SELECT status, lease_until FROM"
        " ledger_delivery UNION ALL SELECT status, lease_until FROM ledger_outbound) AS held"
        " WHERE lease_until IS NOT NULL AND (status <> 'pending' OR lease_until < clock_timestamp())"
    )[0][0]
    effects = {key: at for key, at in house.far_side.effects.items() if key.startswith("chaos:")}
    told_twice = sum(len(what) != 1 for what in house.far_side.told.values())
    there = {str(row[0]) for row in timers}
    timers = [row for row in timers if row[2] != "cancelled"]  # withdrawn in time
    due = {f"chaos:{row[1]}": float(str(row[3])) for row in timers}
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
    yield Figure("I10 keys that went out with two contents", told_twice, "", at_most=0)
    yield Figure("I10 messages not settled as done", sum(row[1] != "done" for row in sent), "", at_most=0)
    yield Figure("I11 rows that still hold a lease", int(str(leases)), "", at_most=0)
    yield Figure("decided late, median", _at(decided, 0.5), "s")
    yield Figure("decided late, 99 of 100", _at(decided, 0.99), "s", at_most=15)
    yield Figure("decided late, most", max(decided, default=0.0), "s", at_most=60, note=_when(timers))
    yield Figure("felt late, median", _at(felt, 0.5), "s")
    yield Figure("felt late, 99 of 100", _at(felt, 0.99), "s")
    yield Figure("felt late, most", max(felt, default=0.0), "s", at_most=120)
    yield Figure("queue empty after the last fault", quiet_after, "s", at_most=60)
    repeats = sum(house.far_side.calls.values()) - len(house.far_side.effects)
    yield Figure("calls repeated under the same key, felt once", repeats, "")
    broken = house.checks_itself()
    yield Figure("what the self-check of the product finds", len(broken), "", at_most=0, note="; ".join(broken))


def _when(timers: Sequence[tuple[object, ...]]) -> str:
    """When those that were decided more than 10 s late were due, in minutes of the run: one stall, or many."""
    due = sorted(float(str(row[3])) for row in timers)
    late = {
        int((float(str(row[3])) - due[0]) // 60)
        for row in timers
        if row[4] and float(str(row[4])) - float(str(row[3])) > 10
    }
    return f"more than 10 s late in minutes {', '.join(map(str, sorted(late)))}" if late else ""


def races(house: House, withdrawn: dict[str, bool]) -> Iterator[Figure]:
    """A withdrawal against the timer: one of them came first, and the other did nothing."""
    said = house.query(
        "SELECT t.name, min(e.id) FILTER (WHERE e.name = 'chaos.decided'), min(e.id) FILTER (WHERE e.name = 'chaos.withdrawn'),"
        " min(r.status) FROM accounts_team t JOIN ledger_timer r ON r.subject_id = t.id AND r.kind = 'chaos.T1'"
        " LEFT JOIN ledger_event e ON e.subject_id = t.id AND e.name LIKE 'chaos.%' GROUP BY t.name"
    )
    heard = {key for key, was in withdrawn.items() if was}
    both = [row for row in said if row[1] is not None and row[2] is not None]
    cancelled = {str(row[0]) for row in said if row[3] == "cancelled"}
    neither = [row for row in said if row[0] in heard and row[1] is None and row[2] is None]
    yield Figure("withdrawals that were acknowledged", len(heard), "", at_least=len(withdrawn))
    yield Figure("  of these before the decision", sum(row[2] is not None for row in said), "")
    yield Figure("I6 decided and withdrawn", len(both), "", at_most=0)
    yield Figure("I6 withdrawn, and nothing came of it", len(neither), "", at_most=0)
    yield Figure("I6 called off by nobody", len(cancelled - heard), "", at_most=0)


def reports(house: House, pushed: dict[str, bool]) -> Iterator[Figure]:
    """A carrier's report that was answered with 200 is one row; it was repeated until then, so one may be there unanswered."""
    rows = house.query("SELECT number, count(*) FROM customers_trackingreport GROUP BY number")
    kept = {str(row[0]): int(str(row[1])) for row in rows}
    answered = {number for number, was in pushed.items() if was}
    yield Figure("reports that were acknowledged", len(answered), "", at_least=len(pushed))
    yield Figure("I9 acknowledged and not kept", len(answered - set(kept)), "", at_most=0)
    yield Figure("I9 kept more than once", sum(count != 1 for count in kept.values()), "", at_most=0)
    yield Figure("I9 kept and told by nobody", len(set(kept) - set(pushed)), "", at_most=0)


def refunds(house: House, released: dict[int, bool]) -> Iterator[Figure]:
    """Each was released by several at once, beside others of its order: one payment of its sum, and no more than was paid."""
    rows = house.query("SELECT id, 'refund:' || ref, status, total_minor FROM returns_refund")
    miscounted = house.query(
        "SELECT o.id FROM customers_order o WHERE o.refunded_minor > o.paid_minor OR o.refunded_minor <> (SELECT"
        " coalesce(sum(f.total_minor), 0) FROM returns_refund f JOIN returns_return t ON t.id = f.of_id"
        " WHERE t.order_id = o.id AND f.status IN ('sending', 'paid', 'unknown'))"
    )
    paid = {str(row[1]): {str(row[3])} for row in rows if row[2] == "paid"}
    felt = {key: house.far_side.told[key] for key in house.far_side.effects if key.startswith("refund:")}
    unpaid = sum(row[2] != "paid" for row in rows if row[0] in released)
    unlike = sum(felt.get(key) != paid.get(key) for key in {*felt, *paid})
    yield Figure("refunds whose releases were acknowledged", sum(released.values()), "", at_least=len(released))
    yield Figure("I3 released and not paid", unpaid, "", at_most=0)
    yield Figure("I3 payments that are no paid refund of the same sum", unlike, "", at_most=0)
    yield Figure("I4 orders that count otherwise, or refund too much", len(miscounted), "", at_most=0)


def photos(house: House, photographed: dict[int, bool]) -> Iterator[Figure]:
    """A photo that was acknowledged is one row, and each row has its file, byte for byte, and the small one beside it."""
    rows = house.query(
        "SELECT subject_id, stored_name, sha256 FROM files_attachment WHERE subject_type = 'returns.return'"
    )
    kept = Counter(row[0] for row in rows)
    answered = {request for request, was in photographed.items() if was}
    lacking = sum(not _is_whole(house.files / str(row[1]), str(row[2])) for row in rows)
    yield Figure("photos that were acknowledged", len(answered), "", at_least=len(photographed))
    yield Figure("I8 photos acknowledged and not kept", len(answered - set(kept)), "", at_most=0)
    yield Figure("I8 photos kept more than once", sum(count != 1 for count in kept.values()), "", at_most=0)
    yield Figure("I12 attachments without their file", lacking, "", at_most=0)


def _is_whole(path: Path, sha256: str) -> bool:
    there = path.is_file() and path.with_name(path.name + ".thumb").is_file()
    return there and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _at(values: Sequence[float], share: float) -> float:
    """The value that this share does not exceed (nearest rank)."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)] if values else 0.0
