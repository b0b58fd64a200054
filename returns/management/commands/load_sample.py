"""Make a sample shop of any size: `manage.py load_sample [--tickets N] [--seed S]`. A shop with orders is left alone."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from aftersales.ledger.doorbell import unrung
from aftersales.search.rebuild import rebuild
from customers.models import Order
from returns.management.sample.bulk.fill import fill
from returns.management.sample.cards import card_code
from returns.management.sample.orders import SOURCE
from returns.management.sample.small import make_small
from returns.management.sample.stories import STORIES
from tickets.models import Ticket

_CARDS_TOLD = 8


class Command(BaseCommand):
    help = "Fill an empty database with a sample shop. Twice is once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--tickets", type=int, default=len(STORIES), metavar="N", help=f"how many tickets (default {len(STORIES)})"
        )
        parser.add_argument("--seed", type=int, default=42, help="the same seed makes the same shop (default 42)")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This is a production shop; a sample does not belong in it.")
        if options["tickets"] < 0:
            raise CommandError("--tickets takes a number from 0 up.")
        if Order.objects.exists():
            counts = f"{Order.objects.count()} orders, {Ticket.objects.count()} tickets"
            self.stdout.write(f"There is a shop already ({counts}); nothing was changed.")
            return
        began = time.monotonic()
        with translation.override(settings.LANGUAGE_CODE), unrung():
            orders = make_small(min(options["tickets"], len(STORIES)), seed=options["seed"], tell=self.stdout.write)
            rebuild(anew=True, progress=self._progress)
        more = options["tickets"] - len(STORIES)
        if more > 0:
            fill(more, seed=options["seed"], progress=self._progress)
            self.stdout.write(f"{more:,} further tickets")
        self.stdout.write(f"{time.monotonic() - began:.1f} seconds")
        self._tell_cards(orders, options["seed"])

    def _tell_cards(self, orders: list[Order], seed: int) -> None:
        """Orders to play the customer with: arrived, and without a case yet."""
        self.stdout.write("Orders to try the customer's side with (order number, code on the parcel card, e-mail):")
        untouched = Order.objects.filter(
            platform=SOURCE, pk__in=[order.pk for order in orders], status=Order.Status.DELIVERED, tickets=None
        )
        for order in untouched.order_by("-delivered_at")[:_CARDS_TOLD]:
            email = order.person.contact_points.filter(kind="email").values_list("value", flat=True).first()
            self.stdout.write(f"  {order.number}  {card_code(seed, order.number)}  {email or '–'}")

    def _progress(self, text: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{text:<70}", ending="")
        else:
            self.stderr.write(text)
