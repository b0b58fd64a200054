"""Promises: made on an order, on a ticket or in a call; kept, or said not to be kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.desk.deeds.subjects import OrderDeed, PersonDeed, PromiseDeed, TicketDeed
from aftersales.kernel import clock
from aftersales.kernel.days import DayField
from customers.actions import promises
from customers.models import Promise
from customers.policy import DAYS, MOST_DAYS, PAYER, PAYERS, TERMS
from returns.rules import facts
from tickets.actions.promises import promise_on_ticket
from tickets.models import Ticket


class Saying(forms.Form):
    """What is promised and by when: the fields every promise has."""

    text = forms.CharField(label=_("What was promised"), max_length=promises.LONGEST)
    due_on = DayField(label=_("By which day"))
    due_time = forms.TimeField(
        label=_("At what time"), required=False, help_text=_("Empty: by the end of the day."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip

    def due_at(self) -> dt.datetime | None:
        """The minute that was typed where the shop is; without one 24:00 of that day."""
        day, time = self.cleaned_data["due_on"], self.cleaned_data["due_time"]
        if not day:
            return None
        if time is None:
            return clock.end_of_shop_day(day)
        return dt.datetime.combine(day, time, clock.shop_zone()).astimezone(dt.UTC)


class WithTerms(Saying):
    """Also what the rules read of it: one field for each term, in the words of their own list of facts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        locale, known = get_language() or "zh", facts.vocabulary()
        for name, said in TERMS.items():
            words: dict[str, Any] = {
                "label": known[name].label(locale), "help_text": known[name].help(locale), "required": False,
            }  # fmt: skip
            if said == DAYS:
                self.fields[name] = forms.IntegerField(min_value=0, max_value=MOST_DAYS, **words)
            elif said == PAYER:
                payers = [(payer, known[name].value_label(payer, locale)) for payer in ("none", *PAYERS)]
                self.fields[name] = forms.ChoiceField(choices=payers, **words)
            else:
                self.fields[name] = forms.BooleanField(**words)

    def terms(self) -> dict[str, Any]:
        """What was filled in; an agreement on nothing is none."""
        given = {name: self.cleaned_data[name] for name in TERMS}
        return {name: value for name, value in given.items() if value and value != "none"}


class OnOrder(WithTerms, OrderDeed):
    noun, verb, icon = "promise", "promise.make", "calendar"
    label = pgettext_lazy("deed", "Make a promise")
    done = _("Written down. Somebody will be reminded when it is due.")
    explains = _("What was promised to the customer beyond the rules. A promise binds the shop: what is ticked below goes"
                 " into every verdict on this order from now on.")  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Terms may be promised without a day."""
        super().__init__(*args, **kwargs)
        self.fields["due_on"].required = False

    def act(self) -> object:
        return promises.make_promise(
            self.target.person_id,
            text=self.cleaned_data["text"],
            order_id=self.target.pk,
            due_at=self.due_at(),
            terms=self.terms(),
            actor=self.actor,
        )


class OnTicket(Saying, TicketDeed):
    noun, verb, icon = "promise", "promise.make", "calendar"
    label = pgettext_lazy("deed", "Make a promise…")
    done = _("Written down. You are reminded before it is due.")
    explains = _("Say what the customer can count on. While it is open the ticket is not closed without a reason; once"
                 " broken, it opens the ticket again and the lead is told.")  # fmt: skip

    @classmethod
    def is_open(cls, target: Ticket, actor: object) -> bool:
        return target.status != Ticket.Status.CLOSED

    def act(self) -> object:
        due_at = self.due_at()
        assert due_at is not None  # the day is required here
        return promise_on_ticket(self.target.pk, text=self.cleaned_data["text"], due_at=due_at, actor=self.actor)


class InCall(Saying, PersonDeed):
    noun, verb, icon = "promise", "promise.make", "calendar"
    label = pgettext_lazy("deed", "Promised in a call…")
    done = _("Written down. You are reminded before it is due.")
    explains = _("What you said on the phone. If it is not kept in time, a ticket is opened and the lead is told.")

    def act(self) -> object:
        return promises.make_promise(
            self.target.pk, text=self.cleaned_data["text"], due_at=self.due_at(), actor=self.actor,
            made_in=Promise.Place.CALL,
        )  # fmt: skip


class PromiseKept(PromiseDeed):
    noun, verb, icon = "keeping", "promise.settle", "check"
    label = pgettext_lazy("deed", "Kept")
    done = _("Kept.")

    def act(self) -> object:
        return promises.keep_promise(self.target.pk, actor=self.actor)


class PromiseBroken(PromiseDeed):
    noun, verb, icon, tone = "breaking", "promise.settle", "cross", "danger"
    label = pgettext_lazy("deed", "Cannot be kept…")
    done = _("Written down as broken. Tell the customer before they find out.")
    warning = _("A broken promise stays on record. Its ticket opens again and the lead is told.")

    def act(self) -> object:
        return promises.break_promise(self.target.pk, actor=self.actor)
