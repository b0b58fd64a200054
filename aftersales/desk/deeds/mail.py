"""What can be done with an arrival: put it on a ticket, make a ticket of it, put it aside, block its sender; and end a block."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.deed import Deed
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from customers.actions.writers import writer
from tickets.actions.mail import blocking, by_hand
from tickets.actions.mail.keeping import is_given_up
from tickets.models import Arrival, Block


class ArrivalDeed(Deed[Arrival]):
    subject, verb = "mail", "mail.place"
    opens_for: ClassVar[tuple[str, ...]] = (Arrival.State.QUARANTINED, Arrival.State.IGNORED)

    @classmethod
    def find(cls, key: str, actor: Actor) -> Arrival:
        found: Arrival | None = Arrival.objects.visible_to(actor).select_related("suggested").filter(ref=key).first()
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Arrival) -> str:
        return target.ref

    @classmethod
    def back(cls, target: Arrival) -> str:
        return reverse("desk:mail")

    @classmethod
    def is_open(cls, target: Arrival, actor: Actor) -> bool:
        return _waits(target, cls.opens_for) and target.reason != Arrival.Reason.NOT_HANDED_OVER


def _waits(arrival: Arrival, states: tuple[str, ...]) -> bool:
    """For a person: also where the workers gave up on it."""
    return arrival.state in states or is_given_up(arrival)


class Placing(ArrivalDeed):
    noun, icon, tone = "placing", "inbox", "primary"
    label = pgettext_lazy("deed", "Put on a ticket…")
    done = _("Placed. It stands in the conversation of the ticket.")

    ticket = forms.CharField(
        label=_("Ticket"), max_length=20, help_text=_("Its number, T-… or R-…, as its page and every notice shows it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.target.suggested is not None:
            self.fields["ticket"].initial = self.target.suggested.ref

    def cautions(self) -> str | Promise:
        if self.target.suggested is None:
            return ""
        return _("The subject names this ticket, but the sender is not its customer. Read it before you place it.")

    def act(self) -> object:
        return by_hand.place_on(self.target.ref, self.cleaned_data["ticket"], actor=self.actor)


class NewTicket(ArrivalDeed):
    noun, icon = "ticket", "plus"
    label = pgettext_lazy("deed", "Make a ticket of it")
    done = _("A new ticket is made.")

    @classmethod
    def is_open(cls, target: Arrival, actor: Actor) -> bool:
        return super().is_open(target, actor) and bool(target.sender)

    def act(self) -> object:
        placed = by_hand.open_for(self.target.ref, actor=self.actor)
        if placed.reason == Arrival.Reason.THREAD:
            self.said = Placing.done
        return placed


class PuttingAside(ArrivalDeed):
    noun, icon = "putting-aside", "cross"
    label = pgettext_lazy("deed", "Put aside")
    done = _("Put aside. It is found again under that view.")
    opens_for = (Arrival.State.QUARANTINED,)

    @classmethod
    def is_open(cls, target: Arrival, actor: Actor) -> bool:
        return _waits(target, cls.opens_for)

    def act(self) -> object:
        return by_hand.put_aside(self.target.ref, actor=self.actor)


ADDRESS, DOMAIN = "address", "domain"


def whom(sender: str, scope: str) -> str:
    """What is blocked for a mail of this sender."""
    return "@" + sender.rpartition("@")[2] if scope == DOMAIN else sender


class Blocking(ArrivalDeed):
    noun, verb, icon, tone = "blocking", "mail.block", "lock", "danger"
    label = pgettext_lazy("deed", "Block the sender…")
    explains = _(
        "What they send from now on is put aside as it comes in, answers to our mails too, and makes no ticket. "
        "Nothing is deleted; a block can be ended."
    )
    done = _("Blocked. What they send is found under “put aside”.")

    scope = forms.ChoiceField(label=_("Who"), choices=(), widget=forms.RadioSelect, initial=ADDRESS)
    reason = forms.CharField(label=_("Why"), max_length=blocking.LONGEST_REASON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            (ADDRESS, _("only this address: %(address)s") % {"address": self.target.sender_masked}),
            (DOMAIN, _("everybody at %(domain)s") % {"domain": self.target.sender.rpartition("@")[2]}),
        ]

    def cautions(self) -> str | Promise:
        person = writer(self.target.sender)
        return "" if person is None else _("This is the address of a customer: %(name)s.") % {"name": person}

    @classmethod
    def is_open(cls, target: Arrival, actor: Actor) -> bool:
        is_mail = target.channel == Arrival.Channel.EMAIL and bool(target.sender)
        return is_mail and target.state != Arrival.State.RECEIVED and target.reason != Arrival.Reason.BLOCKED

    def act(self) -> object:
        sender = whom(self.target.sender, self.cleaned_data["scope"])
        return blocking.block_sender(sender, reason=self.cleaned_data["reason"], actor=self.actor)


class BlockEnded(Deed[Block]):
    subject, noun, verb, icon = "blocks", "ending", "mail.block", "return"
    label = pgettext_lazy("deed", "End the block")
    done = _("The block is ended. What is put aside stays there.")

    @classmethod
    def find(cls, key: str, actor: Actor) -> Block:
        found = Block.objects.filter(pk=int(key)).first()
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Block) -> str:
        return str(target.pk)

    @classmethod
    def back(cls, target: Block) -> str:
        return reverse("desk:mail-blocks")

    @classmethod
    def is_open(cls, target: Block, actor: Actor) -> bool:
        return target.ended_at is None

    def act(self) -> object:
        return blocking.end_block(self.target.pk, actor=self.actor)
