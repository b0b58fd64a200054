"""Customers whom one keeps, as far as the deeds of the desk need them: a gift, a recommendation, words to be quoted."""

from __future__ import annotations

from aftersales.kernel.money import Money
from customers.actions.consents import give_consent
from customers.actions.gifts import give_gift
from customers.actions.referrals import note_referral
from customers.actions.testimonials import keep_testimonial
from customers.models import Gift, Person, Testimonial
from tests.world import a_person, staff


def a_gift(minor: int = 3_000) -> Gift:
    """Approved by itself; above the limit of an agent it waits for a lead."""
    said = {"what": "A tin of tea", "why": "Waited three weeks and stayed kind"}
    return give_gift(a_person().pk, cost=Money(minor), way="parcel", actor=staff(), **said)


def a_large_gift() -> Gift:
    return a_gift(900_000)


def somebody_else() -> Person:
    """Who agrees to greetings and thanks."""
    person = a_person("周伟", "+8613800000002", "zhou.wei@example.org")
    give_consent(person.pk, purpose="occasions", proof="chat", actor=staff())
    return person


def recommended() -> Person:
    person = a_person()
    note_referral(person.pk, by_ref=somebody_else().ref, how="word", source="Chat", actor=staff())
    return person


def agrees_to_quoting() -> Person:
    person = a_person()
    give_consent(person.pk, purpose="quoted", proof="chat", actor=staff())
    return person


def words() -> Testimonial:
    said = {"text": "Like new after three years", "shown_as": "Lin, Hangzhou", "source": "Chat"}
    return keep_testimonial(agrees_to_quoting().pk, actor=staff(), **said)
