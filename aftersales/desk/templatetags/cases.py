"""Words about cases that several desk pages need: a reason, the state of a ticket, who bears a leg."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from aftersales.desk.deeds.deed import Offer
from aftersales.desk.queue import state_of
from aftersales.kernel import policy
from aftersales.kernel.actor import Actor
from aftersales.kernel.reader import labelled
from aftersales.kernel.templatetags.kept import filled
from aftersales.kernel.templatetags.verdicts import legs
from customers.models import Purpose
from returns.models import ReturnLine
from returns.policy import Legs
from returns.rules import facts, reasons
from tickets.models import Ticket

register = template.Library()


@register.filter
def reason_words(code: str) -> str:
    """A reason in the reader's language; a code that was taken out of the list since is shown as it is."""
    known = reasons.reasons().get(code)
    return known.label(get_language() or "zh") if known else code


@register.filter
def terms_words(terms: dict[str, Any]) -> str:
    """What the rules read of a promise; a term that was taken out of the list since is shown as it is."""
    locale, known = get_language() or "zh", facts.vocabulary()
    told = []
    for name, value in terms.items():
        fact = known.get(name)
        label = fact.label(locale) if fact else name
        told.append(label if value is True else labelled(label, fact.value_label(value, locale) if fact else value))
    return " · ".join(told)


@register.filter
def consent_words(purpose: str) -> str:
    """What a customer agreed to; a purpose nobody names here is shown as it is."""
    return str(Purpose(purpose).label) if purpose in Purpose.values else purpose


@register.simple_tag
def ticket_state(ticket: Ticket) -> dict[str, str]:
    """`{% ticket_state ticket as now %}`: `now.value` for the badge's look, `now.words` for what it says."""
    value, words = state_of(ticket)
    return {"value": value, "words": words}


@register.filter
def shared_words(shared: Legs) -> str:
    """One parcel for lines that were judged differently: who bears it (R-100)."""
    verdict = {
        "outbound_leg_payer": shared.outbound,
        "return_leg_payer": shared.back,
        "replacement_leg_payer": shared.replacement,
    }
    told = [labelled(leg.name, leg.payer_words) for leg in legs(verdict) if leg.payer != "not_applicable"]
    return gettext("The lines share one parcel, borne by the weightiest cause. %(legs)s") % {"legs": " · ".join(told)}


@register.filter
def row_subject(ticket: Ticket) -> str:
    """What a row of the queue is about, in the reader's language."""
    return ticket.subject


@register.filter
def row_detail(ticket: Ticket) -> str:
    """The line below: the order, and the customer where the subject does not name them."""
    named = [str(ticket.person)] if ticket.is_titled else []
    return " · ".join([*named, *([ticket.order.number] if ticket.order else [])])


@register.filter
def came_words(line: ReturnLine) -> str:
    """How many of what was asked for came."""
    return gettext("%(came)s of %(asked)s came") % {"came": line.received_quantity, "asked": line.quantity}


@register.filter
def may(actor: Actor, verb: str) -> bool:
    """Whether to offer something; the door asks again."""
    return policy.may(actor, verb)


@register.simple_tag(takes_context=True)
def deed_button(context: Mapping[str, Any], offer: Offer, look: str, back: str) -> SafeString:
    """The button of a deed. `look` are its classes, "" inside a menu; `back` is the address one comes back to.

    What stands on the page and is acted upon goes along: what is `seen` there, or `whose` the ticket is.
    """
    said = context.get(offer.says, "")
    given = {"look": look, "asks": offer.asks, "tone": offer.tone, "icon": offer.icon, "says": offer.says}
    slots = {
        "href": f"{offer.href}?next={quote(back, safe='')}{f'&{offer.says}={said}' if said and offer.asks else ''}",
        "said": said,
        "noun": offer.noun,
        "id": offer.id,
        "label": str(offer.label),
        "csrf_token": context["csrf_token"],
    }
    return filled("desk/offer.html", given, slots)


@register.filter
def equals(one: Any, other: Any) -> bool:
    """Whether two things are the same, as a value to hand to an include."""
    return bool(one == other)


@register.filter
def stars_drawn(stars: int) -> str:
    """`★★☆☆☆`; the words for readers of screens stand beside it."""
    return "★" * stars + "☆" * (5 - stars)
