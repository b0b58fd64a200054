"""Give something as thanks: within one's limit, with consent where an address is used, never for a review. Called by the desk."""

from __future__ import annotations

import datetime as dt
import re

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.money import Money
from aftersales.kernel.policy import check, may
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from customers.actions.words import kept_text
from customers.gather.kin import kin, locked_kin
from customers.gather.obstacles import agreed
from customers.models import Gift, Order, Person, Purpose, Review, Shop

State, Way = Gift.State, Gift.Way
CAP_DAYS = 365
_OF_REVIEWS = re.compile(
    r"好评|差评|中评|追评|改评|评价|评论|五星|5\s?星|满分|晒[图单]|\breviews?\b|\bratings?\b|\b(?:five|5)[ -]?stars?\b",
    re.IGNORECASE,
)


class GiftForReview(BadInput):
    code = "gift_for_review"
    sentence = _("A gift is never given for a review, nor for changing or deleting one. Give it for what the"
                 " customer did or went through, or not at all.")  # fmt: skip


class ReviewUnanswered(Conflict):
    code = "gift_review_open"
    sentence = _("A review of this customer still waits for its public reply; a gift now would look like a reward for"
                 " changing it. Settle the review first.")  # fmt: skip


class GiftTooMany(Conflict):
    code = "gift_cap"
    sentence = _(
        "This customer has had %(most)s gifts within a year; more would embarrass them. A word of thanks costs nothing."
    )


class AddressNotAgreed(Conflict):
    code = "gift_no_consent"
    sentence = _("The customer has not agreed to greetings and thanks, so their address is not used for it. Ask them first,"
                 " or lay it into the next parcel.")  # fmt: skip


class GiftSettled(Conflict):
    code = "gift_settled"
    sentence = _("This gift is %(state)s already. Look at the customer's page for how it stands.")


def gift_limit(person: Person) -> Money:
    """What an agent may give without asking: the goodwill limit of the shop where the person bought last."""
    order = Order.objects.filter(person=person).select_related("shop").order_by("-placed_at", "-pk").first()
    shop = order.shop if order is not None else Shop()
    return Money(shop.goodwill_limit_minor, shop.currency)


@transaction.atomic
def give_gift(person_id: int, *, what: str, why: str, cost: Money, way: str, actor: Actor) -> Gift:
    """Approved at once within the limit or by who may give more; else a lead is asked. The same open gift again is that one.

    Raises `GiftForReview`, `ReviewUnanswered`, `GiftTooMany`, `AddressNotAgreed`, and `DoneOtherwise` where it is open at
    another cost or goes another way.
    """
    if not Person.objects.visible_to(actor).filter(pk=person_id).exists():
        raise NotFound
    check(actor, "gift.give")
    together = locked_kin(person_id)  # one who shares a contact point may be the same: what they got counts, too
    person = next(each for each in together if each.pk == person_id)
    kept, reason = kept_text(what, field="what", longest=200), kept_text(why, field="why", longest=300)
    known = Gift.objects.filter(person=person, what=kept, why=reason, state__in=Gift.OPEN).first()
    if known is not None:
        if (known.cost_minor, known.currency, known.way) != (cost.minor, cost.currency, way):
            raise DoneOtherwise(
                "gift.asked" if known.state == State.ASKED else "gift.approved", on=person, gift=known.pk
            )
        return known
    if way not in Way.values:
        raise BadInput(_("Choose how the gift gets there."), field="way", code="no_way")
    at, limit = clock.now(), gift_limit(person)
    if cost.currency != limit.currency or cost.minor < 0:
        raise BadInput(_("Give the cost in %(currency)s, not below nothing."), field="cost", currency=limit.currency)
    for field, text in (("what", kept), ("why", reason)):
        if _OF_REVIEWS.search(text):
            raise GiftForReview(field=field)
    _no_open_review(person)
    year = Gift.objects.filter(person__in=together, asked_at__gt=at - dt.timedelta(days=CAP_DAYS)).exclude(
        state=State.DROPPED
    )
    if year.count() >= settings.GIFTS_MOST:
        raise GiftTooMany(most=settings.GIFTS_MOST)
    _address_agreed(person, way)
    free = cost.minor <= limit.minor or may(actor, "gift.approve")
    who = actor.id if actor.kind == "staff" else None
    gift = Gift.objects.create(
        person=person, what=kept, why=reason, cost_minor=cost.minor, currency=cost.currency, way=way, asked_at=at,
        asked_by_id=who, state=State.APPROVED if free else State.ASKED, decided_at=at if free else None,
        decided_by_id=who if free else None,
    )  # fmt: skip
    _record("gift.approved" if free else "gift.asked", gift, actor, at)
    return gift


