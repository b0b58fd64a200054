"""Take a review in: entered by hand or read from a file. Called by the desk, the importer and the sample shop."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger import timers
from aftersales.ledger.record import record
from customers.actions.words import kept_text
from customers.models import Erasure, Order, Review, ReviewReply, Shop, Sku
from customers.models.review import CONTENT_FROM
from customers.reviewing import complaints_in

REPLY_TIMER = "customers.review_reply_due"
LONGEST = 2000
OLD = dt.timedelta(days=30)  # platforms take a reply for about that long; what is older is history
_S = Review.State


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """One review as somebody tells it. `at` in UTC; `external_id` is the platform's number of the review, if it gives one.

    `reply` is what the shop has answered on the platform already, `replied_at` when.
    """

    platform: str
    stars: int
    text: str
    at: dt.datetime
    order_number: str = ""
    sku: str = ""
    goods: str = ""
    nick: str = ""
    photos: int = 0
    external_id: str = ""
    reply: str = ""
    replied_at: dt.datetime | None = None

    @property
    def key(self) -> str:
        """What it is known by when it comes again."""
        if self.external_id:
            return f"{self.platform}:{self.external_id}"
        told = "\0".join((self.order_number, self.nick, self.at.isoformat(), str(self.stars), self.text))
        return f"{self.platform}#{hashlib.sha256(told.encode()).hexdigest()}"


@transaction.atomic
def add_review(facts: ReviewFacts, *, actor: Actor) -> Review:
    """A review somebody typed in. The same one again is the one that is there. Raises `BadInput` for an unknown order."""
    check(actor, "review.add")
    if facts.order_number and not Order.objects.visible_to(actor).filter(number=facts.order_number).exists():
        raise BadInput(
            _("There is no order %(number)s. Leave the field empty if you do not know it."),
            field="order_number", number=facts.order_number[:64],
        )  # fmt: skip
    return store_review(facts, actor=actor)[0]


@transaction.atomic
def store_review(facts: ReviewFacts, *, actor: Actor) -> tuple[Review, str]:
    """Keep a review; with it `added`, `changed` or `unchanged`. An order that is not known is kept as told.

    One with the platform's number that was told otherwise before is changed: customers may change a review once. A bad
    one that is still to be answered gets a time; what listens to the event opens its ticket.
    """
    check(actor, "review.add")
    now = clock.now()
    given = _checked(facts, now)
    known = Review.objects.select_for_update().filter(key=facts.key).first()
    if known is not None:
        return _changed(known, given, actor, now)
    order, product = _bought(facts)
    erased = order is not None and Erasure.objects.filter(person=order.person_id).exists()
    review = Review(
        ref=new_ref("V"), key=facts.key, platform=facts.platform, external_id=facts.external_id, added_at=now,
        order=order, person=order.person if order else None, product=product, order_number=facts.order_number[:64],
        goods=facts.goods[:200] or (product.title[:200] if product else ""), nick="" if erased else facts.nick[:80], **given,
    )  # fmt: skip
    if facts.reply:
        review.state, review.settled_at = _S.ANSWERED, facts.replied_at or now
    elif review.at < now - OLD:
        review.state, review.settled_at = _S.PASSED, now
        review.passed_code, review.passed_params = Review.Passed.OLD, {"days": OLD.days}
    review.reply_due_at = _due(review, now)
    review.save()
    if facts.reply:
        replied = facts.replied_at or now
        ReviewReply.objects.create(review=review, text=facts.reply[:500], at=replied, published_at=replied)
    _set_clock(review, now)
    _record("review.added", review, actor, now)
    return review, "added"


def _checked(facts: ReviewFacts, now: dt.datetime) -> dict[str, Any]:
    """What a review says, as it is kept. Raises `BadInput`."""
    if facts.platform not in Review.Platform.values:
        raise BadInput(_("Choose the platform."), field="platform", code="platform_unknown")
    if not 1 <= facts.stars <= 5:
        raise BadInput(_("A review has 1 to 5 stars."), field="stars", code="stars_range")
    if facts.at > now + dt.timedelta(minutes=5):
        raise BadInput(_("This time lies in the future."), field="at", code="future")
    text = kept_text(facts.text, field="text", longest=LONGEST, required=False)
    words = [word for found in complaints_in(text).values() for word in found]
    return {
        "stars": facts.stars,
        "text": text,
        "at": facts.at,
        "photos": facts.photos,
        "complaints": words,
        "is_bad": facts.stars < CONTENT_FROM or bool(words),
    }


def _changed(review: Review, given: dict[str, Any], actor: Actor, now: dt.datetime) -> tuple[Review, str]:
    told = [name for name in ("stars", "text", "photos") if getattr(review, name) != given[name]]
    if not told:
        return review, "unchanged"
    for name in (*told, "complaints", "is_bad"):
        setattr(review, name, given[name])
    fields = [*told, "complaints", "is_bad"]
    if not review.is_settled:
        review.reply_due_at = (review.reply_due_at or _due(review, now)) if review.is_bad else None
        fields.append("reply_due_at")
    review.save(update_fields=fields)
    _set_clock(review, now)
    _record("review.changed", review, actor, now)
    return review, "changed"


def _bought(facts: ReviewFacts) -> tuple[Order | None, Any]:
    """The order and the product, where the archive knows them surely: of two orders with one number it takes none."""
    orders = list(Order.objects.select_related("person", "shop").filter(number=facts.order_number)[:2])
    order = orders[0] if facts.order_number and len(orders) == 1 else None
    sku = Sku.objects.select_related("product").filter(code=facts.sku).first() if facts.sku else None
    if sku is None and order is not None:
        lines = list(order.lines.select_related("sku__product").exclude(sku=None)[:2])
        sku = lines[0].sku if len(lines) == 1 else None
    return order, sku.product if sku else None


def _due(review: Review, now: dt.datetime) -> dt.datetime | None:
    """By when a bad review is answered: the hours of its shop from the time it came in."""
    if not review.is_bad or review.is_settled:
        return None
    shop = review.order.shop if review.order else Shop.objects.filter(platform=review.platform).first() or Shop()
    return now + dt.timedelta(hours=shop.review_reply_hours) if shop.review_reply_hours else None


def _set_clock(review: Review, now: dt.datetime) -> None:
    if review.reply_due_at is None or review.is_settled:
        timers.cancel(REPLY_TIMER, on=review)
    elif review.reply_due_at > now:
        timers.set_timer(REPLY_TIMER, on=review, due_at=review.reply_due_at, at=now)


def _record(name: str, review: Review, actor: Actor, now: dt.datetime) -> None:
    opens = review.is_bad and not review.is_settled
    record(name, on=review, actor=actor, at=now, platform=review.platform, stars=review.stars, bad=opens)
