"""The part of the search index that differs by database, see `aftersales.search.backend`."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from aftersales.search.backend import MADE, UNMADE
from aftersales.search.watch import drop_triggers


def make(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in MADE[editor.connection.vendor]:
        editor.execute(statement)


def unmake(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in (*drop_triggers(editor.connection.vendor), *UNMADE[editor.connection.vendor]):
        editor.execute(statement)
