"""One road through the whole ledger: a timer decides, a listener hears, the outbox calls a far side that counts. Refunds are
paid there, too.
"""

from __future__ import annotations

import datetime as dt
import http.client
import os
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from aftersales.ledger.models import Outbound
    from returns.providers import Payment


class ChaosConfig(AppConfig):
    name = "tests.ledger.chaos"
    label = "chaos"

    def ready(self) -> None:
        from aftersales.accounts.models import Team
        from aftersales.kernel.actor import SYSTEM
        from aftersales.ledger import outbox, timers
        from aftersales.ledger.catalogue import declare, listens
        from aftersales.ledger.models import DailyRun, Delivery, Event, Outbound, Timer
        from aftersales.ledger.record import record
        from returns.providers import PROVIDERS

        # A killed worker's rows come back after a lease. The shipped ones (20 s, 60 s) would only make the test longer.
        if os.environ.get("CHAOS_LEASES") != "shipped":
            Timer.LEASE = Delivery.LEASE = DailyRun.LEASE = dt.timedelta(seconds=4)
            Outbound.LEASE = dt.timedelta(seconds=3 * FarSide.SECONDS)

        declare("chaos.decided", "Decided")
        declare("chaos.withdrawn", "Withdrawn")

        @timers.fires("chaos.T1")
        def decide(timer: Timer, now: dt.datetime) -> None:
            team = Team.objects.select_for_update().get(pk=timer.subject_id)
            record("chaos.decided", on=team, actor=SYSTEM, at=now, due_at=timer.due_at.isoformat())

        @listens("chaos.decided", name="chaos.sender")
        def send(event: Event) -> None:
            outbox.put(channel="chaos", key=f"chaos:{event.subject_id}", on=event.subject, payload=event.data)

        outbox.register(FarSide())
        PROVIDERS["chaos"] = Cashier()


class FarSide:
    """Calls the counter in the test's own process, which loses some answers and refuses some calls."""

    SECONDS = 2
    name = "chaos"
    repeatable = True

    def send(self, item: Outbound) -> str:
        return self.call(item.key, item.payload["due_at"])

    def settled(self, item: Outbound) -> None:
        """The counter is the judge."""

    def call(self, key: str, what: object) -> str:
        from aftersales.ledger.outbox import Temporary, Unknown

        line = http.client.HTTPConnection("127.0.0.1", int(os.environ["CHAOS_PORT"]), timeout=self.SECONDS)
        try:
            line.request("POST", "/", body=f"{key} {what}".encode())
            answer = line.getresponse()
        except ConnectionRefusedError as absence:
            raise Temporary("away") from absence
        except (OSError, http.client.HTTPException) as loss:
            raise Unknown("lost") from loss
        finally:
            line.close()
        if answer.status != 200:
            raise Temporary(str(answer.status))
        return "counted"


class Cashier:
    """The payment provider: the same far side, which keeps key and sum (minor units)."""

    name = "chaos"

    def pay(self, payment: Payment) -> str:
        return FarSide().call(payment.key, payment.amount_minor)
