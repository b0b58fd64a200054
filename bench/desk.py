"""Measure the desk against a floor and a peer: `python bench/desk.py [--sizes 10000,100000,1000000]`.

On one PostgreSQL server: our desk with two web workers and eight browsers at once; a floor, which is the same rows by the same
indexes in a plain template for a signed-in reader; and django-helpdesk (up to 100,000 tickets). Five rounds, in each of
which every action is done on each system in turn; the medians of the rounds are compared. Needs `pip install -r
requirements/bench.txt`, or `--peer FOLDER` where django-helpdesk was put by `pip install --target`. The last line is the
verdict, and the exit code is 1 where a target is missed or could not be measured. With several sizes, the largest of our shops
is then measured against the smallest in rounds of their own, so all of them stay until the end.
"""

import argparse
import itertools
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.desk_parts import actions, servers
from bench.desk_parts.load import Work, run
from bench.rules_parts.figures import Figure, p95
from tests.services import Services

MOST_FOR_PEER = 100_000
# Each of eight threads has a connection of its own, and on it each kind of ticket its statements: a desk that has been open
# for some minutes.
WARMING, WARMING_SECONDS = 160, 15
# So many times as often are two shops of ours compared: a round of their pages takes a third of a second otherwise, in which
# either may be slowed by half by whatever else the machine does.
OFTENER = 10
SLOWER = 1.2  # times as long a page may take at the largest size as at the smallest, and loading a ticket as at the size before
TWICE = ("first page", "ticket page")
Shop = dict[str, str]  # its environment


class System(NamedTuple):
    """What is done where, with which cookies; and what its worker does within a second of a write, which no reader waits for."""

    works: dict[str, Work]
    web: servers.Web
    cookies: dict[str, str]
    follow: Callable[[], object] = lambda: None


Systems = dict[str, System]  # by name


class Round(NamedTuple):
    """How long each time took, and the CPU of the web's workers for one of them, the page that leads to it included; in
    seconds."""

    spent: list[float]
    cpu: float


Times = dict[tuple[str, str], list[Round]]  # by system and action


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("--sizes", default="10000", help="numbers of tickets, smallest first (10000)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--times", type=int, default=48, help="how often an action is done in a round (48)")
    parser.add_argument(
        "--only", action="append", metavar="ACTION", help="some actions only, by the beginning of their name"
    )
    parser.add_argument("--peer", metavar="FOLDER", help="where django-helpdesk was installed by pip install --target")
    parser.add_argument("--without-peer", action="store_true", help="leave the comparison with it out, and its targets")
    parser.add_argument("--postgres", help="address of a server; without it TEST_DATABASE_URL's, or one is started")
    parser.add_argument("--keep", action="store_true", help="leave the databases for the next run, and use those left")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(1))  # what was started is stopped, and databases are dropped
    sizes = [int(each) for each in options.sizes.replace("_", "").split(",")]
    figures: list[Figure] = []
    missed: list[str] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="desk-bench-")))
        if options.postgres:
            os.environ["TEST_DATABASE_URL"] = options.postgres
        # A quarter of the machine, as whoever runs PostgreSQL for such a shop gives it.
        services = Services(options=[f"shared_buffers={psutil.virtual_memory().total // 4 >> 20}MB"])
        stack.callback(services.stop)
        shops: dict[int, Shop] = {}
        loaded: dict[int, float] = {}  # seconds

        def measure(title: str, how: Callable[[], list[Figure]]) -> None:
            print(f"\n{title}", flush=True)
            try:
                found = how()
            except (RuntimeError, OSError, AssertionError) as error:
                print(f"  not measured: {error}", flush=True)
                missed.append(f"{title}: not measured")
                return
            figures.extend(found)
            missed.extend(f"{title}: {figure.what}" for figure in found if figure.missed)

        for size in sizes:
            measure(
                f"{size:,} tickets", partial(_size, size, options, services.environment, folder, stack, shops, loaded)
            )
        if len(shops) > 1:
            measure(f"{max(shops):,} against {min(shops):,} tickets", partial(_grown, shops, options, folder))
    print()
    targets = sum(bool(figure.target) for figure in figures)
    print("MISSED: " + "; ".join(missed) if missed else f"All {targets} targets are met.")
    return 1 if missed else 0


