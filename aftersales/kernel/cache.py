"""The cache: Redis while it answers, this process's own memory while it does not. Named by the settings.

Only counters and conveniences live here. Rate limits of sign-in must neither let everybody through nor lock everybody
out because a broker restarts: meanwhile each process counts for itself.
"""

from __future__ import annotations

import time
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = structlog.get_logger()

QUIET_SECONDS = 10.0  # after a failure Redis is left alone for so long, so that no two requests wait for it in turn
_quiet_until = 0.0


class _Client(RedisCacheClient):
    """Keeps what talks to a server, which is made for threads to share: Django makes one for each question."""

    def __init__(self, *servers: Any, **options: Any) -> None:
        super().__init__(*servers, **options)
        self._kept: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if write not in self._kept:
            self._kept[write] = super().get_client(key, write=write)
        return self._kept[write]


class SteadyCache(RedisCache):
    """A Redis cache that never fails a request. There is one server, as the settings name it."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
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
