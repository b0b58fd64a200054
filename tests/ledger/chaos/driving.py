"""What comes in from outside while the house is tormented: promises, withdrawals that race their timer, carriers' reports,
photos, and refunds that several release at once.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from tests.ledger.chaos.run import House

CLIENTS, RACERS = 8, 64
WITHDRAWN_OF = 20  # one of so many actions is withdrawn about when it falls due
PUSHED_OF = 10  # one report comes with so many
REFUNDED_OF, RELEASERS = 25, 3  # one photo and one refund, which so many people release at the same moment


@dataclass(frozen=True)
class Heard:
    """What was asked for, each with whether the web acknowledged it."""

    promised: dict[str, bool]
    withdrawn: dict[str, bool]
    pushed: dict[str, bool]
    photographed: dict[int, bool]  # by the request's primary key
    released: dict[int, bool]  # by the refund's


def refunds_with(actions: int) -> int:
    """How many refunds go with so many actions."""
    return math.ceil(actions / REFUNDED_OF)


def drive(
    house: House, due_in: dict[str, int], requests: Sequence[int], *, seed: int, over: float = 0.0, patience: float = 60
) -> Heard:
    """Send every action in its turn, spread `over` so many seconds, each until the web has acknowledged it.

    `requests`: of `House.take_goods_back`, `refunds_with` of them.
    """
    refund_of: dict[object, object] = dict(house.query("SELECT of_id, id FROM returns_refund"))  # type: ignore[arg-type]
    begin, step, chance = time.monotonic(), over / max(len(due_in), 1), random.Random(seed)
    swerve = {key: chance.uniform(-0.5, 0.5) for key in due_in}  # seconds before or after it falls due
    with ThreadPoolExecutor(CLIENTS) as clients, ThreadPoolExecutor(RACERS) as racers:
        races: dict[str, Future[bool]] = {}
        pushed: dict[str, bool] = {}
        photographed: dict[int, Future[bool]] = {}
        releases: dict[int, list[Future[bool]]] = {}

        def withdraw(key: str) -> bool:
            time.sleep(max(0.0, due_in[key] / 1000 + swerve[key]))
            return house.withdraw(key, patience)

        def one(number: int, key: str) -> bool:
            time.sleep(max(0.0, begin + number * step - time.monotonic()))
            was_heard = house.promise(key, due_in[key], patience)
            if number % WITHDRAWN_OF == 0:
                races[key] = racers.submit(withdraw, key)
            if number % PUSHED_OF == 0:
                parcel = f"SF{number:013d}"
                pushed[parcel] = house.push(parcel, patience)
            if number % REFUNDED_OF == 0:
                request = requests[number // REFUNDED_OF]
                refund = int(str(refund_of[request]))
                photographed[request] = racers.submit(house.photograph, request, patience)
                releases[refund] = [racers.submit(house.release, refund, who, patience) for who in range(RELEASERS)]
            return was_heard

        promised = dict(zip(due_in, clients.map(one, range(len(due_in)), due_in), strict=True))
        return Heard(
            promised,
            {key: race.result() for key, race in races.items()},
            pushed,
            {request: photo.result() for request, photo in photographed.items()},
            {refund: all(press.result() for press in presses) for refund, presses in releases.items()},
        )
