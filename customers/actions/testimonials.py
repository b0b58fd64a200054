"""Keep the words of a customer who agreed to being quoted, publish them, and end them at once. Called by the desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from customers.actions.reviews.known import known_of_person
from customers.actions.reviews.refusals import PrivateReply
from customers.actions.words import kept_text
from customers.gather.obstacles import agreed
from customers.models import Person, Purpose, Testimonial
from customers.reviewing import Kind, Known, look_over

State = Testimonial.State
_NAMED = frozenset({Kind.NAME})  # what stands under the words: a name and a city as the customer wants them
_STANDS = frozenset({Kind.LINK, Kind.NUMBER, Kind.CHAT})  # what says where they stand: a page, an account of the shop's


class QuotingNotAgreed(Conflict):
    code = "testimonial_no_consent"
    sentence = _(
        "The customer has not agreed to being quoted. Ask them, and write the consent down with its proof first."
    )


class TestimonialEnded(Conflict):
    code = "testimonial_ended"
    sentence = _("These words are not to be used any more. If the customer agrees again, write them down anew.")


@transaction.atomic
def keep_testimonial(person_id: int, *, text: str, shown_as: str, source: str, actor: Actor) -> Testimonial:
    """The words as they were said. The same again changes nothing.

    Raises `QuotingNotAgreed`, `DoneOtherwise` where they stand under another name or from another source, and
    `PrivateReply` where the words, or what they are signed with, hold what must not be public.
    """
    person: Person | None = Person.objects.visible_to(actor).select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    check(actor, "testimonial.keep")
    words = kept_text(text, field="text", longest=1000)
    known = Testimonial.objects.filter(person=person, text=words).exclude(state=State.ENDED).first()
    named, whence = kept_text(shown_as, field="shown_as", longest=60), kept_text(source, field="source", longest=300)
    if known is not None:
        if (known.shown_as, known.source) != (named, whence):
            raise DoneOtherwise("testimonial.kept", on=person, testimonial=known.pk)
        return known
    _must_agree(person.pk)
    held = known_of_person(person)
    _must_be_public(words, held, field="text")
    _must_be_public(named, replace(held, places=()), field="shown_as", allowed=_NAMED)
    at = clock.now()
    testimonial = Testimonial.objects.create(
        person=person, text=words, shown_as=named, given_at=at, source=whence,
        noted_by_id=actor.id if actor.kind == "staff" else None,
    )  # fmt: skip
    record("testimonial.kept", on=person, actor=actor, at=at, testimonial=testimonial.pk)
    return testimonial


@transaction.atomic
def publish_testimonial(testimonial_id: int, *, place: str, actor: Actor) -> Testimonial:
    """It stands there now. The consent is asked for again. The same again changes nothing.

    Raises `PrivateReply`, and `DoneOtherwise` where it stands in another place.
    """
    testimonial = _locked(testimonial_id, actor, "testimonial.publish")
    stands = kept_text(place, field="place", longest=200)
    if testimonial.state == State.PUBLISHED:
        if testimonial.place != stands:
            raise DoneOtherwise("testimonial.published", on=testimonial.person, testimonial=testimonial.pk)
        return testimonial
    if testimonial.state == State.ENDED:
        raise TestimonialEnded
    _must_agree(testimonial.person_id)
    _must_be_public(stands, known_of_person(testimonial.person), field="place", allowed=_STANDS)
    testimonial.place, testimonial.published_at = stands, clock.now()
    testimonial.state = State.PUBLISHED
    testimonial.save(update_fields=["place", "published_at", "state"])
    told = {"testimonial": testimonial.pk, "place": testimonial.place}
    record("testimonial.published", on=testimonial.person, actor=actor, at=testimonial.published_at, **told)
    return testimonial


@transaction.atomic
def end_testimonial(testimonial_id: int, *, actor: Actor) -> Testimonial:
    """Not to be used any more. Ending twice changes nothing."""
    testimonial = _locked(testimonial_id, actor, "testimonial.keep")
    if testimonial.state != State.ENDED:
        _end(testimonial, actor, clock.now())
    return testimonial


def stop_quoting(person: Person, purpose: Purpose, *, at: dt.datetime) -> None:
    """In the transaction of a withdrawal: none of their words may be used from now on, and none is kept.

    By whom and where they stand published stays, so that they are found and taken down there.
    """
    if purpose == Purpose.QUOTED:
        theirs = Testimonial.objects.filter(person=person).exclude(state=State.ENDED).select_related("person")
        for testimonial in theirs.select_for_update(of=("self",)).order_by("pk"):
            _end(testimonial, SYSTEM, at)
        Testimonial.objects.filter(person=person).exclude(text="").update(text="")


def _locked(testimonial_id: int, actor: Actor, verb: str) -> Testimonial:
    seen = Testimonial.objects.visible_to(actor).select_for_update(of=("self",)).select_related("person")
    testimonial: Testimonial | None = seen.filter(pk=testimonial_id).first()
    if testimonial is None:
        raise NotFound
    check(actor, verb)
    return testimonial


def _must_agree(person_id: int) -> None:
    if not agreed([person_id], Purpose.QUOTED):
        raise QuotingNotAgreed


def _must_be_public(text: str, known: Known, *, field: str, allowed: frozenset[Kind] = frozenset()) -> None:
    if findings := [found for found in look_over(text, known) if found.kind not in allowed]:
        raise PrivateReply(findings, field=field)


def _end(testimonial: Testimonial, actor: Actor, at: dt.datetime) -> None:
    testimonial.state, testimonial.ended_at = State.ENDED, at
    testimonial.save(update_fields=["state", "ended_at"])
    told = {"testimonial": testimonial.pk, "place": testimonial.place}
    record("testimonial.ended", on=testimonial.person, actor=actor, at=at, **told)
