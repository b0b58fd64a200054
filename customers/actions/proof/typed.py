"""What people type into the proof form, as it is compared: order numbers, codes, and the keyed hashes they stand under."""

from __future__ import annotations

import hmac
import re
import unicodedata

from django.conf import settings

from customers.models import Order

_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_MOST_ORDERS = 5  # platforms share no numbers; more than a few orders of one number are not looked through


def plain_number(text: str) -> str:
    """An order number without spaces and in narrow characters, as typed otherwise."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))[:64]


def plain_digits(text: str) -> str:
    """A six-digit code without the spaces and dashes people add."""
    return re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text))[:20]


def orders_numbered(text: str) -> list[Order]:
    """The orders that the number can mean; capitals do not matter. The index on the number serves it."""
    plain = plain_number(text)
    spellings = {plain, plain.lower(), plain.upper()}
    return list(
        Order.objects.filter(number__in=spellings).select_related("person", "shop").order_by("pk")[:_MOST_ORDERS]
    )


def keyed(purpose: str, *parts: str) -> str:
    """A hash that nobody without LOOKUP_KEY can compute or search: for claim codes, and for what was tried."""
    message = "\x1f".join((purpose, *parts)).encode()
    return hmac.digest(settings.LOOKUP_KEY.encode(), message, "sha256").hex()
