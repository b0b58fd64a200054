"""`manage.py selfcheck`: look at everything that must always hold, now; exit code 1 where something does not."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from aftersales.kernel import clock
from aftersales.ledger import selfcheck


class Command(BaseCommand):
    help = "Count the rows that break what must always hold, as the hourly self-check does."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for each in selfcheck.known():
            found = selfcheck.check(each, clock.now())
            self.stdout.write(f"{each.code:<4} {found.rows:>7,}  {each.says}")
            for label, pk, words in found.examples:
                self.stdout.write(f"{'':<14}{label} {pk}: {words}")
            if found.rows:
                broken += 1
                self.stdout.write(f"{'':<14}{each.remedy}")
        if broken:
            sys.exit(1)
