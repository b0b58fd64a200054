"""Back-test a pack of rules from the shell: what another version would have changed on cases that were decided.

Cases come from the database, or from a CSV of facts. A bad line of the CSV is told on stderr with line and column; the
other lines still count, and the exit code is 1. Nothing is written but codes of older verdicts that have none.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aftersales.kernel.actor import SYSTEM
from returns.actions.coding import code_missing
from returns.history import name_cases, read_cases
from returns.management.backtest_words import in_words
from returns.management.cases_file import BadCell, read_cases_file
from returns.management.named_packs import named_pack
from returns.rules.arrays import NoNumPy
from returns.rules.backtest import Tally
from returns.rules.backtest_report import with_refs
from returns.rules.costs import ASSUMED_FEE
from returns.rules.pack import Pack
from returns.rules.text import PackError
from returns.rules.verdict import LEGS


class Command(BaseCommand):
    help = (
        "Decide stored cases by two versions of the rules and tell what changes: verdicts and money by leg, payer, goods"
        " and month. Exit code 1 where a version or a case cannot be read."
    )
    requires_system_checks: list[str] = []  # with --csv it needs no database either

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", metavar="A", help="the version in force: a shipped pack, a pack folder, or cn@3")
        parser.add_argument("new", metavar="B", help="the version to try")
        parser.add_argument("--since", metavar="DATE", help="only cases decided on or after this day (2026-10-01)")
        parser.add_argument("--csv", metavar="FILE", help="cases from a CSV of facts instead of the database")
        parser.add_argument(
            "--fee", type=int, default=ASSUMED_FEE, metavar="MINOR",
            help="what one leg is taken to cost where no freight is stored, in minor units (default: %(default)s)",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="the whole report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        tally = Tally(_pack(options["old"]), _pack(options["new"]), dict.fromkeys(LEGS, options["fee"]))
        if options["fee"] < 0:
            raise CommandError("--fee must not be negative.")
        try:
            bad = self._add_file(tally, options["csv"]) if options["csv"] else self._add_stored(tally, options["since"])
        except NoNumPy as error:
            raise CommandError(str(error)) from None
        report = tally.report().as_dict()
        if not options["csv"]:
            with_refs(report, name_cases)
        text = json.dumps(report, ensure_ascii=False, indent=2) if options["json"] else in_words(report)
        self.stdout.write(text)
        if bad:
            raise CommandError(f"{bad} line{'s' if bad > 1 else ''} could not be read.", returncode=1)

    def _add_stored(self, tally: Tally, since: str | None) -> int:
        try:
            day = dt.date.fromisoformat(since) if since else None
        except ValueError:
            raise CommandError(f"--since {since} is not a date such as 2026-10-01.") from None
        while code_missing(actor=SYSTEM):
            pass
        for _place, cases in read_cases(tally.old.name, day):
            tally.add(cases)
        return 0

    def _add_file(self, tally: Tally, name: str) -> int:
        """Count the good lines of a file in; how many were bad."""
        try:
            read = read_cases_file(Path(name))
        except OSError as error:
            raise CommandError(f"{name}: cannot be read ({error.strerror}).") from None
        except UnicodeDecodeError:
            raise CommandError(f"{name}: is not UTF-8; save it as UTF-8.") from None
        except BadCell as error:
            raise CommandError(f"{name}: {error}.") from None
        for bad in read.bad:
            self.stderr.write(f"{name}: {bad}")
        if read.facts:
            tally.add(read.cases())
        return len(read.bad)


def _pack(name: str) -> Pack:
    try:
        return named_pack(name)
    except PackError as error:
        raise CommandError(str(error)) from None
