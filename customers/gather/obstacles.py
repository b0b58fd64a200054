"""What stands against writing to somebody now. The apps above the archive tell it what they know of a person.

    obstacles.register(find)        # in that app's `AppConfig.ready`

where `find(person_ids)` gives `{person_id: "complaint" | "case"}` for those who have one open, the graver one first.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.conf import settings

from aftersales.kernel.clock import end_of_shop_day
from customers.gather.kin import kin_of
from customers.models import CareMessage, CarePlan, Consent, ContactPoint, Order, Purpose, Referral, Score

Find = Callable[[Collection[int]], dict[int, str]]
CAP_DAYS = 30
_finders: list[Find] = []


def register(find: Find) -> None:
    """Ask this function as well."""
    if find not in _finders:
        _finders.append(find)


def busy(people: Collection[int]) -> dict[int, str]:
    """Who of them has a complaint or another case open."""
    found: dict[int, str] = {}
    for find in _finders:
        for person_id, what in find(people).items():
            if found.get(person_id) != "complaint":
                found[person_id] = what
    return found


def agreed(people: Collection[int], purpose: Purpose) -> set[int]:
    """Who of them agrees to it now: said yes, and nobody who shares a contact point with them has said no since."""
    said = _said(people, purpose)
    return {person for person, each in said.items() if each.agrees}


def refusing(people: Collection[int], purpose: Purpose) -> set[int]:
    """Who of them has said no to it and not yes since, or shares a contact point with somebody who has."""
    said = _said(people, purpose)
    return {person for person, each in said.items() if each.refused_at is not None and not each.agrees}


@dataclass(frozen=True, slots=True)
class _Said:
    """When this entry said its yes that stands, and when the last no was said by it or by one that shares a contact point."""

    agreed_at: dt.datetime | None
    refused_at: dt.datetime | None

    @property
    def agrees(self) -> bool:
        return self.agreed_at is not None and (self.refused_at is None or self.refused_at < self.agreed_at)


def _said(people: Collection[int], purpose: Purpose) -> dict[int, _Said]:
    """Two statements, however many people. An entry that agrees says no no more, whatever it has withdrawn before."""
    together = kin_of(people)
    everybody = {each for kin in together.values() for each in kin}
    rows = Consent.objects.filter(person__in=everybody, purpose=purpose).order_by()
    yes: dict[int, dt.datetime] = {}
    no: dict[int, dt.datetime] = {}
    for person, given_at, withdrawn_at in rows.values_list("person_id", "given_at", "withdrawn_at"):
        if withdrawn_at is None:
            yes[person] = given_at
        else:
            no[person] = max(withdrawn_at, no.get(person, withdrawn_at))
    return {
        person: _Said(yes.get(person), max((no[each] for each in kin if each in no and each not in yes), default=None))
        for person, kin in together.items()
    }


def chosen(people: Collection[int], plan: CarePlan) -> set[int]:
    """Who of them is in one of the segments that the plan is for; everybody where it names none."""
    wanted = list(plan.segments.values_list("pk", flat=True))
    if not wanted:
        return set(people)
    return set(Score.objects.filter(person__in=people, segment__in=wanted).values_list("person_id", flat=True))


def taken_back(message: CareMessage) -> bool:
    """Whether the recommendation that the message is thanks for does not stand any more."""
    if message.plan.occasion != CarePlan.Occasion.REFERRAL:
        return False
    new = int(message.key.removeprefix("referral:"))
    return not Referral.objects.filter(person=new, by=message.person_id).exists()


def reachable(people: Collection[int], plan: CarePlan) -> set[int]:
    """Who of them can be written to: by e-mail, or else by the plan's SMS."""
    return by_mail(people) | by_sms(people, plan)


def by_mail(people: Collection[int]) -> set[int]:
    """Who of them has an e-mail address."""
    return _having(people, ContactPoint.Kind.EMAIL)


def by_sms(people: Collection[int], plan: CarePlan) -> set[int]:
    """Who of them has a phone and agrees to SMS, where the plan has one."""
    return _having(people, ContactPoint.Kind.PHONE) & agreed(people, Purpose.SMS) if plan.has_sms else set()


def _having(people: Collection[int], kind: ContactPoint.Kind) -> set[int]:
    rows = ContactPoint.objects.filter(person__in=people, kind=kind)
    return set(rows.values_list("person_id", flat=True))


def capped(people: Collection[int], at: dt.datetime) -> set[int]:
    """Who of them had their share (`CARE_MOST`) of the last 30 days, over all plans. Service notices do not count.

    What went to others with the same contact point is their share, too.
    """
    since, together = at - dt.timedelta(days=CAP_DAYS), kin_of(people)
    everybody = {each for kin in together.values() for each in kin}
    rows = CareMessage.objects.filter(person__in=everybody, state=CareMessage.State.SENT, decided_at__gt=since)
    counted = Counter(rows.order_by().values_list("person_id", flat=True))
    return {person for person, kin in together.items() if sum(counted[each] for each in kin) >= settings.CARE_MOST}


def overtaken(message: CareMessage) -> bool:
    """Whether the person has done meanwhile what the message would ask for: bought again, or the refill itself."""
    plan, later = message.plan, Order.objects.filter(person=message.person_id)
    later = later.exclude(status__in=(Order.Status.CANCELLED, Order.Status.UNPAID))
    if plan.occasion == CarePlan.Occasion.SILENCE:
        last = dt.date.fromisoformat(message.key.removeprefix("since:"))
        return later.filter(placed_at__gte=end_of_shop_day(last)).exists()
    if plan.occasion == CarePlan.Occasion.REFILL and message.order is not None:
        again = later.filter(placed_at__gt=message.order.placed_at, lines__sku__product__category=plan.category_id)
        return again.exclude(pk=message.order.pk).exists()
    return False
