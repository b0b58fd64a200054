"""What staff write into the archive: notes on an order, promises made, kept and broken."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.desk.deeds.subjects import OrderDeed, PromiseDeed
from aftersales.kernel.clock import end_of_shop_day
from customers.actions import notes, promises
from customers.policy import DAYS, MOST_DAYS, PAYER, PAYERS, TERMS
from returns.rules import facts


class OrderNote(OrderDeed):
    noun, verb, icon = "note", "order.note", "note"
    label = pgettext_lazy("deed", "Write a note")
    done = _("Noted.")
    explains = _("For colleagues; customers never see it. Write facts, not opinions about people.")

    text = forms.CharField(label=_("Note"), max_length=notes.LONGEST, widget=forms.Textarea(attrs={"rows": 4}))

    def act(self) -> object:
        return notes.note_order(self.target.pk, text=self.cleaned_data["text"], actor=self.actor)


class PromiseMade(OrderDeed):
    noun, verb, icon = "promise", "promise.make", "calendar"
    label = pgettext_lazy("deed", "Make a promise")
    done = _("Written down. Somebody will be reminded when it is due.")
    explains = _("What was promised to the customer beyond the rules. A promise binds the shop: what is ticked below goes"
                 " into every verdict on this order from now on.")  # fmt: skip

    text = forms.CharField(label=_("What was promised"), max_length=promises.LONGEST)
    due_on = forms.DateField(
        label=_("By the end of"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One field for each term the rules read, in the words of their own list of facts."""
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

    def act(self) -> object:
        return promises.make_promise(
            self.target.person_id,
            text=self.cleaned_data["text"],
            order_id=self.target.pk,
            due_at=self._due_at(),
            terms=self._terms(),
            actor=self.actor,
        )

    def _terms(self) -> dict[str, Any]:
        """What was filled in; an agreement on nothing is none."""
        given = {name: self.cleaned_data[name] for name in TERMS}
        return {name: value for name, value in given.items() if value and value != "none"}

    def _due_at(self) -> dt.datetime | None:
        """24:00 of the chosen day where the shop is."""
        day = self.cleaned_data["due_on"]
        return end_of_shop_day(day) if day else None


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
    warning = _("A broken promise stays on record.")

    def act(self) -> object:
        return promises.break_promise(self.target.pk, actor=self.actor)
