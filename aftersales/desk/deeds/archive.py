"""What staff write into the archive: notes on an order."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.subjects import OrderDeed
from customers.actions import notes


class OrderNote(OrderDeed):
    noun, verb, icon = "note", "order.note", "note"
    label = pgettext_lazy("deed", "Write a note")
    done = _("Noted.")
    explains = _("For colleagues; customers never see it. Write facts, not opinions about people.")

    text = forms.CharField(label=_("Note"), max_length=notes.LONGEST, widget=forms.Textarea(attrs={"rows": 4}))

    def act(self) -> object:
        return notes.note_order(self.target.pk, text=self.cleaned_data["text"], actor=self.actor)
