"""Run the steps that came with a message, in its transaction: each is one of the house's actions, done as its author."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict, Refusal
from aftersales.ledger.record import record
from tickets.actions.phrases.steps import in_words, kind_of
from tickets.models import Phrase, Ticket


class WroteMeanwhile(Conflict):
    """What puts a ticket away waits until somebody has read what the customer has written."""

    code = "wrote_meanwhile"
    sentence = _("The customer wrote before the reply had gone out. Read that first.")


def follow(
    ticket: Ticket, *, phrase: str, steps: Sequence[Sequence[str]], actor: Actor, at: dt.datetime, unread: bool = False
) -> None:
    """Count the phrase and do its steps in order. One that is refused is told on the ticket and stops nothing else.

    In the caller's transaction, with the ticket locked. A kind of step that no longer exists is refused like any other.
    `unread`: the customer has written what the author had not read.
    """
    if phrase:
        Phrase.objects.filter(key=phrase).update(uses=F("uses") + 1, used_at=at)
    for name, value in steps:
        kind = kind_of(name)
        try:
            if kind is None:
                raise Refusal(code="unknown_step")
            if unread and kind.rests:
                raise WroteMeanwhile
            with transaction.atomic():
                kind.run(ticket, value, actor, at)
        except Refusal as refusal:
            record("ticket.step_refused", on=ticket, actor=actor, at=at, step=in_words((name, value)), why=str(refusal))
