"""Claim codes: eight characters on the card in the parcel. Whoever holds the card holds the parcel.

Forty random bits, kept only as a keyed hash bound to the order: a copy of the database gives no code away, and a code
of one order opens no other. Readable aloud: no I, L, O, U; small letters, spaces and O for 0 are forgiven.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from collections.abc import Callable, Sequence

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from customers.actions.proof.limits import admit
from customers.actions.proof.outcome import NotProven, proven
from customers.actions.proof.typed import keyed, orders_numbered, plain_number
from customers.models import Order

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": "", "\u3000": "", "\t": ""})
_LENGTH = 8


def fresh_code() -> str:
    """`7K2M-QX94`: in two groups, as it is printed."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return f"{body[:4]}-{body[4:]}"


def plain_code(text: str) -> str:
    """A claim code as it is hashed."""
    return unicodedata.normalize("NFKC", text).strip().upper().translate(_MISREAD)[:40]


def claim_hash(platform: str, number: str, code: str) -> str:
    """What is kept of an order's code."""
    return keyed("claim", platform, number, plain_code(code))


def check_claim(number: str, claim_code: str, *, actor: Actor) -> Order:
    """Prove an order by its number and the code on the parcel card. Raises `NotProven` or `TooMany`."""
    at = clock.now()
    attempt = admit("claim", keyed("order", plain_number(number).casefold()), actor.source, at)
    orders = orders_numbered(number) or [Order(platform="-", number=plain_number(number))]
    # Every candidate is hashed and compared, also the made-up one of an unknown number: the same work either way.
    fitting = [
        order
        for order in orders
        if hmac.compare_digest(order.claim_sha256, claim_hash(order.platform, order.number, claim_code))
    ]
    if not fitting:
        raise NotProven(field="claim_code")
    return proven(fitting[0], attempt, how="claim", actor=actor, at=at)


@transaction.atomic
def give_claim_codes(
    numbers: Sequence[str],
    *,
    platform: str,
    actor: Actor,
    renew: bool = False,
    code_of: Callable[[str], str] = lambda _number: fresh_code(),
) -> list[tuple[str, str]]:
    """Give a code to each of these orders that has none (all of them with `renew`) and return number and code.

    This is the only moment at which a code can be read. A renewed code makes the old card worthless. `code_of` is for
    the sample shop, whose cards must be known; everybody else takes random ones.
    """
    check(actor, "order.import")
    orders = Order.objects.select_for_update().filter(platform=platform, number__in=list(numbers)).order_by("pk")
    given: list[tuple[str, str]] = []
    changed: list[Order] = []
    for order in orders if renew else orders.filter(claim_sha256=""):
        code = code_of(order.number)
        order.claim_sha256 = claim_hash(platform, order.number, code)
        changed.append(order)
        given.append((order.number, code))
    Order.objects.bulk_update(changed, ["claim_sha256"], batch_size=200)
    return given
