"""`manage.py take_goods_back N`: N units came back and were accepted, so that N refunds are due; before anything is killed."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandParser

UNITS = 5  # of one order, each with a request of its own: their refunds race for the same sum


class Command(BaseCommand):
    help = "Make requests whose refund is due, by the actions themselves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("refunds", type=int, metavar="N", help="how many refunds are due in the end")

    def handle(self, *args: Any, refunds: int, **options: Any) -> None:
        from tests.faces.desk.stages import refund_due
        from tests.world import a_shop, a_sku, an_order

        shop, left = a_shop(refund_provider="chaos"), refunds
        while left > 0:
            units = min(UNITS, left)
            order = an_order(shop=shop, skus=[(a_sku(), units)], freight=1_000)
            for _unit in range(units):
                refund_due(order)
            left -= units
