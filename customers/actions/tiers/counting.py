"""Who has reached which tier: counted anew each night in one statement; every change is an event, every rise is told once."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, Count, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from aftersales.kernel.actor import SYSTEM, Role
from aftersales.kernel.clock import end_of_shop_day, shop_date
from aftersales.ledger.record import record
from aftersales.notices.actions.telling import tell_staff
from customers.models import Membership, Order, Tier

_BATCH = 200
_DAY = dt.timedelta(days=1)
_STATEMENT = """
INSERT INTO {memberships} (person_id, tier_id, before_id, since, is_news, counted_at)
SELECT person_id, tier_id, CASE WHEN {is_news} THEN NULL ELSE tier_id END, {since}, {is_news}, {counted_at}
FROM ({fresh}) AS fresh WHERE 1 = 1
ON CONFLICT (person_id) DO UPDATE SET
    before_id = CASE WHEN {memberships}.tier_id = excluded.tier_id THEN {memberships}.before_id ELSE {memberships}.tier_id END,
    since = CASE WHEN {memberships}.tier_id = excluded.tier_id THEN {memberships}.since ELSE excluded.since END,
    is_news = {memberships}.is_news OR {memberships}.tier_id <> excluded.tier_id,
    tier_id = excluded.tier_id, counted_at = excluded.counted_at
"""


def count_tiers(at: dt.datetime) -> int:
    """Bring every membership in line with the orders, and tell what changed. Returns how many people have a tier.

    Repeated after a crash it tells what was not told yet, and nothing twice. The very first count of a shop is no news:
    nobody has just reached anything.
    """
    _count(at)
    while _record_some(at):
        pass
    while _end_some(at):
        pass
    _tell(at)
    return Membership.objects.count()


@transaction.atomic
def _count(at: dt.datetime) -> None:
    every = list(Tier.objects.order_by("-level"))
    tiers = [tier for tier in every if tier.in_use]
    if not tiers:
        return
    fresh, params = _fresh(tiers, shop_date(at)).query.sql_with_params()
    ops, sqlite = connection.ops, connection.vendor == "sqlite"
    # Only our own names are put into the text; every value is a parameter. Postgres is told what the texts are.
    statement = _STATEMENT.format(
        memberships=ops.quote_name(Membership._meta.db_table), fresh=fresh,
        since="%s" if sqlite else "CAST(%s AS date)", counted_at="%s" if sqlite else "CAST(%s AS timestamptz)",
        is_news="%s" if sqlite else "CAST(%s AS boolean)",
    )  # fmt: skip
    day, instant = ops.adapt_datefield_value(shop_date(at)), ops.adapt_datetimefield_value(at)
    # Memberships alone do not tell: a count may find nobody, or everybody may leave again.
    is_news = any(tier.counted_at for tier in every) or Membership.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute(statement, [is_news, day, is_news, instant, *params])
    Tier.objects.filter(pk__in=[tier.pk for tier in tiers]).update(counted_at=at)


def _fresh(tiers: list[Tier], today: dt.date) -> Any:
    """`person_id` and `tier_id` of everybody who reached one; the highest stands first. One pass over the orders."""
    sums: dict[str, Any] = {}
    whens = []
    for tier in tiers:
        ours = Q()
        if tier.within_days is not None:  # today and the days before it, whole ones
            ours = Q(placed_at__gte=end_of_shop_day(today - tier.within_days * _DAY))
        reached = Q()
        if tier.orders_from is not None:
            sums[f"orders_{tier.pk}"] = Count("id", filter=ours) if ours else Count("id")
            reached &= Q(**{f"orders_{tier.pk}__gte": tier.orders_from})
        if tier.spent_from_minor is not None:
            kept = F("paid_minor") - F("refunded_minor")
            sums[f"spent_{tier.pk}"] = Coalesce(Sum(kept, filter=ours & Q(currency=tier.currency)), Value(0))
            reached &= Q(**{f"spent_{tier.pk}__gte": tier.spent_from_minor})
        whens.append(When(reached, then=Value(tier.pk)))
    rows = Order.objects.bought().order_by().values("person_id").annotate(**sums)
    return rows.annotate(tier_id=Case(*whens, output_field=IntegerField())).filter(tier_id__isnull=False)


@transaction.atomic
def _record_some(at: dt.datetime) -> bool:
    """Some of the changes into the ledger; False where there is none left."""
    news = Membership.objects.filter(is_news=True).select_for_update(of=("self",))
    some = list(news.select_related("person", "tier", "before").order_by("pk")[:_BATCH])
    for each in some:
        name = "tier.reached" if each.has_risen else "tier.lost"
        before = str(each.before) if each.before else ""
        record(name, on=each.person, actor=SYSTEM, at=at, tier=str(each.tier), before=before)
    Membership.objects.filter(pk__in=[each.pk for each in some]).update(is_news=False)
    return bool(some)


@transaction.atomic
def _end_some(at: dt.datetime) -> bool:
    """Some of those who have no tier any more; False where there is none left."""
    over = Membership.objects.filter(counted_at__lt=at).select_for_update(of=("self",))
    some = list(over.select_related("person", "tier").order_by("pk")[:_BATCH])
    for each in some:
        record("tier.lost", on=each.person, actor=SYSTEM, at=at, tier="–", before=str(each.tier))
    Membership.objects.filter(pk__in=[each.pk for each in some]).delete()
    return bool(some)


@transaction.atomic
def _tell(at: dt.datetime) -> None:
    """Leads hear once of each night and tier that somebody rose into, with the list; also of a night whose end was missed."""
    for tier, day in product(Tier.objects.filter(in_use=True), (shop_date(at) - _DAY, shop_date(at))):
        if people := Membership.objects.risen().filter(tier=tier, since=day).count():
            url = f"/office/customers/membership/?tier__id__exact={tier.pk}&since__exact={day}"
            told = {"ref": {"zh": tier.name_zh, "en": tier.name_en}, "people": people, "url": url}
            tell_staff("tier.reached", told, roles=(Role.LEAD, Role.MANAGER), key=f"tier:{tier.key}:{day}")
