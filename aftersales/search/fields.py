"""The column that holds the tokens of a thing: an array of numbers on Postgres, words of hexadecimal on SQLite."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class TokensField(models.Field[Any, Any]):
    """Written by `aftersales.search.index` only, in the form of `written`."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "bigint[]" if connection.vendor == "postgresql" else "text"


def written(tokens: Iterable[int], vendor: str) -> str:
    """Tokens as the column takes them: `{1,2}` on Postgres, `1 a2` on SQLite."""
    if vendor == "postgresql":
        return "{" + ",".join(map(str, sorted(tokens))) + "}"
    return " ".join([f"{token:x}" for token in sorted(tokens)])
