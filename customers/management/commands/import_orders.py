"""Take orders from a platform's export into the archive: `manage.py import_orders PATH… --source NAME`."""

from __future__ import annotations

import datetime as dt
import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import Refusal
from customers.importers.registry import SOURCES
from customers.importers.run import Wish, import_orders


def _day(text: str) -> dt.date:
    if text == "today":
        return clock.shop_date(dt.datetime.now(dt.UTC))
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a date: write 2026-01-31 or today") from None


class Command(BaseCommand):
    help = "Import orders from files, or from a folder of .csv, .csv.gz and .xlsx files. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--source", required=True, choices=sorted(SOURCES))
        parser.add_argument("--shop", default="", help="name of the shop the orders belong to; made when missing")
        parser.add_argument("--dry-run", action="store_true", help="report what would happen and write nothing")
        parser.add_argument(
            "--rebase-to",
            type=_day,
            metavar="DATE",
            help="move all dates so that the newest delivery falls on this day",
        )
        parser.add_argument(
            "--claim-codes",
            type=Path,
            metavar="FILE",
            help="give claim codes to orders without one; add them to this CSV",
        )
        parser.add_argument(
            "--renew-claim-codes", action="store_true", help="with --claim-codes: also replace the codes orders have"
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["renew_claim_codes"] and not options["claim_codes"]:
            raise CommandError("--renew-claim-codes needs --claim-codes FILE to write them to.")
        with translation.override(options["language"] or translation.get_language() or settings.LANGUAGE_CODE):
            self._import(options)

    def _import(self, options: dict[str, Any]) -> None:
        wish = Wish(
            source=SOURCES[options["source"]],
            paths=options["paths"],
            shop_name=options["shop"],
            dry_run=options["dry_run"],
            rebase_to=options["rebase_to"],
            code_file=options["claim_codes"],
            renew_codes=options["renew_claim_codes"],
        )
        try:
            report = import_orders(wish, actor=SYSTEM, progress=self._progress)
        except Refusal as problem:
            raise CommandError(str(problem)) from problem
        finally:
            self._end_progress()
        if options["json"]:
            self.stdout.write(json.dumps(report.as_data(), ensure_ascii=False, indent=2))
        else:
            for line in report.lines():
                self.stdout.write(line)
        if report.bad_files:
            raise CommandError(_("Some files could not be read; see above."))

    def _progress(self, done: int) -> None:
        """One line that counts up, on a terminal only: a log has no use for it."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done} …", ending="")

    def _end_progress(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("\r", ending="")
