"""Write a shop's orders as a list that `import_orders --source generic` reads: `manage.py export_orders FILE --why …`."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import Refusal
from customers.actions.exporting import orders_to_export, record_export
from customers.importers.generic.export import write_orders
from customers.models import Shop


class Command(BaseCommand):
    help = "Write a shop's orders to a CSV file. That it happened, and why, is kept as an event."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--shop", required=True, help="name of the shop")
        parser.add_argument(
            "--since", type=dt.date.fromisoformat, metavar="DATE", help="orders placed from this day on"
        )
        parser.add_argument("--why", required=True, help="what the file is for")

    def handle(self, *args: Any, **options: Any) -> None:
        shop = Shop.objects.filter(name=options["shop"]).first()
        if shop is None:
            raise CommandError(f"There is no shop called {options['shop']}.")
        day = options["since"]
        since = dt.datetime.combine(day, dt.time.min, clock.shop_zone()) if day else None
        path: Path = options["file"]
        try:
            # The event commits only if the file was written, and the file stays only if the event commits.
            with transaction.atomic(), path.open("x", encoding="utf-8-sig", newline="") as file:
                path.chmod(0o600)
                orders = orders_to_export(shop, actor=SYSTEM, since=since)
                count = write_orders(orders.iterator(chunk_size=500), file)
                record_export(shop, orders=count, why=options["why"], actor=SYSTEM)
        except FileExistsError as problem:
            raise CommandError(f"{path} is there already; it was left as it is.") from problem
        except Refusal as problem:
            path.unlink(missing_ok=True)
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{count} orders written to {path}.")
