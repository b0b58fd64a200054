"""Characters and pairs are kept for each kind apart: what is in the index is marked to be made again, the newest first.

The sweep does so while people search. A large shop is quicker with `manage.py reindex --anew`.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

MARK_ALL = "INSERT INTO search_touched (kind, key) SELECT kind, key FROM search_entry ORDER BY at DESC, id DESC"
# Of a common word a thousand things are read and no more, which several processes that read them all do not know.
ALONE = "ALTER TABLE search_entry SET (parallel_workers = 0)"
TOGETHER = "ALTER TABLE search_entry RESET (parallel_workers)"


def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _all_anew(editor, ALONE)


def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _all_anew(editor, TOGETHER)


def _all_anew(editor: BaseDatabaseSchemaEditor, how_many_read: str) -> None:
    editor.execute(MARK_ALL)
    if editor.connection.vendor == "postgresql":
        editor.execute(how_many_read)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_first_shop")]

    operations = [migrations.RunPython(forwards, backwards)]