def _size(
    size: int, options: argparse.Namespace, environment: dict[str, str], folder: Path, stack: ExitStack, shops: dict[int, Shop],
    loaded: dict[int, float],
) -> list[Figure]:  # fmt: skip
    """Every system at that size. Our shop stays in `shops` until `stack` is done."""
    figures: list[Figure] = []

    def tell(figure: Figure) -> None:
        figures.append(figure)
        print(figure, flush=True)

    server, cleaning = environment["DATABASE_URL"], ExitStack()
    with cleaning:
        shop = shops[size] = _shop(size, options, environment, server, folder, stack, tell, loaded)
        facts = _facts(shop)
        systems: Systems = {}
        for name, module, made in (
            ("ours", "aftersales.wsgi", actions.ours),
            ("floor", "bench.desk_parts.floor.wsgi", actions.floor),
        ):
            web = cleaning.enter_context(servers.Web(module, shop, folder / f"{name}.log"))
            systems[name] = System(made(facts), web, facts["cookies"], partial(_index, shop))
        if size <= MOST_FOR_PEER and not options.without_peer:
            peer, known = _peer(size, options, server, folder, cleaning)
            web = cleaning.enter_context(servers.Web("bench.desk_parts.peer.wsgi", peer, folder / "peer.log"))
            systems["django-helpdesk"] = System(actions.peer(known), web, known["cookies"])
        times = _rounds(systems, options, options.times)
        told = json.loads(servers.python("-m", "bench.desk_parts.shop", "statements", environment=shop))
    medians = _medians(times)
    for (system, action), rounds in times.items():
        late = statistics.median(p95(each.spent) for each in rounds) * 1000
        is_search = system == "ours" and action.startswith("search")
        most = 500 if is_search and size >= 1_000_000 else None
        tell(Figure(f"{action}, {system}", medians[system, action], "ms p50"))
        tell(Figure(f"{action}, {system}", late, "ms p95", at_most=most))
        tell(Figure(f"{action}, {system}", statistics.median(each.cpu for each in rounds) * 1000, "ms CPU of web"))
        if system != "ours":
            times_as_long = medians["ours", action] / medians[system, action]
            limit = (2.0 if action in TWICE else None) if system == "floor" else 1.0
            tell(Figure(f"{action}: ours against {system}", times_as_long, "times", at_most=limit))
    for page, count in told["statements"].items():
        tell(Figure(f"{page}: SQL statements", count, "statements", at_most=12))
    for words, share in told["recall"].items():
        tell(Figure(f"search for {words}: found of what must be found", share * 100, "%", at_least=100))
    return figures


def _grown(shops: dict[int, Shop], options: argparse.Namespace, folder: Path) -> list[Figure]:
    """The largest shop against the smallest in the same rounds: from one size to the next the machine becomes faster and slower
    by as much as may be lost."""
    smallest, largest = min(shops), max(shops)
    with ExitStack() as cleaning:
        systems: Systems = {}
        for size in (smallest, largest):
            shop, facts = shops[size], _facts(shops[size])
            web = cleaning.enter_context(servers.Web("aftersales.wsgi", shop, folder / f"grown {size}.log"))
            works = actions.ours(facts)
            systems[f"{size}"] = System({action: works[action] for action in TWICE}, web, facts["cookies"])
        medians = _medians(_rounds(systems, options, options.times * OFTENER))
    figures = [
        Figure(
            f"{action}: largest against smallest", medians[f"{largest}", action] / medians[f"{smallest}", action], "times",
            at_most=SLOWER,
        )
        for action in TWICE
        if (f"{largest}", action) in medians
    ]  # fmt: skip
    for figure in figures:
        print(figure, flush=True)
    return figures