@transaction.atomic
def approve_gift(gift_id: int, *, actor: Actor) -> Gift:
    """A lead says yes to what costs more. Approving twice changes nothing. Raises `GiftSettled`, `ReviewUnanswered`."""
    gift = _locked(gift_id, actor, "gift.approve")
    if gift.state == State.APPROVED:
        return gift
    _must_be(gift, State.ASKED)
    _no_open_review(gift.person)
    at = clock.now()
    gift.state, gift.decided_at, gift.decided_by_id = State.APPROVED, at, actor.id
    gift.save(update_fields=["state", "decided_at", "decided_by"])
    _record("gift.approved", gift, actor, at)
    return gift


@transaction.atomic
def drop_gift(gift_id: int, *, why: str, actor: Actor) -> Gift:
    """Refused by the lead, or thought better of; what is on its way stays so. The same again changes nothing;
    another reason is refused (`DoneOtherwise`)."""
    gift = _locked(gift_id, actor, "gift.give")
    reason = kept_text(why, field="why", longest=200)
    if gift.state == State.DROPPED:
        if gift.dropped_why != reason:
            raise DoneOtherwise("gift.dropped", on=gift.person, gift=gift.pk)
        return gift
    _must_be(gift, *Gift.OPEN)
    _drop(gift, reason, actor, clock.now())
    return gift


@transaction.atomic
def send_gift(gift_id: int, *, actor: Actor) -> Gift:
    """It has left the house. Open reviews and the consent to use the address are asked for again. Sending twice changes
    nothing. Raises `GiftSettled`, `ReviewUnanswered`, `AddressNotAgreed`.
    """
    gift = _locked(gift_id, actor, "gift.give")
    if gift.state == State.SENT:
        return gift
    _must_be(gift, State.APPROVED)
    _no_open_review(gift.person)
    _address_agreed(gift.person, gift.way)
    gift.state, gift.sent_at = State.SENT, clock.now()
    gift.save(update_fields=["state", "sent_at"])
    _record("gift.sent", gift, actor, gift.sent_at)
    return gift


def stop_gifts(person: Person, purpose: Purpose, *, at: dt.datetime) -> None:
    """In the transaction of a withdrawal: nothing more goes to an address that may not be used any more."""
    if purpose == Purpose.OCCASIONS:
        posted = Gift.objects.filter(person=person, way=Way.POST, state__in=Gift.OPEN).select_related("person")
        for gift in posted.select_for_update(of=("self",)).order_by("pk"):  # one that leaves right now stays sent
            _drop(gift, Gift.Dropped.CONSENT.value, SYSTEM, at)


def _locked(gift_id: int, actor: Actor, verb: str) -> Gift:
    gift: Gift | None = (
        Gift.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=gift_id)
        .first()
    )
    if gift is None:
        raise NotFound
    check(actor, verb)
    return gift


def _must_be(gift: Gift, *states: Gift.State) -> None:
    if gift.state not in states:
        raise GiftSettled(state=str(gift.get_state_display()))


def _no_open_review(person: Person) -> None:
    if Review.objects.filter(person__in=kin(person.pk)).to_settle().exists():
        raise ReviewUnanswered


def _address_agreed(person: Person, way: str) -> None:
    if way == Way.POST and not agreed([person.pk], Purpose.OCCASIONS):
        raise AddressNotAgreed


def _drop(gift: Gift, why: str, actor: Actor, at: dt.datetime) -> None:
    gift.state, gift.dropped_why, gift.decided_at = State.DROPPED, why, at
    gift.decided_by_id = actor.id if actor.kind == "staff" else None
    gift.save(update_fields=["state", "dropped_why", "decided_at", "decided_by"])
    _record("gift.dropped", gift, actor, at)


def _record(name: str, gift: Gift, actor: Actor, at: dt.datetime) -> None:
    """What for, and why it was dropped, are words about the customer: they stand in the row alone."""
    told = {"what": gift.what, "cost_minor": gift.cost_minor, "currency": gift.currency}
    record(name, on=gift.person, actor=actor, at=at, gift=gift.pk, **told)
