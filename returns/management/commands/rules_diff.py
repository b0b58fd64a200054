"""What changes between two packs of rules, from the shell: the exact number of cases decided otherwise, and boxes that
show them.

Needs no database for shipped packs and folders, only for versions.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from returns.management.named_packs import named_pack
from returns.rules.diff import PackDiff, TableDiff, diff_packs
from returns.rules.pack import Pack
from returns.rules.text import PackError

SHOWN = 20  # boxes of each table, unless all are asked for


class Command(BaseCommand):
    help = (
        "Compare two packs of rules: every case that is decided otherwise, counted exactly and shown as boxes with a"
        " case for each. Exit 0 when every case is decided as before (words and sources may differ), 1 when some are"
        " not or it could not be proved, 2 when a pack cannot be read."
    )
    requires_system_checks: list[str] = []  # pure rules need no settings to be sound

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", metavar="OLD", help="shipped pack, pack folder, or version such as cn@3")
        parser.add_argument("new", metavar="NEW", help="what it is compared with")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
        parser.add_argument("--all", action="store_true", help=f"show every box, not the {SHOWN} largest of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        diff = diff_packs(self._open(options["old"]), self._open(options["new"]))
        if options["json"]:
            self.stdout.write(json.dumps(diff.as_dict(), ensure_ascii=False))
        else:
            self._tell(diff, None if options["all"] else SHOWN)
        if diff.changes_decisions:
            raise CommandError("The packs do not decide every case alike.", returncode=1)

    def _open(self, name: str) -> Pack:
        try:
            return named_pack(name)
        except PackError as error:
            raise CommandError(str(error), returncode=2) from None

    def _tell(self, diff: PackDiff, shown: int | None) -> None:
        turned = [table for table in diff.tables.values() if table.points]
        unproved = "; NOT PROVED, the search was cut short by its budget" if diff.not_proved else ""
        self.stdout.write(f"{diff.points:,} cases are decided otherwise, in {len(turned)} tables{unproved}")
        for table in diff.tables.values():
            if not table.is_empty:
                self._tell_table(table, shown)
        for what, names in (
            ("tables added", diff.tables_added),
            ("tables removed", diff.tables_removed),
            ("pack.toml", diff.head),
            ("sources", diff.sources),
            ("words", diff.words),
        ):
            if names:
                self.stdout.write(f"{what}: {', '.join(names)}")

    def _tell_table(self, table: TableDiff, shown: int | None) -> None:
        state = "not proved" if table.not_proved else f"{table.points:,} of {table.of:,} cases"
        self.stdout.write(f"table {table.table}: {state}")
        for what in ("rows_added", "rows_removed", "rows_changed", "rows_reworded"):
            if rows := getattr(table, what):
                self.stdout.write(f"  {what.replace('_', ' ')}: {', '.join(rows)}")
        for change in table.domain:
            self.stdout.write(f"  {change}; the cases that both know are compared")
        for (before, after), points in (table.by_outcome or {}).items():
            self.stdout.write(f"  {before} -> {after}: {points:,}")
        boxes = table.boxes[:shown]
        for box in boxes:
            where = ", ".join(f"{name} {text}" for name, text in box.cells.items()) or "every case"
            self.stdout.write(f"    {where}: {box.before} -> {box.after}, {box.points:,} cases")
            case = ", ".join(f"{name}={_shown(value)}" for name, value in box.witness.items())
            self.stdout.write(f"      for example {case}")
        if table.more or len(boxes) < len(table.boxes):
            self.stdout.write("    … and further boxes")


def _shown(value: object) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)
