"""Count the standings: one statement for everybody, on both databases, however many orders there are."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import Count, F, Max, Min, Sum
from django.db.models.functions import TruncDate

from aftersales.kernel.clock import shop_zone
from customers.models import Order, Standing

_COUNTED = ("orders", "spent_minor", "first_order_on", "last_order_on")


@transaction.atomic
def count_standings(at: dt.datetime) -> int:
    """Count anew what every person's buying came to. Returns how many rows there are; again is the same.

    Rows of people who have no order that counts any more go.
    """
    day = TruncDate("placed_at", tzinfo=shop_zone())
    figures = (
        Order.objects.bought()
        .order_by()
        .values("person_id", "currency")
        .annotate(
            orders=Count("id"), spent_minor=Sum(F("paid_minor") - F("refunded_minor")),
            first_order_on=Min(day), last_order_on=Max(day),
        )
    )  # fmt: skip
    select, params = figures.query.sql_with_params()
    table, names = connection.ops.quote_name(Standing._meta.db_table), ", ".join(("person_id", "currency", *_COUNTED))
    changes = ", ".join(f"{name} = excluded.{name}" for name in (*_COUNTED, "counted_at"))
    # Only our own names are put into the text; every value is a parameter.
    statement = (
        f"INSERT INTO {table} ({names}, counted_at) SELECT {names}, %s FROM ({select}) AS fresh WHERE 1 = 1"  # noqa: S608
        f" ON CONFLICT (person_id, currency) DO UPDATE SET {changes}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [connection.ops.adapt_datetimefield_value(at), *params])
    Standing.objects.filter(counted_at__lt=at).delete()
    return Standing.objects.count()
