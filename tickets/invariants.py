"""What must hold of tickets and of what came in for them. Looked at every hour by the self-check."""

from __future__ import annotations

import datetime as dt

from django.db.models import CharField, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from aftersales.ledger.models import Event, Inbox, Timer
from aftersales.ledger.selfcheck import LOOK_BACK, Broken, must_hold
from tickets.models import Arrival, Ticket

UNREAD_OVER = dt.timedelta(minutes=10)


@must_hold(
    "I5",
    _("A ticket is closed or open as its last closing or reopening says."),
    _("Open the ticket and close or reopen it, so that its history says how it stands."),
)
def otherwise_than_told(now: dt.datetime) -> Broken:
    told = Event.objects.filter(name__in=("ticket.closed", "ticket.reopened"), subject_type="tickets.ticket")
    lately = Ticket.objects.filter(pk__in=told.filter(at__gt=now - LOOK_BACK).values("subject_id"))
    of_it = told.filter(subject_id=OuterRef("pk")).order_by("-pk")
    last = lately.annotate(last=Subquery(of_it.values("name")[:1]))
    closed = Q(status=Ticket.Status.CLOSED)
    wrong = (Q(last="ticket.reopened") & closed) | (Q(last="ticket.closed") & ~closed)
    return [last.filter(wrong).order_by("pk")]


@must_hold(
    "I9",
    _("Every message that came in is on a ticket, or waits where somebody sees it."),
    _("Open the messages to be placed on the desk and place it by hand."),
)
def unread(now: dt.datetime) -> Broken:
    """One that is being placed has a timer; an envelope of a chat tool or an SMS carrier has its message."""
    waits = Timer.objects.filter(
        subject_type="tickets.arrival", subject_id=OuterRef("pk"), status__in=(Timer.Status.PENDING, *Timer.STUCK)
    )
    lost = Arrival.objects.filter(state=Arrival.State.RECEIVED, kept_at__lt=now - UNREAD_OVER).exclude(Exists(waits))
    kept = Arrival.objects.annotate(envelope=Concat(Value("chat:"), "chat__key", output_field=CharField())).filter(
        envelope=OuterRef("source"), external_id=OuterRef("external_id")
    )
    texts = Arrival.objects.filter(channel=Arrival.Channel.SMS, external_id=OuterRef("external_id"))
    lately = Inbox.objects.filter(received_at__gt=now - LOOK_BACK).order_by("pk")
    chats, replies = lately.filter(source__startswith="chat:"), lately.filter(source="sms")
    return [lost.order_by("pk"), chats.exclude(Exists(kept)), replies.exclude(Exists(texts))]
