"""Empty the tables after a test that committed, and put back what a new shop has.

Django truncates every table and lets each app seed its own again: half a second each time. Here only tables with rows are
emptied, without triggers that refuse it, and the rows of the beginning are copied back.
"""

from __future__ import annotations

import io

from django.db import connection, transaction


class Beginning:
    """What the tables hold now. On PostgreSQL, as a superuser, who alone may set triggers aside."""

    def __init__(self) -> None:
        self.tables = [connection.ops.quote_name(each) for each in connection.introspection.table_names()]
        self.rows: dict[str, str] = {}
        with connection.cursor() as cursor:
            for table in self._with_rows():
                text = io.StringIO()
                cursor.copy_expert(f"COPY {table} TO STDOUT", text)
                self.rows[table] = text.getvalue()

    @staticmethod
    def can_be_kept() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            return bool(cursor.fetchone()[0])

    def restore(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in self._with_rows():
                cursor.execute(f"DELETE FROM {table}")
            for table, text in self.rows.items():
                cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(text))

    def _with_rows(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(f"SELECT '{each}' WHERE EXISTS (SELECT 1 FROM {each})" for each in self.tables)
            )
            return [row[0] for row in cursor.fetchall()]
