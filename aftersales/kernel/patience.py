"""Let one transaction take its time. Called by commands that read files or make data inside a transaction."""

from __future__ import annotations

from django.db import connection


def be_patient() -> None:
    """Lift the limits on a transaction that thinks between statements, until it ends.

    Settings end such transactions after seconds, because in a request they hold locks for nothing.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SET LOCAL statement_timeout = 0")
