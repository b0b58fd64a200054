"""How many calls one account of a chat tool may make in a minute, counted in the shared cache for all web processes together."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache

from aftersales.kernel import clock

_MINUTE = 60  # seconds


def wait_for_turn(account: str) -> int:
    """Count one call; 0, or for how many seconds the account has to wait because its minute is used up."""
    moment = int(clock.now().timestamp())
    key = f"hook:{account}:{moment // _MINUTE}"
    cache.add(key, 0, 2 * _MINUTE)
    try:
        used = cache.incr(key)
    except ValueError:  # thrown out of the cache between the two: it begins anew
        return 0
    return _MINUTE - moment % _MINUTE if used > settings.CHAT_CALLS_A_MINUTE else 0
