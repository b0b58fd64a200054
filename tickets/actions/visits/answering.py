"""The customer's own answer, behind the link of a message. Called by the portal.

The link proves that its holder was written to about this one visit, and opens nothing else.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor, Role
from aftersales.kernel.errors import NotFound, Refusal
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.actions.consents import refuse
from customers.models import Purpose
from tickets.actions.visits.guards import lock_series
from tickets.actions.visits.inviting import lifetime_of, ref_of
from tickets.actions.visits.recording import Said, settle
from tickets.models import Visit

Out = Visit.Outcome


class LinkEnded(Refusal):
    """Answered already, or too old, or the visit is over."""

    code, status = "link_ended", 410
    answered = False  # by its holder: they may read thanks
    sentence = _("This link has been used or has run out. Thank you all the same; write to us if something is wrong.")


def visit_behind(token: str, *, at: dt.datetime) -> Visit:
    """The visit of a link that can still be answered. Raises `NotFound` for a link that is none, and `LinkEnded`."""
    ref = ref_of(token)
    visit = Visit.objects.select_related("plan", "person", "order").filter(ref=ref).first() if ref else None
    if visit is None:
        raise NotFound
    if visit.state != Visit.State.INVITED or visit.invited_at is None or at > visit.invited_at + lifetime_of(visit):
        ended = LinkEnded()
        ended.answered = visit.by_customer
        raise ended
    return visit


@transaction.atomic
def answer(token: str, said: Said, *, wants_none: bool = False) -> Visit:
    """Keep the customer's answer; it ends the visit, so the link works once.

    Words in `said.help` ask for help and open a ticket. Raises `LinkEnded`, `NotFound`, `BadInput`.
    """
    at = clock.now()
    found = visit_behind(token, at=at)
    lock_series(found.pk)
    Visit.objects.select_for_update().get(pk=found.pk)
    visit = visit_behind(token, at=at)
    actor = _holder(visit)
    check(actor, "visit.answer")
    outcome = Out.HELP if said.help.strip() else Out.DECLINED if wants_none else Out.CONTENT
    record("visit.answered", on=visit, actor=actor, at=at)
    settle(visit, outcome, said, actor=actor, at=at, by_customer=True)
    if wants_none:
        refuse(visit.person_id, purpose=Purpose.VISITS, proof=visit.ref, actor=SYSTEM)
    return visit


def _holder(visit: Visit) -> Actor:
    """Who holds the link: the customer, as far as this visit's order goes."""
    orders = frozenset({visit.order_id} if visit.order_id else ())
    return Actor(kind="customer", role=Role.CUSTOMER, orders=orders, locale=visit.person.locale)
