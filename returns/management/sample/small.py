"""The small shop: sixty orders and the stories, lived through in the order of time by the actions themselves."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Q

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import deliveries, lease, sending, timers
from aftersales.ledger.models import Delivery, Due, Outbound, Timer
from customers.actions.proof import give_claim_codes
from customers.models import Order
from returns.management.sample.absences import make_absences
from returns.management.sample.calendars import make_calendars
from returns.management.sample.cards import card_code
from returns.management.sample.case import Case
from returns.management.sample.cast import make_cast
from returns.management.sample.chat import make_chat_source
from returns.management.sample.checklists import make_checklists
from returns.management.sample.keeping import make_keeping
from returns.management.sample.mail import make_mailbox, strays
from returns.management.sample.orders import SOURCE, make_orders, make_shop, other_orders
from returns.management.sample.ownfields import make_fields
from returns.management.sample.parcels import parcel_steps
from returns.management.sample.reviews import review_steps
from returns.management.sample.stories import STORIES
from returns.management.sample.visits import visit_steps
from tickets.actions.saved_views import save_view

_OTHER_ORDERS = 30
# Lists that the agent of the sample keeps.
_VIEWS = (
    ("还没人接的退换货", "queue=returns&assignee=none"),
    ("等顾客最久的", "waiting_on=customer&sort=waited&cols=waited"),
)


def make_small(tickets: int, *, seed: int, tell: Callable[[str], None]) -> list[Order]:
    """Make the shop with at most that many of the stories. Returns the orders, those of the stories first."""
    chance = random.Random(seed)  # noqa: S311  a sample, not a secret
    now = clock.now()
    stories = STORIES[:tickets]
    shop, cast = make_shop(), make_cast()
    make_calendars(cast.manager)
    make_fields()
    make_checklists()
    make_absences(cast, now)
    wanted = [story.bought for story in stories] + other_orders(_OTHER_ORDERS, chance)
    orders = make_orders(wanted, shop=shop, now=now, chance=chance)
    give_claim_codes(
        [order.number for order in orders], platform=SOURCE, actor=SYSTEM, code_of=partial(card_code, seed)
    )
    make_mailbox(manager=cast.manager, since=now - dt.timedelta(days=90))
    make_chat_source()
    cases = [Case(order, cast, number) for number, order in enumerate(orders[: len(stories)], start=1)]
    script: list[tuple[dt.datetime, int, Callable[[Any], object], Any]] = [
        (now - dt.timedelta(hours=hours), position, step, case)
        for story, case in zip(stories, cases, strict=True)
        for position, (hours, step) in enumerate(story.steps)
    ]
    quiet = orders[len(stories) :]
    script += [(*step, None) for step in (*parcel_steps(quiet, now), *visit_steps(quiet, cast, now))]
    if len(cases) == len(STORIES):
        script += [(*step, None) for step in review_steps(quiet, cast, now)]
    script.sort(key=lambda line: line[:2])
    for at, _position, step, case in script:
        with clock.fixed(at):
            do_due(at)
            step(case)
            do_due(at)
    if len(cases) == len(STORIES):
        strays(orders, now)
        do_due(now)
    make_keeping(orders[len(stories) :], cast, now, do_due)
    for name, query in _VIEWS:
        save_view(name=name, query=query, actor=cast.agent)
    tell(f"{len(orders)} orders, {len(cases)} tickets")
    return orders


def do_due(at: dt.datetime) -> None:
    """What the sweep would have done by then. Messages leave only where the demo's mailbox catches them."""
    worked = True
    while worked:
        worked = False
        if (timer := lease.claim(Timer, at, paused_at=None)) is not None:
            timers.fire(timer)
            worked = True
        if (delivery := lease.claim(Delivery, at)) is not None:
            deliveries.deliver(delivery)
            worked = True
        only = {} if settings.MAILBOX else {"channel": "refund"}
        if (item := lease.claim(Outbound, at, Q(**only))) is not None:
            sending.dispatch(item)
            worked = True
    if not settings.MAILBOX:
        Outbound.objects.pending().exclude(channel="refund").update(status=Due.Status.CANCELLED, done_at=at)
