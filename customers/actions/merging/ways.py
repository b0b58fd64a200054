"""How each kind of row goes over from one entry to the other; the strictest word of the two wins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from aftersales.kernel.actor import Actor
from aftersales.ledger import timers
from aftersales.ledger.record import record
from aftersales.notices.models import Preference
from customers.actions.care.planning import SEND
from customers.actions.consents import LONGEST, withdraw
from customers.actions.referrals import came_through
from customers.gather import belongings
from customers.gather.said import ending, refusers, standing_of
from customers.models import (
    Birthday,
    CareMessage,
    Consent,
    ContactPoint,
    Membership,
    Person,
    Purpose,
    Referral,
    Score,
    Standing,
)

_PERSON = "customers.person"


@dataclass(frozen=True, slots=True)
class Merge:
    """`source` goes on in `into`."""

    source: Person
    into: Person
    actor: Actor
    at: dt.datetime


Way = Callable[[Merge], int]


def move(merge: Merge) -> int:
    """Everything, in the caller's transaction with both locked. Returns how many rows went over."""
    return sum(way(merge) for way in (*WAYS.values(), *NAMED.values())) + sum(
        _plain(merge, column) for column in belongings.plain()
    )


def _plain(merge: Merge, column: str) -> int:
    model, name = belongings.model_of(column)
    return model._base_manager.filter(**{name: merge.source}).update(**{name: merge.into})


def _named(column: str) -> Way:
    model, prefix = belongings.model_of(column)

    def way(merge: Merge) -> int:
        rows = model._base_manager.filter(**{f"{prefix}_type": _PERSON, f"{prefix}_id": merge.source.pk})
        return rows.update(**{f"{prefix}_id": merge.into.pk})

    return way


def _consents(merge: Merge) -> int:
    """A no of either ends the yes of the other, whenever it was said; of two that stand the older one goes on."""
    source, into = merge.source, merge.into
    for purpose in ending(source, into):
        for yes, no in ((source, into), (into, source)):
            if refusers([no.pk], purpose):
                withdraw(yes, [purpose], proof=_written("merged_no", no), actor=merge.actor, at=merge.at)
    for purpose in Purpose:
        both = sorted(standing_of([source.pk, into.pk], purpose), key=lambda each: (each.given_at, each.pk))
        for younger in both[1:]:
            other = source if younger.person_id == into.pk else into
            younger.withdrawn_at, younger.withdrawal = merge.at, _written("merged_yes", other)
            younger.save(update_fields=["withdrawn_at", "withdrawal"])
    return Consent.objects.filter(person=source).update(person=into)


def _written(what: str, other: Person) -> str:
    """The proof of what a merge ends, in the shop's own language, as staff write it."""
    with translation.override("zh-hans"):
        words = {
            "merged_no": gettext("Merged with %(ref)s, where the customer had said no"),
            "merged_yes": gettext("Merged with %(ref)s, where an older consent stands"),
        }
        return (words[what] % {"ref": other.ref})[:LONGEST]


def _contacts(merge: Merge) -> int:
    """What both have is one, confirmed since the earlier day."""
    known = {(each.kind, each.value): each for each in ContactPoint.objects.filter(person=merge.into)}
    for point in ContactPoint.objects.filter(person=merge.source):
        twin = known.get((point.kind, point.value))
        if twin is None:
            continue
        confirmed = min(filter(None, (point.verified_at, twin.verified_at)), default=None)
        if confirmed != twin.verified_at:
            twin.verified_at = confirmed
            twin.save(update_fields=["verified_at"])
        point.delete()
    return ContactPoint.objects.filter(person=merge.source).update(person=merge.into)


def _care(merge: Merge) -> int:
    """One message for one occasion: what is planned gives way to what was decided, and is not planned twice."""
    _thanks_for_the_new_customer(merge)
    known = {(each.plan_id, each.key): each for each in CareMessage.objects.filter(person=merge.into)}
    moved = 0
    for message in CareMessage.objects.filter(person=merge.source).order_by("pk"):
        twin = known.get((message.plan_id, message.key))
        if twin is not None and not _made_way(message, twin):
            continue
        message.person = merge.into
        message.save(update_fields=["person", "key"])
        moved += 1
    return moved


def _made_way(message: CareMessage, twin: CareMessage) -> bool:
    """Whether `message` may stand beside, or instead of, its twin; else it is gone."""
    if message.state == CareMessage.State.PLANNED:
        _drop(message)
        return False
    if twin.state == CareMessage.State.PLANNED:
        _drop(twin)
    else:
        message.key = f"{message.key}@{message.pk}"  # both were decided: two facts of the past
    return True


def _drop(message: CareMessage) -> None:
    timers.cancel(SEND, on=message)
    message.delete()


