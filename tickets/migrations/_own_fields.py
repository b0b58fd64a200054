"""The index of the shop's own fields: PostgreSQL finds values inside JSON by it, SQLite has no such index and reads the rows."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def make(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("CREATE INDEX ticket_own_fields ON tickets_ticket USING gin (custom jsonb_path_ops)")


def unmake(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX ticket_own_fields")
