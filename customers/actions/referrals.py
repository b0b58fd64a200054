"""Write down who recommended the shop, as the new customer said it. The thanks are a care plan's. Called by the desk."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.actions.words import kept_text
from customers.gather.obstacles import agreed
from customers.models import ContactPoint, Person, Purpose, Referral
from customers.queries import PersonQuerySet

_FURTHEST = 50  # steps of a chain that are looked at for a circle
_TRIES = 5


class NobodyOfThatNumber(BadInput):
    code = "referral_unknown"
    sentence = _("No customer has the number %(ref)s. It stands at the top of a customer's page, such as P-7K2MQX94D.")


class ReferralByThemselves(BadInput):
    code = "referral_self"
    sentence = _(
        "That is the same person, or somebody with the same phone or e-mail address. Nobody recommends themselves."
    )


class ReferralInCircle(BadInput):
    code = "referral_circle"
    sentence = _(
        "%(ref)s came themselves because this customer had recommended us. It cannot be the other way round too."
    )


class RecommenderNotAgreed(Conflict):
    code = "referral_no_consent"
    sentence = _("%(ref)s has not agreed to greetings and thanks, so nothing is written down about whom they recommended us"
                 " to. Ask them first.")  # fmt: skip


class ReferralKnown(Conflict):
    code = "referral_known"
    sentence = _("It is written down already that %(ref)s recommended us to this customer. Take that back first.")


def _people(person_id: int, by_ref: str, actor: Actor) -> tuple[Person, Person | None]:
    """The new customer and who has that number, locked with who stands at the beginning of that one's chain.

    A circle closes where the new customer is the beginning of the chain they would join. Of edges that would close one
    together, each holds the beginning that the other changes: the second waits, and finds the first. All are locked in
    one order; where the beginning has moved meanwhile the locks are let go and taken anew.
    """
    everybody = Person.objects.visible_to(actor)
    for _try in range(_TRIES):
        try:
            with transaction.atomic():
                by = everybody.called(by_ref)
                found = _locked(everybody, {person_id} if by is None else {person_id, by.pk})
                break
        except _Moved:
            continue
    else:
        raise Conflict
    if person_id not in found:
        raise NotFound
    check(actor, "referral.note")
    return found[person_id], found.get(by.pk) if by is not None else None


class _Moved(Exception):
    """Somebody was recommended while we waited: another one stands at the beginning now."""


def _locked(everybody: PersonQuerySet, ids: set[int]) -> dict[int, Person]:
    beginnings = {_chain(pk)[-1] for pk in ids}
    list(Person.objects.select_for_update().filter(pk__in=ids | beginnings).order_by("pk").values_list("pk"))
    if not {_chain(pk)[-1] for pk in ids} <= ids | beginnings:
        raise _Moved
    return {each.pk: each for each in everybody.filter(pk__in=ids)}


def _chain(person_id: int) -> list[int]:
    """Somebody, who recommended us to them, who to those, and so on."""
    chain: list[int] = [person_id]
    while len(chain) <= _FURTHEST:
        by = Referral.objects.filter(person=chain[-1]).values_list("by_id", flat=True).first()
        if by is None:
            break
        chain.append(by)
    return chain


@transaction.atomic
def note_referral(person_id: int, *, by_ref: str, how: str, source: str, actor: Actor) -> Referral:
    """Written down once for each new customer; the same again changes nothing.

    It takes the consent of both: the new customer says it, and the recommender has agreed to greetings and thanks.
    Raises `NobodyOfThatNumber`, `ReferralByThemselves`, `ReferralInCircle`, `ReferralKnown`, `RecommenderNotAgreed`.
    """
    person, by = _people(person_id, by_ref.strip().upper(), actor)
    if by is None:
        raise NobodyOfThatNumber(field="by_ref", ref=by_ref.strip()[:20])
    known = Referral.objects.filter(person=person).select_related("by").first()
    kept = kept_text(source, field="source", longest=300)
    if known is not None:
        if (known.by_id, known.how, known.source) == (by.pk, how, kept):
            return known
        raise ReferralKnown(ref=known.by.ref)
    if how not in Referral.How.values:
        raise BadInput(_("Choose how we know of it."), field="how", code="no_how")
    if _are_one(person, by):
        raise ReferralByThemselves(field="by_ref")
    if came_through(by, person):
        raise ReferralInCircle(field="by_ref", ref=by.ref)
    if not agreed([by.pk], Purpose.OCCASIONS):
        raise RecommenderNotAgreed(ref=by.ref)
    at = clock.now()
    referral = Referral.objects.create(
        person=person, by=by, how=how, source=kept, on=clock.shop_date(at),
        noted_by_id=actor.id if actor.kind == "staff" else None,
    )  # fmt: skip
    record("referral.noted", on=person, actor=actor, at=at, referral=referral.pk, by=by.ref, how=how)
    return referral


@transaction.atomic
def take_back_referral(person_id: int, *, actor: Actor) -> None:
    """It was a mistake, or the customer does not want it kept; thanks that are planned are not sent. None is nothing to do."""
    person, _nobody = _people(person_id, "", actor)
    known = Referral.objects.filter(person=person).select_related("by").first()
    if known is not None:
        record("referral.taken_back", on=person, actor=actor, referral=known.pk, by=known.by.ref)
        known.delete()


def _are_one(person: Person, other: Person) -> bool:
    """The same row, or two that are reached the same way."""
    ways = ContactPoint.objects.filter(person=person).values("value")
    return person.pk == other.pk or ContactPoint.objects.filter(person=other, value__in=ways).exists()


def came_through(person: Person, other: Person) -> bool:
    """Whether a chain of recommendations leads from `other` to `person`. One too long to be looked at counts as one."""
    chain = _chain(person.pk)
    return other.pk in chain[1:] or len(chain) > _FURTHEST
