"""1,000,000 stored cases by two versions with money, read from Postgres (`DATABASE_URL`, else one started for this)."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.rules_parts.figures import Figure

ROWS = """
INSERT INTO returns_returnline (id, of_id, order_line_id, quantity, reason, found_reason, story, received_quantity,
  accepted_quantity, held_quantity) SELECT n, n, n, 1, 'preference', '', '', 0, 0, 0 FROM generate_series(1, %(n)s) n;
INSERT INTO returns_freightentry (of_id, leg, payer, amount_minor)
  SELECT n, leg, 'buyer', CASE WHEN leg = 'return' AND n %% 2 = 0 THEN 900 + n %% 700 ELSE 0 END
  FROM generate_series(1, %(n)s) n, unnest(ARRAY['outbound', 'return', 'replacement']) leg;
"""


def figures(quick: bool) -> Iterator[Figure]:
    if not os.environ.get("DATABASE_URL"):
        yield from _with_a_server(quick)
        return
    count = 50_000 if quick else 1_000_000
    import django

    django.setup()
    from django.db import connection, transaction

    if connection.vendor != "postgresql":
        raise ModuleNotFoundError("PostgreSQL as DATABASE_URL", name="a PostgreSQL database")
    with transaction.atomic():  # taken back at the end, so that any database is left as it was
        _fill(connection, count)
        yield from _measured(connection, count)
        transaction.set_rollback(True)


def _with_a_server(quick: bool) -> Iterator[Figure]:
    """The same in another process that was lent a server, with its tables made."""
    me = f"import sys; sys.path.insert(0, '.'); from bench.rules_parts import backtest; backtest.tell({quick})"
    script = f'python="{sys.executable}"; "$python" manage.py migrate -v 0 && exec "$python" -c "{me}"'
    command = [sys.executable, "-m", "tests.services", "--", "sh", "-c", script]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    for line in done.stdout.splitlines():
        what, value, unit, most = line.split("\t")
        yield Figure(what, float(value), unit, at_most=float(most) if most else None)


def tell(quick: bool) -> None:
    """The figures as lines that `_with_a_server` reads."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    for each in figures(quick):
        print(each.what, each.value, each.unit, each.at_most if each.at_most is not None else "", sep="\t", flush=True)


def _fill(connection: Any, count: int) -> None:
    """So many lines with a coded case and three freight entries each; what they point at is left out."""
    import io
    import random

    from returns.actions.coding import kept_coding
    from returns.rules.coding import coding
    from tests.rules.valid import random_cases

    rnd = random.Random(7)
    kinds = [coding().encode(case).hex() for case in random_cases(5_000, seed=7)]
    kept = kept_coding(coding())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the rows stand without what they point at
        cursor.execute(ROWS, {"n": count})
        columns = "line_id, coding_id, pack, currency, decided_on, facts"
        for start in range(1, count + 1, 50_000):
            text = "".join(
                f"{n}\t{kept}\tcn\tCNY\t2026-{n % 12 + 1:02d}-15\t\\\\x{rnd.choice(kinds)}\n"
                for n in range(start, start + 50_000)
            )
            cursor.copy_expert(f"COPY returns_codedcase ({columns}) FROM STDIN", io.StringIO(text))
        cursor.execute("ANALYZE returns_codedcase, returns_returnline, returns_freightentry")


def _server_seconds(connection: Any) -> float | None:
    """The CPU time so far of the server's process that serves us; None where it runs on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if "postgres" not in (text := stat.read_text() if stat.exists() else ""):
        return None
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _measured(connection: Any, count: int) -> Iterator[Figure]:
    from returns.history import read_cases
    from returns.rules.backtest import Tally
    from returns.rules.pack import load_pack, read_pack

    old = load_pack("cn")
    text = old.files["withdrawal.csv"]
    for line in ("W10,1,promise,*,*,*,yes,yes,", "W20,2,platform,*,*,*,yes,yes,"):
        assert line in text
        text = text.replace(line, line.removesuffix("yes,") + "late,")
    new = read_pack({**old.files, "withdrawal.csv": text})
    server = _server_seconds(connection)
    started, cpu, reading = time.perf_counter(), time.process_time(), 0.0
    tally, pieces = Tally(old, new), read_cases("cn")
    while True:
        asked = time.perf_counter()
        piece = next(pieces, None)
        reading += time.perf_counter() - asked
        if piece is None:
            break
        tally.add(piece[1])
    report = tally.report().as_dict()
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    assert report["cases"] == count
    assert report["changed"]
    target = 5.0 if count == 1_000_000 else None
    yield Figure(f"{count:,} cases x 2 versions, read, decided, priced, told", took, "s", at_most=target)
    yield Figure("of it reading, with the server", reading, "s")
    yield Figure("of it CPU time of this process", cpu, "s")
    if server is not None:
        yield Figure(
            "of it CPU time of the server; one waits for the other", (_server_seconds(connection) or 0) - server, "s"
        )
    yield Figure("cases that change", report["changed"], "cases")
