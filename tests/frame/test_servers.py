"""The suite runs on the servers it says it runs on."""

from __future__ import annotations

import os

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_the_one_that_was_asked_for() -> None:
    assert connection.vendor == ("sqlite" if os.environ.get("DESK_TEST_SQLITE") else "postgresql")


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgres_speaks_utf8_so_that_chinese_can_be_searched() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
        )
        assert cursor.fetchone() == ("UTF8", "C.UTF-8")


def test_the_cache_is_shared_by_processes() -> None:
    cache.set("frame", "退货", 5)
    assert cache.get("frame") == "退货"
    assert settings.CACHES["default"]["LOCATION"].startswith(("unix:", "redis"))
