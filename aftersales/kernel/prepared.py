"""Questions to the database that are always the same: put into SQL once in a process, which may cost more than the answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import connection
from django.db.models import QuerySet


def prepared(ask: Callable[[], QuerySet[Any]]) -> Callable[[], list[tuple[Any, ...]]]:
    """The rows of a question by `values_list` that takes nothing: words and numbers, as the database gives them."""
    compiled: dict[str, tuple[str, Any]] = {}

    @wraps(ask)
    def rows() -> list[tuple[Any, ...]]:
        if connection.vendor not in compiled:
            compiled[connection.vendor] = ask().query.get_compiler(connection=connection).as_sql()
        with connection.cursor() as cursor:
            cursor.execute(*compiled[connection.vendor])
            return list(cursor.fetchall())

    return rows
