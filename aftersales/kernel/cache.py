"""The cache: Redis while it answers, this process's own memory while it does not. Named by the settings.

Only counters and conveniences live here. Rate limits of sign-in must neither let everybody through nor lock everybody
out because a broker restarts: meanwhile each process counts for itself.
"""

from __future__ import annotations

import time
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger()

QUIET_SECONDS = 10.0  # after a failure Redis is left alone for so long, so that no two requests wait for it in turn
_quiet_until = 0.0


class SteadyCache(RedisCache):
    """A Redis cache that never fails a request."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._memory = LocMemCache("steady", {})

    def _ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
        global _quiet_until
        if time.monotonic() >= _quiet_until:
            try:
                return getattr(super(), method)(*args, **kwargs)
            except RedisError as failure:
                _quiet_until = time.monotonic() + QUIET_SECONDS
                log.warning("cache.away", error=str(failure), quiet_seconds=QUIET_SECONDS)
        return getattr(self._memory, method)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("incr", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete_many", *args, **kwargs)

    def clear(self) -> Any:
        return self._ask("clear")
