"""`manage.py sweep [--loop]`: do everything due, without Celery or Redis."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from aftersales.ledger.selfcheck import check_when_due
from aftersales.ledger.sweep import sweep


class Command(BaseCommand):
    help = "Do everything that is due: one pass, or passes for ever with --loop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="sweep for ever, once a second when idle")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["loop"]:
            done = sweep("command", budget_seconds=600)
            self.stdout.write(f"{done} due rows worked on.")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            try:
                done = sweep("loop")
                check_when_due()
            except Exception as failure:  # noqa: BLE001  the database is away: this is the last trigger standing
                self.stderr.write(f"sweep failed, trying again: {failure}")
                done = 0
            close_old_connections()
            if not done:
                stop.wait(1.0)
