"""Prove a pack of rules from the shell: complete, free of contradiction, no dead row, no broken chain. Exit 1 unless
all of it is proved.

Needs no database. Run it before a pack is published, and after every change to one.
"""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from returns.rules.analysis import TableReport, prove, proved
from returns.rules.generate import examples, score
from returns.rules.language import Table
from returns.rules.pack import open_pack, shipped
from returns.rules.text import PackError


class Command(BaseCommand):
    help = "Prove that a pack has no gap, no contradiction and no dead row; every finding comes with a case."
    requires_system_checks: list[str] = []  # pure rules need no settings to be sound

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "pack", nargs="?", metavar="PACK", help="shipped pack or pack folder (default: all shipped)"
        )

        parser.add_argument(
            "--mutants",
            action="store_true",
            help="also move every cell by one place and count the mutants that generated examples tell apart",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        names = [options["pack"]] if options["pack"] else shipped()
        failed = [name for name in names if not self._prove(name, mutants=options["mutants"])]
        if failed:
            raise CommandError(f"Not proved: {', '.join(failed)}.", returncode=1)

    def _prove(self, name: str, *, mutants: bool) -> bool:
        try:
            pack = open_pack(name)
        except PackError as error:
            raise CommandError(str(error)) from None
        start = time.perf_counter()
        reports = prove(pack)
        took = time.perf_counter() - start
        self.stdout.write(f"{pack.name} {pack.version} ({pack.title['en']}), sha256 {pack.sha256}")
        for report in reports:
            self._tell(report)
        rows = sum(report.rows for report in reports)
        if proved(reports):
            self.stdout.write(
                f"Proved: {len(reports)} tables, {rows} rows: complete, no contradiction, no dead row ({took:.2f} s)."
            )
        if mutants:
            for compiled in pack.tables.values():
                self._measure(compiled.table)
        return proved(reports)

    def _measure(self, table: Table) -> None:
        """How well the generated examples pin a table down."""
        found = score(table, examples(table))
        self.stdout.write(
            f"  {found.table}: {found.examples} examples reach {found.rows_hit} of {found.rows} rows and kill {found.share:.1%}"
            f" of {found.killed + len(found.survived)} mutants; {found.equal} more are proved equal"
        )
        for mutant in found.survived:
            self.stdout.write(f"    survives: {mutant}")

    def _tell(self, report: TableReport) -> None:
        share = "unknown" if report.by_default is None else f"{report.by_default / report.points:.1%}"
        state = "proved" if not report.findings else f"{len(report.findings)} findings"
        self.stdout.write(
            f"  {report.name}: {state}; {report.rows} rows, {report.columns} columns, {report.points:,} cases,"
            f" {share} of them left to the default layer"
        )
        for finding in report.findings:
            self.stdout.write(f"  {finding}")
