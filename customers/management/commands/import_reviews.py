"""Take reviews from a platform's export: `manage.py import_reviews PATH…`. Safe to repeat."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import Refusal
from customers.importers.reviews import import_reviews
from customers.models import Review


class Command(BaseCommand):
    help = "Import reviews from CSV or .xlsx files with the columns of docs/reviews.md. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument(
            "--platform", choices=Review.Platform.values, default="", help="for files without that column"
        )
        parser.add_argument("--dry-run", action="store_true", help="report what would happen and write nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"] or translation.get_language() or settings.LANGUAGE_CODE):
            try:
                report = import_reviews(
                    options["paths"], actor=SYSTEM, platform=options["platform"], dry_run=options["dry_run"]
                )
            except Refusal as problem:
                raise CommandError(str(problem)) from problem
            if options["json"]:
                self.stdout.write(json.dumps(report.as_data(), ensure_ascii=False, indent=2))
            else:
                for line in report.lines():
                    self.stdout.write(line)
            if report.bad_files:
                raise CommandError(_("Some files could not be read; see above."))
