"""What a plan would do in the next 30 days if it were active: how many people it reaches, and why others are not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from aftersales.kernel.clock import shop_date
from customers.gather import obstacles
from customers.gather.occasions import occasions
from customers.models import CareMessage, CarePlan

DAYS = 30
_BATCH = 500


@dataclass(slots=True)
class Outlook:
    """People, each counted once, under the first reason that holds. `waits` are reached later, when their complaint is over.

    `by_sms` are those of the reached who have no e-mail address.
    """

    reached: int = 0
    by_sms: int = 0
    no_consent: int = 0
    unreachable: int = 0
    capped: int = 0
    waits: int = 0

    @property
    def occasions(self) -> int:
        """Everybody whose occasion it is."""
        return self.reached + self.no_consent + self.unreachable + self.capped + self.waits


def outlook(plan: CarePlan, at: dt.datetime) -> Outlook:
    """Asked with today's consents, addresses, complaints and shares of messages. For thanks: what is planned already.

    News is about nobody in particular, so only those who agreed to news count.
    """
    seen, people = Outlook(), _people(plan, at)
    for first in range(0, len(people), _BATCH):
        some = people[first : first + _BATCH]
        agreed, by_mail = obstacles.agreed(some, plan.purpose), obstacles.by_mail(some)
        reachable = by_mail | obstacles.by_sms(some, plan)
        capped, busy = obstacles.capped(some, at), obstacles.busy(some)
        for person in some:
            if person not in agreed:
                seen.no_consent += 1
            elif person not in reachable:
                seen.unreachable += 1
            elif busy.get(person) == "complaint":
                seen.waits += 1
            elif person in capped:
                seen.capped += 1
            else:
                seen.reached += 1
                seen.by_sms += person not in by_mail
    return seen


def _people(plan: CarePlan, at: dt.datetime) -> list[int]:
    today = shop_date(at)
    if plan.occasion == CarePlan.Occasion.THANKS:
        waiting = CareMessage.objects.filter(plan=plan, state=CareMessage.State.PLANNED)
        return sorted(set(waiting.order_by().values_list("person_id", flat=True)))
    is_news = plan.occasion == CarePlan.Occasion.NEWS
    last = today + dt.timedelta(days=DAYS)
    return sorted({each.person_id for each in occasions(plan, today, last, agreed=is_news)})
