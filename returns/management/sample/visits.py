"""Visits of the small shop: planned when the parcels were signed for, most of the past ones made, those of the last days left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle

from aftersales.kernel import clock
from customers.actions.consents import give_consent
from customers.models import Order, Purpose
from returns.management.sample.cast import Cast
from tickets.actions.visits.answering import answer
from tickets.actions.visits.inviting import token_of
from tickets.actions.visits.planning import plan_after_signing
from tickets.actions.visits.posting import post_letters
from tickets.actions.visits.recording import Said, record_callback, record_missed, record_outcome
from tickets.models import Visit, VisitPlan, VisitStep

Step = Callable[[object], None]
_WORKED = (480, 400, 320, 240, 170, 100)  # hours before now at which the agent works the list through
_ANSWERED = 60  # and at which customers answer their messages, every second one

_CALLS = (
    ("content", Said(5, "每天早上烧水泡茶，一家三口用。", "电源线再长半米就好了。")),
    ("missed", Said()),
    ("proficient", Said(5, "说明书看一遍就会了，没有问题。")),
    ("callback", Said()),
    ("content", Said(4, "周末用得多，平时放着。", "收纳袋能不能送一个？")),
)
_LETTERS = (
    Said(5, "颜色比照片还好看，已经洗过两次。"),
    Said(3, "穿了三天。", "袖口有一点线头，希望出厂前剪干净。"),
    Said(4, "送给妈妈的，她很喜欢。"),
)


def visit_steps(orders: Sequence[Order], cast: Cast, now: dt.datetime) -> Iterator[tuple[dt.datetime, int, Step]]:
    """When what is planned, agreed to and recorded, as steps of the shop's script."""
    _letters_a_week_later()
    for order in orders:
        if order.delivered_at is not None and order.delivered_at > now - dt.timedelta(days=25):
            yield order.delivered_at, 0, _signed(order, cast)
    said, letters = cycle(_CALLS), cycle(_LETTERS)
    for hours in _WORKED:
        yield now - dt.timedelta(hours=hours), 1, lambda _case: _work_through(cast, said)
    yield now - dt.timedelta(hours=_ANSWERED), 1, lambda _case: _answers(letters)


def _letters_a_week_later() -> None:
    """This shop writes on paper a week after the message, to whoever bought something for everyday."""
    plan = VisitPlan.objects.get(code="after-signing")
    VisitStep.objects.get_or_create(plan=plan, number=2, defaults={"days": 7, "channel": VisitStep.Channel.LETTER})


def _signed(order: Order, cast: Cast) -> Step:
    """The buyer of an appliance lets somebody come to look after it."""

    def step(_case: object) -> None:
        plan_after_signing(order.pk, at=clock.now())
        if Visit.objects.filter(order=order, channel=Visit.Channel.HOME).exists():
            give_consent(order.person_id, purpose=Purpose.AT_HOME, proof="签收后电话中同意", actor=cast.agent)

    return step


def _work_through(cast: Cast, said: Iterator[tuple[str, Said]]) -> None:
    now = clock.now()
    post_letters(list(Visit.objects.to_print(now).values_list("pk", flat=True)), actor=cast.agent)
    for visit in Visit.objects.to_make().filter(due_at__lte=now).order_by("due_at", "pk"):
        result, words = next(said)
        if result == "missed":
            record_missed(visit.pk, number=visit.tries + 1, remark="响铃无人接", actor=cast.agent)
        elif result == "callback":
            again = dt.datetime.combine(clock.shop_date(now) + dt.timedelta(days=2), dt.time(19, 30), clock.shop_zone())
            record_callback(visit.pk, again_at=again, remark="在开会，晚上方便", actor=cast.agent)
        else:
            record_outcome(visit.pk, result, words, actor=cast.agent)


def _answers(letters: Iterator[Said]) -> None:
    for visit in Visit.objects.filter(state=Visit.State.INVITED).order_by("pk")[::2]:
        answer(token_of(visit), next(letters))
