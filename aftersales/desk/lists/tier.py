"""What kind of customer a ticket is about: a regular has bought often. Lists are narrowed by it and rows say it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from customers.models import Order

REGULAR_FROM = 3  # orders

# Looks up the customer's so-manieth order by the index of their orders; it never counts them all.
REGULAR = Exists(Order.objects.filter(person=OuterRef("person")).order_by()[REGULAR_FROM - 1 : REGULAR_FROM])


def tier_words(*, regular: bool) -> str:
    """The tier in words."""
    if regular:
        return gettext("regular (%(number)s orders or more)") % {"number": REGULAR_FROM}
    return gettext("fewer than %(number)s orders") % {"number": REGULAR_FROM}
