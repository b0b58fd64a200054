"""Take scans of carriers from a table: `manage.py import_tracking FILE`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import Refusal
from customers.importers.scans import import_scans


class Command(BaseCommand):
    help = "Import scans from a CSV or .xlsx file with the columns carrier, number, at, status, text. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            states, problems = import_scans(path, actor=SYSTEM)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        for line, why in problems:
            self.stderr.write(f"{path.name}, line {line}: {why}")
        self.stdout.write(", ".join(f"{count} parcels {state}" for state, count in states.items()))
        if problems:
            raise CommandError(f"{len(problems)} rows could not be used; the others were.")
