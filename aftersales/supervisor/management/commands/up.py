"""`manage.py up`: the whole desk on this machine until Ctrl-C. `make demo` calls it with DEMO=1."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from aftersales.accounts.actions.demo_staff import DEMO_PASSWORD, DEMO_STAFF
from aftersales.supervisor.address import LOOPBACK
from aftersales.supervisor.refusal import CannotStart
from aftersales.supervisor.supervisor import Supervisor


class Command(BaseCommand):
    help = "Run broker, web, worker and beat on this machine until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="default 8000, or PORT")
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1", help="default 127.0.0.1, or HOST")

    def handle(self, *args: Any, port: str, host: str, **options: Any) -> None:
        self.began = time.monotonic()
        try:
            self._refuse_what_cannot_work(port, host)
            self.supervisor = Supervisor(host=host, port=int(port), data=settings.DATA_DIR, tell=self.tell)
            self.supervisor.run(ready=self.welcome)
        except CannotStart as refusal:
            raise CommandError(str(refusal)) from None
        self.tell("Stopped.")

    def _refuse_what_cannot_work(self, port: str, host: str) -> None:
        if settings.PRODUCTION:
            raise CannotStart(
                "`up` is for one machine; in production start web, worker and beat by docker-compose.yml."
            )
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise CannotStart(f"PORT is {port!r}. Set it to a number from 1 to 65535.")
        if host not in LOOPBACK and "ALLOWED_HOSTS" not in os.environ:
            raise CannotStart(
                f"HOST={host} opens the desk to the network. Set ALLOWED_HOSTS to the names it is reached by, too."
            )

    def tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def welcome(self) -> None:
        """What the person needs next: addresses, logins, how to stop."""
        url = self.supervisor.url
        self.tell("")
        self.tell(f"The after-sales desk is ready after {time.monotonic() - self.began:.0f} s.")
        self.tell("")
        self.tell(f"  Customers  {url}/")
        self.tell(f"  Staff      {url}/desk/")
        self.tell(f"  Office     {url}/office/")
        self.tell("")
        if settings.DEMO:
            self.tell(f"  Sign in with the password {DEMO_PASSWORD} as")
            for person in DEMO_STAFF:
                self.tell(f"    {person.role:<10} {person.email}")
            self.tell("")
        self.tell(f"  Data and logs: {settings.DATA_DIR}")
        self.tell("  Ctrl-C stops everything.")