def _thanks_for_the_new_customer(merge: Merge) -> None:
    """Thanks to whoever recommended us name the new customer in their key, so that they are said once."""
    old, new = f"referral:{merge.source.pk}", f"referral:{merge.into.pk}"
    for message in CareMessage.objects.filter(key=old).order_by("pk"):
        twin = CareMessage.objects.filter(plan=message.plan_id, person=message.person_id, key=new).first()
        if twin is None:
            message.key = new
        elif not _made_way(message, twin):
            continue
        elif message.key == old:
            message.key = new
        message.save(update_fields=["key"])


def _referral(merge: Merge) -> int:
    """Nobody recommends themselves, nor in a circle; who came once was recommended once."""
    source, into = merge.source, merge.into
    for own in Referral.objects.filter(Q(person=into, by=source) | Q(person=source, by=into)):
        _take_back(own, merge)
    if Referral.objects.filter(person=into).exists():
        for second in Referral.objects.filter(person=source):
            _take_back(second, merge)
    return Referral.objects.filter(person=source).update(person=into)


def _recommender(merge: Merge) -> int:
    moved = Referral.objects.filter(by=merge.source).update(by=merge.into)
    if came_through(merge.into, merge.into):
        for circle in Referral.objects.filter(person=merge.into):
            _take_back(circle, merge)
    return moved


def _take_back(referral: Referral, merge: Merge) -> None:
    told = {"referral": referral.pk, "by": referral.by.ref}
    on = referral.person
    referral.delete()
    record("referral.taken_back", on=on, actor=merge.actor, at=merge.at, **told)


def _birthday(merge: Merge) -> int:
    """A person has one: that of the entry that stays."""
    return _unless_there(Birthday, merge)


def _score(merge: Merge) -> int:
    return _unless_there(Score, merge)  # counted anew each night


def _membership(merge: Merge) -> int:
    return _unless_there(Membership, merge)  # counted anew each night


def _unless_there(model: type[Birthday] | type[Score] | type[Membership], merge: Merge) -> int:
    if model._base_manager.filter(person=merge.into).exists():
        model._base_manager.filter(person=merge.source).delete()
    return model._base_manager.filter(person=merge.source).update(person=merge.into)


def _standing(merge: Merge) -> int:
    """Counted anew each night; until then the figures of the entry that stays."""
    there = Standing.objects.filter(person=merge.into).values_list("currency", flat=True)
    Standing.objects.filter(person=merge.source, currency__in=list(there)).delete()
    return Standing.objects.filter(person=merge.source).update(person=merge.into)


def _preferences(merge: Merge) -> int:
    """A channel that one of the two refuses is refused."""
    of = Preference.objects.filter(recipient_type=_PERSON)
    known = {(each.channel, each.kind): each for each in of.filter(recipient_id=merge.into.pk)}
    for choice in of.filter(recipient_id=merge.source.pk):
        twin = known.get((choice.channel, choice.kind))
        if twin is None:
            continue
        if twin.allowed and not choice.allowed:
            twin.allowed, twin.changed_at = False, choice.changed_at
            twin.save(update_fields=["allowed", "changed_at"])
        choice.delete()
    return of.filter(recipient_id=merge.source.pk).update(recipient_id=merge.into.pk)


# Consents go first: what a no ends is ended where it stands. Columns that point at a person:
WAYS: dict[str, Way] = {
    "customers.Consent.person": _consents,
    "customers.ContactPoint.person": _contacts,
    "customers.CareMessage.person": _care,
    "customers.Referral.person": _referral,
    "customers.Referral.by": _recommender,
    "customers.Birthday.person": _birthday,
    "customers.Standing.person": _standing,
    "customers.Score.person": _score,
    "customers.Membership.person": _membership,
}
# Pairs of columns that may name a person.
NAMED: dict[str, Way] = {
    "notices.Preference.recipient": _preferences,
    "notices.Notice.recipient": _named("notices.Notice.recipient"),
    "notices.Notice.about": _named("notices.Notice.about"),
    "ledger.Timer.subject": _named("ledger.Timer.subject"),
    "ledger.Outbound.subject": _named("ledger.Outbound.subject"),
    "files.Attachment.subject": _named("files.Attachment.subject"),
}
# What stays with the entry it was about, and why.
STAYS: dict[str, str] = {
    "ledger.Event.subject": "what happened is never changed: it stays with the entry in which it happened, which leads on",
    "accounts.Handover.subject": "a secret on its way to a member of staff, about a key or a webhook",
    "customers.Erasure.person": "who was erased is merged with nobody",
    "customers.Person.merged_into": "the pointer itself, which follows in `merge_people`",
}
