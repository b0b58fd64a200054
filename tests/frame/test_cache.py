"""While Redis is away pages work, limits are counted in the process, and Redis is not asked at every turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.exceptions import ConnectionError as RedisAway

from aftersales.kernel import cache as cache_module
from aftersales.kernel.cache import SteadyCache


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SteadyCache]:
    """A cache whose Redis is not there."""
    monkeypatch.setattr(cache_module, "_quiet_until", 0.0)
    cache = SteadyCache(f"unix://{tmp_path / 'none.sock'}", {})
    yield cache
    cache._memory.clear()


def test_it_counts_in_memory(away: SteadyCache) -> None:
    assert away.add("tries", 1) is True
    assert away.add("tries", 1) is False
    assert away.incr("tries") == 2
    assert away.get("tries") == 2
    away.set_many({"a": 1, "b": 2})
    assert away.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert "a" in away
    away.delete_many(["a"])
    assert away.has_key("a") is False
    assert away.touch("b") is True
    assert away.delete("b") is True


def test_it_asks_redis_once_and_then_leaves_it_alone_for_a_while(
    away: SteadyCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def get(self: object, key: str, *args: object, **kwargs: object) -> object:
        asked.append(key)
        raise RedisAway("refused")

    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", get)
    for _ in range(5):
        assert away.get("x") is None
    assert asked == ["x"]
    monkeypatch.setattr(cache_module, "_quiet_until", 0.0)  # the pause is over
    away.get("x")
    assert asked == ["x", "x"]
