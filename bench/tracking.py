"""Replay tracking events in order and in random order, and compare where they end: `python bench/tracking.py [--events N]`.

Each event is one scan of a parcel in a report of its own, posted ten reports in a call (`--in-a-call`), with its signature, to
the address that carriers call, through everything that a request goes through, by several workers at once, on a Postgres of
its own that waits for its disk. First in the order of the scans; then, for as many other parcels, in random order, with a
quarter of the reports told again or told with all that went before. Both must end where the dates alone say that they must:
status, days, order, scans, and what is set for later. The floor is what inserting the same rows by bare statements takes.
The last line is the verdict, and the exit code is 1 where a target is missed. 100,000 events take some ten minutes.
"""

import argparse
import contextlib
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.rules_parts.figures import Figure  # noqa: E402
from bench.tracking_parts.ends import ends, plant  # noqa: E402
from bench.tracking_parts.stream import Stream, expected, make  # noqa: E402
from tests.ledger.chaos.mortal import MortalPostgres  # noqa: E402
from tests.ledger.chaos.run import folder_for  # noqa: E402

AT_LEAST = 300  # events a second, issue 5
Taken = tuple[float, Counter[str], float]


def feed(run: str, way: str, at_once: int, workers: int, of_it: list[str]) -> Taken:
    """Let the workers bring it all. Seconds, what was answered how often, and the CPU seconds of the workers."""
    command = [sys.executable, "-m", "bench.tracking_parts.feeding", run, way, str(at_once)]
    started = [
        subprocess.Popen([*command, str(worker), str(workers), *of_it], cwd=ROOT, text=True, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE)
        for worker in range(workers)
    ]  # fmt: skip
    for each in started:
        assert each.stdout is not None
        each.stdout.readline()
    begin = time.monotonic()
    for each in started:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    told = [json.loads(each.communicate()[0]) for each in started]
    took = time.monotonic() - begin
    answers: Counter[str] = Counter()
    for one in told:
        answers.update(one["answers"])
    return took, answers, sum(one["cpu"] for one in told)


def differences(stream: Stream, wanted: list[dict[str, Any]], got: list[dict[str, Any]]) -> list[str]:
    """Where the database differs from what the dates say, in words."""
    names = ("status", "shipped_at", "signed_at", "delivered_at", "scans")
    return [
        f"parcel {place}: {name} is {have[name]}, should be {want[name]}"
        for place, (want, have) in enumerate(zip(wanted, got, strict=True))
        for name in names
        if want[name] != have[name]
    ]


def measured(options: argparse.Namespace) -> Iterator[Figure]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    stream = make(options.events, options.seed, now)
    of_it = [str(options.events), str(options.seed), now.isoformat()]
    for run in "ABC":
        plant(run, stream, now)
    _analyse()
    plain_took, _, _ = feed("C", "plain", 1, options.workers, of_it)
    first_took, first_answers, _ = feed("A", "in order", options.in_a_call, options.workers, of_it)
    then_took, then_answers, used = feed("B", "shuffled", options.in_a_call, options.workers, of_it)
    until = dt.datetime.now(dt.UTC)
    one, other, wanted = ends("A", stream, until), ends("B", stream, until), expected(stream)
    wrong = differences(stream, wanted, one)
    for sentence in wrong[:5]:
        print(f"  {sentence}")
    unlike = [place for place in range(len(wanted)) if one[place] != other[place]]
    for place in unlike[:5]:
        print(f"  parcel {place} ends in order as {one[place]}\n    and at random as {other[place]}")
    events, reports = len(stream.in_order), len(stream.shuffled)
    floor, rate = events / plain_took, events / then_took
    yield Figure("parcels whose end in order is not that of the dates", len({each.split(":")[0] for each in wrong}), "",
                 at_most=0, note=f"{len(wanted):,} parcels")  # fmt: skip
    yield Figure("parcels whose end at random is another than in order", len(unlike), "", at_most=0)
    yield Figure("reports not taken in", first_answers.total() + then_answers.total() - first_answers["placed"]
                 - then_answers["placed"], "", at_most=0)  # fmt: skip
    yield Figure("in order", events / first_took, "events/s", at_least=AT_LEAST, note=f"{options.workers} workers")
    yield Figure(
        "at random with repeats", rate, "events/s", at_least=AT_LEAST, note="repeats take time and do not count"
    )
    yield Figure("the same, repeats counted", reports / then_took, "reports/s")
    yield Figure("CPU of the workers for each report", used / reports * 1000, "ms")
    yield Figure("floor: the same rows, plainly inserted", floor, "events/s", note=f"{floor / rate:.1f} times as many")


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextlib.contextmanager
def a_house() -> Iterator[None]:
    """A database of its own, and the settings of a desk that takes signed calls."""
    base = folder_for("desk-tracking-")
    server = MortalPostgres(base)
    quiet = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=4)).hour  # UTC; half a day from now where the shop is
    try:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "aftersales.settings", "DESK_MODE": "test", "LOG_LEVEL": "CRITICAL",
            "DATABASE_URL": server.url, "DATA_DIR": str(base / "data"), "REDIS_URL": "", "DOORBELL": "0",
            "TRACKING_GENERIC_SECRET": "a-secret-of-the-bench", "QUIET_HOURS": f"{quiet:02}:00-{quiet:02}:01",
            "ALLOWED_HOSTS": "testserver", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        yield
    finally:
        server.stop()
        shutil.rmtree(base, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("--events", type=int, default=100_000, metavar="N", help="scans to tell (100,000)")
    parser.add_argument("--seed", type=int, default=2026, help="which parcels, and which order (2026)")
    parser.add_argument("--workers", type=int, default=2, help="who bring them at once (2)")
    parser.add_argument("--in-a-call", type=int, default=10, metavar="N", help="reports in one call (10; 100 at most)")
    options = parser.parse_args()
    if options.events < 10 or options.workers < 1 or not 1 <= options.in_a_call <= 100:
        parser.error("There must be at least ten events and one worker, and 1 to 100 reports in a call.")
    print(f"{options.events} events, {options.in_a_call} reports in a call, {options.workers} workers, seed {options.seed},"
          f" {os.cpu_count()} cores", flush=True)  # fmt: skip
    with a_house():
        figures = []
        for figure in measured(options):
            figures.append(figure)
            print(figure, flush=True)
    missed = [figure.what for figure in figures if figure.missed]
    print("MISSED: " + "; ".join(missed) if missed else f"All {sum(bool(f.target) for f in figures)} targets are met.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
