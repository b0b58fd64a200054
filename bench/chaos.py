"""Kill everything while work falls due, count what is lost, doubled or early: `python bench/chaos.py [--actions N] [--kills N]`.

A whole house of its own (web, worker, one beat, the loop, Redis, Postgres, with the leases that are shipped) takes N timed
actions through the web while its processes are killed with -9 in turn at random moments, and some are frozen for a while. Each
action is a timer that decides, a listener that hears, and a message to a far side that refuses 5 % of calls and loses 10 % of its
answers. Some are withdrawn about when they fall due; carriers report parcels, customers send photos, and refunds of the same
orders are each released by three people at once.
The last line is the verdict, and the exit code is 1 where a target is missed. The long run, about 27 minutes with its end:

    python bench/chaos.py --actions 10000 --kills 200 --freezes 20 --minutes 20 --missed 10000
"""

import argparse
import os
import random
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.chaos_parts.judge import judge
from tests.ledger.chaos.driving import drive, refunds_with
from tests.ledger.chaos.mortal import MortalPostgres
from tests.ledger.chaos.run import House, folder_for, in_background
from tests.ledger.chaos.silence import after_a_day


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument(
        "--actions", type=int, default=500, metavar="N", help="timed actions (500; the long run: 10,000)"
    )
    parser.add_argument(
        "--kills", type=int, default=15, metavar="N", help="kill -9 over all kinds (15; the long run: 200)"
    )
    parser.add_argument(
        "--freezes", type=int, default=3, metavar="N", help="processes that stand still for a while (3)"
    )
    parser.add_argument("--minutes", type=float, help="how long it goes on (1 for 500 actions, 20 for 10,000)")
    parser.add_argument(
        "--missed", type=int, default=0, metavar="N", help="then N timers missed over 24 hours (0; 10,000)"
    )
    parser.add_argument("--seed", type=int, default=2026, help="which moments and which actions (2026)")
    options = parser.parse_args()
    if options.actions < 1 or options.kills < 0 or options.freezes < 0:
        parser.error("There must be at least one action.")
    seconds = options.minutes * 60 if options.minutes else max(60.0, options.actions * 0.12)
    chance = random.Random(options.seed)
    # Due soon after it is promised, so that faults meet the whole road of most of them.
    due_in = {f"action-{number}": chance.randrange(0, 15_000) for number in range(options.actions)}
    print(f"{options.actions} actions, {options.kills} kills, {options.freezes} freezes in {seconds:.0f} s,"
          f" seed {options.seed}, {os.cpu_count()} cores", flush=True)  # fmt: skip
    base = folder_for("desk-chaos-pg-")
    postgres = MortalPostgres(base)
    try:
        with House(postgres.url, seed=options.seed, postgres=postgres, as_shipped=True) as house:
            requests = house.take_goods_back(refunds_with(options.actions))
            killer = in_background(lambda: house.torment(options.kills, seconds, options.freezes))
            heard = drive(house, due_in, requests, seed=options.seed, over=seconds * 0.9, patience=180)
            killer.join()
            last_fault = time.monotonic()
            time.sleep(max(0.0, 15.0 - (time.monotonic() - last_fault)))  # the last promised ones fall due
            house.wait_until_quiet(180)
            quiet_after = time.monotonic() - last_fault - 15.0
            told = ", ".join(f"{count} {name}" for name, count in sorted(house.kills.items()))
            print(f"killed: {told or 'nothing'}; fell of themselves: {dict(house.falls) or 'none'}", flush=True)
            figures = list(judge(house, heard, quiet_after=max(quiet_after, 0.0)))
            if options.missed:
                figures += after_a_day(house, options.missed, workers=2)
    finally:
        postgres.stop()
        shutil.rmtree(base, ignore_errors=True)
    for figure in figures:
        print(figure)
    missed = [figure.what for figure in figures if figure.missed]
    print("MISSED: " + "; ".join(missed) if missed else f"All {sum(bool(f.target) for f in figures)} targets are met.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
