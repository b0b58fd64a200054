"""`manage.py fetch_mail [--loop]`: read the mailboxes that are due, without Celery or Redis."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from tickets.actions.mail.fetching import fetch_due


class Command(BaseCommand):
    help = "Fetch mail from the accounts of the office: one turn, or turns for ever with --loop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="look again every few seconds, for ever")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["loop"]:
            self.stdout.write(f"{fetch_due(budget=600)} new mails.")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            try:
                fetch_due()
            except Exception as failure:  # noqa: BLE001  the database is away: try again
                self.stderr.write(f"fetching failed, trying again: {failure}")
            close_old_connections()
            stop.wait(2.0)
