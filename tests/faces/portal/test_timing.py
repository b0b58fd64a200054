"""A wrong order and a wrong contact or code take the same time, so that a clock tells a stranger nothing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client

from customers.actions.proof import codes
from customers.models import ProofAttempt, ProofCode
from tests.faces.portal.test_proof import claim_code
from tests.world import an_order

TRIES = 200
MOST_SECONDS = 0.050

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class SlowEnough(PBKDF2PasswordHasher):
    """Costs a half more than the difference allowed, so that a hash left out would show; the suite's own is too fast."""

    iterations = 20_000


@pytest.fixture
def slow_hash(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    begun = time.perf_counter()
    SlowEnough().encode("", "salt")
    tried = time.perf_counter() - begun
    monkeypatch.setattr(SlowEnough, "iterations", int(SlowEnough.iterations * 1.5 * MOST_SECONDS / tried))
    settings.PASSWORD_HASHERS = [f"{__name__}.SlowEnough"]
    codes._nobodys_hash.cache_clear()  # is made once, by the hasher of that moment
    yield
    codes._nobodys_hash.cache_clear()


def medians(
    first: Callable[[], None],
    second: Callable[[], None],
    *,
    tries: int = TRIES,
    before: Callable[[], object] = lambda: None,
) -> tuple[float, float]:
    """Seconds, median of each; by turns, so that whatever else the machine does falls on both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(tries):
        for times, act in zip(taken, (first, second), strict=True):
            ProofAttempt.objects.all().delete()  # the limits are not what is measured here
            before()
            begun = time.perf_counter()
            act()
            times.append(time.perf_counter() - begun)
    return statistics.median(taken[0]), statistics.median(taken[1])


def test_asking_for_a_code_takes_the_same_for_a_wrong_order_and_a_wrong_contact(slow_hash: None) -> None:
    order = an_order()
    client = Client()

    def ask(number: str, contact: str) -> Callable[[], None]:
        return lambda: _expect(client, "/proof/message/", {"number": number, "contact": contact}, 302)

    wrong_order, wrong_contact = medians(ask("404404404", "lin.mei@example.org"), ask(order.number, "no@example.org"))
    assert abs(wrong_order - wrong_contact) < MOST_SECONDS, (wrong_order, wrong_contact)


def test_the_card_takes_the_same_for_a_wrong_order_and_a_wrong_code() -> None:
    order = an_order()
    code = claim_code(order)
    client = Client()

    def prove(number: str, typed: str) -> Callable[[], None]:
        return lambda: _expect(client, "/proof/card/", {"number": number, "claim_code": typed}, 422)

    wrong_order, wrong_code = medians(prove("404404404", code), prove(order.number, "0000-0000"))
    assert abs(wrong_order - wrong_code) < MOST_SECONDS, (wrong_order, wrong_code)


def test_the_code_takes_the_same_for_a_wrong_order_and_a_wrong_code(slow_hash: None) -> None:
    """A code was sent for the one order; the other does not exist."""
    order = an_order()
    known, unknown = Client(), Client()
    _expect(known, "/proof/message/", {"number": order.number, "contact": "lin.mei@example.org"}, 302)
    _expect(unknown, "/proof/message/", {"number": "404404404", "contact": "lin.mei@example.org"}, 302)
    assert ProofCode.objects.filter(order=order).exists()

    def enter(client: Client) -> Callable[[], None]:
        def act() -> None:
            _expect(client, "/proof/message/code/", {"code": "000000"}, 422)

        return act

    wrong_order, wrong_code = medians(
        enter(unknown), enter(known), tries=TRIES // 3, before=lambda: ProofCode.objects.update(tries=0)
    )
    assert abs(wrong_order - wrong_code) < MOST_SECONDS, (wrong_order, wrong_code)


def _expect(client: Client, address: str, typed: dict[str, str], status: int) -> None:
    assert client.post(address, typed).status_code == status
