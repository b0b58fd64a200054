"""Parcels with a believable past, the calls that tell of it, and what must come of each by its dates alone. Pure."""

import datetime as dt
import json
import random
from dataclasses import dataclass, field

HOUR = dt.timedelta(hours=1)
HANDED_OVER = ("signed", "signed_by_other")


@dataclass(frozen=True, slots=True)
class Parcel:
    """`order` is the order it belongs to: some have two parcels. `scans` are (instant in UTC, status), oldest first."""

    order: int
    scans: tuple[tuple[dt.datetime, str], ...]


@dataclass(slots=True)
class Stream:
    """`in_order` and `shuffled` are calls as (parcel, the scans it tells). The second one repeats and mixes them."""

    parcels: list[Parcel] = field(default_factory=list)
    in_order: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    shuffled: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)


def make(events: int, seed: int, now: dt.datetime) -> Stream:
    """So many scans, each told in a report of its own; a quarter of them comes again, or tells what went before with it."""
    chance, stream, left = random.Random(seed), Stream(), events
    while left > 0:
        order = stream.parcels[-1].order + (chance.random() < 0.95) if stream.parcels else 0
        parcel = Parcel(order, _past(chance, now, left))
        place = len(stream.parcels)
        stream.parcels.append(parcel)
        stream.in_order += [(place, (scan,)) for scan in range(len(parcel.scans))]
        left -= len(parcel.scans)
    again = chance.sample(stream.in_order, len(stream.in_order) // 4)
    # Half of these are the very same call, half are another one that tells all there was up to that scan.
    repeats = [each if chance.random() < 0.5 else (each[0], tuple(range(each[1][0] + 1))) for each in again]
    stream.shuffled = [*stream.in_order, *repeats]
    chance.shuffle(stream.shuffled)
    chance.shuffle(stream.in_order)
    stream.in_order.sort(key=lambda call: stream.parcels[call[0]].scans[call[1][0]][0])
    return stream


def _past(chance: random.Random, now: dt.datetime, most: int) -> tuple[tuple[dt.datetime, str], ...]:
    way = ["created", "picked_up", *["in_transit"] * chance.randint(1, 6)]
    if chance.random() < 0.08:
        way.insert(chance.randrange(3, len(way) + 1), "exception")
    end = chance.random()
    if end < 0.8:
        way.append("out_for_delivery")
    if end < 0.3:
        way.append("at_station")
    if end < 0.55:
        way.append(chance.choice(HANDED_OVER))
        if chance.random() < 0.1:
            way.append("signed")  # carriers tell a hand-over twice, the second time hours later
    elif end < 0.6:
        way += ["refused", "returning"]
    way = way[:most]
    # The newest scan keeps an hour away from the ages at which something changes (24 h, 48 h, one day), so that a run
    # of minutes ends as it began.
    age = chance.choice(((0.1, 20), (26, 46), (50, 240)))
    at = now - dt.timedelta(seconds=int(chance.uniform(*age) * 3600))
    scans = []
    for status in reversed(way):
        scans.append((at, status))
        at -= dt.timedelta(seconds=chance.randint(600, 12 * 3600))
    return tuple(reversed(scans))


def report(number: str, parcel: Parcel, which: tuple[int, ...]) -> dict[str, object]:
    """What is told of one parcel, in our generic form."""
    told = [parcel.scans[each] for each in which]
    scans = [{"at": at.isoformat(), "status": status, "text": "杭州"} for at, status in told]
    return {"carrier": "SF", "number": number, "scans": scans}


def body(told: list[tuple[str, Parcel, tuple[int, ...]]]) -> bytes:
    """One call, of one report or several."""
    reports = [report(*each) for each in told]
    return json.dumps(reports[0] if len(reports) == 1 else {"parcels": reports}, ensure_ascii=False).encode()


def expected(stream: Stream) -> list[dict[str, object]]:
    """What must have become of each parcel and its order, by arithmetic of its own."""
    signed = [min((at for at, status in each.scans if status in HANDED_OVER), default=None) for each in stream.parcels]
    of_order: dict[int, list[dt.datetime | None]] = {}
    for parcel, at in zip(stream.parcels, signed, strict=True):
        of_order.setdefault(parcel.order, []).append(at)
    found: list[dict[str, object]] = []
    for parcel, signed_at in zip(stream.parcels, signed, strict=True):
        taken = [at for at in of_order[parcel.order] if at]
        whole = len(taken) == len(of_order[parcel.order])
        found.append({
            "status": parcel.scans[-1][1],
            "shipped_at": min((at for at, status in parcel.scans if status != "created"), default=None),
            "signed_at": signed_at,
            "delivered_at": max(taken) if whole else None,
            "scans": sorted(parcel.scans),
        })  # fmt: skip
    return found
