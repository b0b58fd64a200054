"""Measure the search on the database that is there, and check that it forgets nothing: `python bench/search.py [--seed N]`.

Questions are made from things picked by a seed, so that the answer to each is known: the very thing must be found. Run
it on a large sample: `manage.py load_sample --tickets 100000`. The last line is the verdict, and the exit code is 1
where a target is missed.
"""

# ruff: noqa: E402  the models need Django first
import argparse
import datetime as dt
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")

import django

django.setup()

from django.db.models import Max, Model

from aftersales.kernel.actor import Actor, Role
from aftersales.search.find import find
from aftersales.search.kinds import kind_of, kinds
from aftersales.search.models import Entry
from aftersales.search.words import fold, pieces
from bench.rules_parts.figures import Figure
from customers.models import ContactPoint, Order, Person
from tickets.models import Message, Ticket

ASKER = Actor(kind="staff", role=Role.LEAD)
M = TypeVar("M", bound=Model)
MOMENT = dt.timedelta(milliseconds=1)


def some(model: type[M], count: int, chance: random.Random) -> Iterator[M]:
    """Rows picked by the seed, whatever gaps their keys have."""
    most = model._base_manager.aggregate(most=Max("pk"))["most"] or 0
    for _ in range(count if most else 0):
        if row := model._base_manager.filter(pk__gte=chance.randint(1, most)).order_by("pk").first():
            yield row


def runs(text: str, length: int, chance: random.Random) -> str:
    """So many characters in a row of a text, or nothing where no run is so long."""
    long = [word for is_run, word in pieces(fold(text)) if is_run and len(word) >= length]
    if not long:
        return ""
    word = chance.choice(long)
    start = chance.randrange(len(word) - length + 1)
    return word[start : start + length]


def questions(count: int, chance: random.Random) -> Iterator[tuple[str, str, str, int]]:
    """What is measured, the question, and the kind and key of a thing that must be found."""
    for message in some(Message, count, chance):
        for length, what in ((1, "one character"), (2, "two characters"), (4, "four characters")):
            if text := runs(message.text, length, chance):
                yield what, text, "ticket", message.ticket_id
        if text := " ".join(filter(None, (runs(message.text, 2, chance) for _ in range(2)))):
            yield "two words", text, "ticket", message.ticket_id
    for person in some(Person, count, chance):
        if text := fold(person.name).strip():
            yield "a name", text, "person", person.pk
    for point in some(ContactPoint, count, chance):
        if point.tail:
            yield "phone tail", point.tail, "person", point.person_id
        yield "a whole contact", point.value, "person", point.person_id
    for order in some(Order, count, chance):
        yield "order number", order.number, "order", order.pk
        if tracking := order.shipments.exclude(number="").values_list("number", flat=True).first():
            yield "tracking number", tracking, "order", order.pk
    for ticket in some(Ticket, count, chance):
        yield "reference", ticket.ref, "ticket", ticket.pk
    for _ in range(count):
        yield "nothing there", f"zq{chance.randrange(10**9)}", "", 0


def key_of(kind: str, key: int) -> str:
    return kind_of(kind).hits(ASKER, (key,)).by_key()[key].key


def is_found(text: str, kind: str, key: int) -> bool:
    """Among all of its kind at its own instant, so that a thousand newer ones do not hide it."""
    at = Entry.objects.filter(kind=kind, key=key).values_list("at", flat=True).first()
    if at is None:
        return False
    groups = find(ASKER, text, kinds=[kind], since=at, until=at + MOMENT, size=1000)
    return any(hit.key == key_of(kind, key) for group in groups for hit in group.hits)


def measure(count: int, seed: int) -> Iterator[Figure]:
    chance = random.Random(seed)
    took: dict[str, list[float]] = {}
    asked, missing = 0, []
    for what, text, kind, key in questions(count, chance):
        start = time.perf_counter()
        find(ASKER, text)
        took.setdefault(what, []).append((time.perf_counter() - start) * 1000)
        if kind:
            asked += 1
            if not is_found(text, kind, key):
                missing.append(f"{what} “{text}”: {kind} {key}")
    for what, times in took.items():
        times.sort()
        yield Figure(f"{what}, half of {len(times)} within", times[len(times) // 2], "ms")
        yield Figure(f"{what}, 95 of 100 within", times[min(len(times) - 1, int(len(times) * 0.95))], "ms", at_most=500)
    for each in missing[:10]:
        print(f"  not found: {each}")
    yield Figure("things asked for", asked, "things", at_least=count)
    yield Figure("not found", len(missing), "things", at_most=0)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("--count", type=int, default=100, help="things picked of each sort (default 100)")
    parser.add_argument("--seed", type=int, default=42)
    options = parser.parse_args()
    sizes = {kind.name: kind.model._base_manager.count() for kind in kinds()}
    print(", ".join(f"{count:,} {name}s" for name, count in sizes.items()))
    figures = []
    for figure in measure(options.count, options.seed):
        figures.append(figure)
        print(figure, flush=True)
    missed = [figure.what for figure in figures if figure.missed]
    print()
    print("MISSED: " + "; ".join(missed) if missed else "Nothing is missing and every question is answered in time.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
