"""What comes in from outside while the house is tormented: promises, withdrawals that race their timer, carriers' reports."""

from __future__ import annotations

import random
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from tests.ledger.chaos.run import House

CLIENTS, RACERS = 8, 64
WITHDRAWN_OF, PUSHED_OF = (
    20,
    10,
)  # one of so many actions is withdrawn about when it falls due, and one report comes with so many


@dataclass(frozen=True)
class Heard:
    """What was asked for, each with whether the web acknowledged it."""

    promised: dict[str, bool]
    withdrawn: dict[str, bool]
    pushed: dict[str, bool]


def drive(house: House, due_in: dict[str, int], *, seed: int, over: float = 0.0, patience: float = 60) -> Heard:
    """Send every action in its turn, spread `over` so many seconds, each until the web has acknowledged it."""
    begin, step, chance = time.monotonic(), over / max(len(due_in), 1), random.Random(seed)
    swerve = {key: chance.uniform(-0.5, 0.5) for key in due_in}  # seconds before or after it falls due
    with ThreadPoolExecutor(CLIENTS) as clients, ThreadPoolExecutor(RACERS) as racers:
        races: dict[str, Future[bool]] = {}
        pushed: dict[str, bool] = {}

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
            return was_heard

        promised = dict(zip(due_in, clients.map(one, range(len(due_in)), due_in), strict=True))
        return Heard(promised, {key: race.result() for key, race in races.items()}, pushed)