def _medians(times: Times) -> dict[tuple[str, str], float]:
    """Of each system and action, in milliseconds."""
    return {key: statistics.median(statistics.median(each.spent) for each in of) * 1000 for key, of in times.items()}


def _shop(
    size: int, options: argparse.Namespace, environment: dict[str, str], server: str, folder: Path,
    stack: ExitStack, tell: Any, loaded: dict[int, float],
) -> Shop:  # fmt: skip
    """Our database of that size, loaded or left from the run before."""
    name = f"desk_bench_{size}"
    url, there = servers.database(server, name, anew=not options.keep)
    if not options.keep:
        stack.callback(servers.drop, server, name)
    shop = {**environment, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "aftersales.settings", "LOG_LEVEL": "WARNING"}
    shop |= {"DATA_DIR": str(folder / "shop"), "DESK_MODE": "embedded"}
    (folder / "shop").mkdir(exist_ok=True)
    if not there:
        servers.python("manage.py", "migrate", "--verbosity", "0", environment=shop)
        begun = time.perf_counter()
        servers.python("manage.py", "load_sample", "--tickets", str(size), environment=shop)
        loaded[size] = time.perf_counter() - begun
        tell(Figure("loading the sample, index included", loaded[size], "s"))
        if smaller := [each for each in loaded if each < size]:
            before = max(smaller)
            times_as_long = loaded[size] / size / (loaded[before] / before)
            tell(Figure(f"loading: each ticket against {before:,}", times_as_long, "times", at_most=SLOWER))
        servers.python("-m", "bench.desk_parts.shop", "prepare", environment=shop)
        servers.filled(server, name)
    return shop


def _facts(shop: Shop) -> dict[str, Any]:
    """Who is signed in just now, and what may be asked for."""
    facts: dict[str, Any] = json.loads(servers.python("-m", "bench.desk_parts.shop", "facts", environment=shop))
    return facts


def _index(shop: Shop) -> None:
    servers.python("-m", "bench.desk_parts.shop", "index", environment=shop)


def _peer(
    size: int, options: argparse.Namespace, server: str, folder: Path, cleaning: ExitStack
) -> tuple[dict[str, str], dict[str, Any]]:
    name = f"desk_bench_peer_{size}"
    url, there = servers.database(server, name, anew=not options.keep)
    if not options.keep:
        cleaning.callback(servers.drop, server, name)
    paths = [*([str(Path(options.peer).resolve())] if options.peer else []), str(servers.ROOT)]
    peer = {"PEER_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "bench.desk_parts.peer.settings"}
    peer |= {"PYTHONPATH": os.pathsep.join(paths), "PEER_MEDIA": str(folder)}
    if there:
        return peer, json.loads(servers.python("-m", "bench.desk_parts.peer.fill", "facts", environment=peer))
    servers.python("-m", "django", "migrate", "--verbosity", "0", environment=peer)
    known = json.loads(servers.python("-m", "bench.desk_parts.peer.fill", str(size), environment=peer))
    servers.filled(server, name)
    return peer, known


def _rounds(systems: Systems, options: argparse.Namespace, often: int) -> Times:
    """Warm up, then round by round, action by action, system by system: another one first in each round, since whoever comes
    first finds the caches as the action before has left them, and leaves them warm."""
    wanted = [
        action
        for action in next(iter(systems.values()))[0]
        if not options.only or any(action.startswith(each) for each in options.only)
    ]
    times: Times = {(system, action): [] for action in wanted for system in systems}
    for number in range(options.rounds + 1):
        first = number % len(systems)
        turns = [*systems][first:] + [*systems][:first]
        for action, system in itertools.product(wanted, turns):
            works, web, cookies, follow = systems[system]
            if not number:
                run(works[action], web.port, cookies, times=WARMING, seed=0, seconds=WARMING_SECONDS)
            else:
                before = web.cpu()
                spent = run(works[action], web.port, cookies, times=often, seed=number)
                times[system, action].append(Round(spent, (web.cpu() - before) / len(spent)))
            if action in actions.WRITES:
                follow()
    return times


if __name__ == "__main__":
    sys.exit(main())
