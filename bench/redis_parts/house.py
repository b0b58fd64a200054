"""The product as it is shipped, with two web workers, a worker, the beat and the loop; mail goes to a server that keeps it."""

from __future__ import annotations

import json
import time
from email import message_from_bytes
from typing import Any

from bench.desk_parts import servers
from tests.ledger.chaos.mortal import MortalPostgres
from tests.ledger.chaos.run import House
from tests.notices.smtp_double import Mails, SmtpDouble

WEB_WORKERS, WEB_THREADS = 2, 8  # as deploy/gunicorn.conf.py


class Stamped(list[bytes]):
    """What came in, and at which epoch second."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[float] = []

    def append(self, body: bytes) -> None:
        self.at.append(time.time())
        super().append(body)


class RequestHouse(House):
    """A house without the chaos app: the customers' form is asked, and their notices leave by SMTP."""

    def __init__(self, postgres: MortalPostgres) -> None:
        super().__init__(postgres.url, seed=0, postgres=postgres, as_shipped=True)
        self.post = SmtpDouble()
        self.letters = Stamped()
        self.post.mails = Mails(taken=self.letters)
        self.environment |= {
            "DJANGO_SETTINGS_MODULE": "aftersales.settings",
            "DESK_MODE": "embedded",
            "EMAIL_BACKEND": "aftersales.notices.channels.smtp.SmtpBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.post.port),
        }

    def __exit__(self, *told: object) -> None:
        super().__exit__(*told)
        self.post.server_close()

    @property
    def _commands(self) -> dict[str, list[str]]:
        commands = super()._commands
        web = commands["web"]
        web[web.index("--workers") + 1] = str(WEB_WORKERS)
        web[web.index("--threads") + 1] = str(WEB_THREADS)
        web += ["--keep-alive", "60", "--no-control-socket"]
        return commands

    def orders(self, count: int) -> list[dict[str, Any]]:
        told = servers.python("-m", "bench.redis_parts.shop", str(count), environment=self.environment)
        found: list[dict[str, Any]] = json.loads(told)
        return found

    def is_sent(self) -> bool:
        """Nothing waits to be heard or sent. Timers of days are none of that."""
        tables = ("ledger_delivery", "ledger_outbound")
        query = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE status = 'pending'" for table in tables)
        return self.query(f"SELECT count(*) FROM ({query}) AS left_over") == [(0,)]

    def wait_until_sent(self, seconds: float) -> None:
        self._wait(self.is_sent, "the last notice", seconds)

    def delivered(self) -> dict[str, list[float]]:
        """When each address was written to, in epoch seconds."""
        found: dict[str, list[float]] = {}
        for at, body in zip(list(self.letters.at), list(self.letters), strict=False):
            found.setdefault(str(message_from_bytes(body)["To"]), []).append(at)
        return found
