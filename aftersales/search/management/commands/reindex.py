"""Make the search index again: `manage.py reindex [--kind K]… [--since DATE] [--anew] [--check]`. Twice is once."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aftersales.kernel.clock import shop_zone
from aftersales.search.compare import compare
from aftersales.search.kinds import kinds
from aftersales.search.models import Rebuild
from aftersales.search.rebuild import rebuild


class Command(BaseCommand):
    help = "Make the search index again from what it is about; a run that was cut off is gone on with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", action="append", choices=[kind.name for kind in kinds()], help="only this kind")
        parser.add_argument("--since", metavar="DATE", help="only what began on that day of the shop or later")
        parser.add_argument(
            "--anew", action="store_true", help="empty the index first: faster, and little is found meanwhile"
        )
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes that share --anew")
        parser.add_argument("--check", action="store_true", help="only compare; exit 1 when the index differs")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        if options["check"]:
            self._check()
            return
        if options["anew"] and (options["kind"] or options["since"]):
            raise CommandError("--anew makes the whole index; leave out --kind and --since.")
        if Rebuild.objects.exists():
            self.stderr.write("Going on with the rebuild that was cut off.")
        done = rebuild(
            only=options["kind"],
            since=_day(options["since"]),
            anew=options["anew"],
            workers=options["workers"],
            progress=self._progress,
        )
        self.stdout.write(f"{done:,} things indexed in {time.monotonic() - began:.1f} seconds")

    def _check(self) -> None:
        found = compare()
        for kind, keys in found.items():
            self.stdout.write(f"{kind}: {len(keys):,} differ, the first {', '.join(map(str, keys[:5]))}")
        if found:
            raise CommandError("The index differed; what differs will be indexed again by the next sweep.")
        self.stdout.write("The index says what the things say.")

    def _progress(self, text: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{text:<70}", ending="")


def _day(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), tzinfo=shop_zone())
    except ValueError as problem:
        raise CommandError(f"--since takes a day such as 2026-11-01, not “{text}”.") from problem
