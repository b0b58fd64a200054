"""System checks: what a shop with real customers must not start with. Run by `check` and by the container's start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

_SENDS_NOTHING = ("console", "locmem", "dummy", "filebased")


@register(Tags.security)
def production_is_reached_safely(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Names, address and second factor."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error("ALLOWED_HOSTS is empty or *.", hint="Set it to the host names of SITE_URL.", id="desk.E001")
        )
    if urlsplit(settings.SITE_URL).scheme != "https":
        found.append(Error("SITE_URL is not an https address.", hint="Links in mail start with it.", id="desk.E002"))
    if not settings.STAFF_TOTP_REQUIRED:
        found.append(Error("STAFF_TOTP_REQUIRED is off: a guessed password would be enough.", id="desk.E003"))
    return found


@register(Tags.compatibility)
def production_keeps_its_promises(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Database and mail."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    if settings.DATABASES["default"]["ENGINE"] != "aftersales.kernel.postgres":
        found.append(Error("Production needs PostgreSQL: SQLite has one writer and one machine.", id="desk.E004"))
    if any(kind in settings.EMAIL_BACKEND for kind in _SENDS_NOTHING):
        found.append(checks.Warning("EMAIL_BACKEND sends nothing; customers will not hear from you.", id="desk.W001"))
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        found.append(checks.Warning("DEFAULT_FROM_EMAIL is not set; mail will be refused as forged.", id="desk.W002"))
    return found


@register(Tags.database)
def the_database_keeps_and_finds_everything(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Server settings under which a commit could be lost or Chinese could not be searched. Asks the server."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor == "postgresql":
            found += _of_postgres(connection)
        elif connection.vendor == "sqlite":
            found += _of_sqlite(connection)
    return found


def _of_postgres(connection: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
        )
        encoding, character_type = cursor.fetchone()
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, synchronous = cursor.fetchone()
    if encoding != "UTF8" or character_type in ("C", "POSIX"):
        hint = "Create it with ENCODING 'UTF8' and LC_CTYPE 'C.UTF-8'."
        found.append(Error(f"The database has {encoding} and LC_CTYPE {character_type}.", hint=hint, id="desk.E005"))
    if settings.PRODUCTION and (fsync == "off" or synchronous == "off"):
        found.append(
            Error(
                "PostgreSQL may lose what it said was committed.",
                hint="Set fsync and synchronous_commit on.",
                id="desk.E006",
            )
        )
    return found


def _of_sqlite(connection: Any) -> list[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
        (has_search,) = cursor.fetchone()
    if has_search:
        return []
    hint = "Use a Python whose sqlite3 has FTS5, or set DATABASE_URL to a PostgreSQL."
    return [Error("This Python's SQLite cannot search text.", hint=hint, id="desk.E007")]
