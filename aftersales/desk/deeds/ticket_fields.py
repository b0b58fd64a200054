"""Fill in the shop's own fields: a form made of what a manager has added for this kind of ticket."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from aftersales.desk.deeds.subjects import TicketDeed
from aftersales.kernel.actor import Actor
from tickets.actions import fields
from tickets.models import Ticket, TicketField

K = TicketField.Kind


class FillingIn(TicketDeed):
    noun, verb, icon = "fields", "ticket.change", "edit"
    label = pgettext_lazy("deed", "Fill in…")
    done = _("Filled in.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in fields.fields_of(self.target):
            self.fields[each.key] = _field(each, self.target.custom.get(each.key))

    @classmethod
    def asks(cls) -> bool:
        return True

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.status != Ticket.Status.CLOSED

    def act(self) -> object:
        return fields.fill_in(self.target.pk, self.cleaned_data, actor=self.actor)


def _field(each: TicketField, value: Any) -> forms.Field:
    """What is typed is read by the action, which says at its field what is wrong."""
    field: forms.Field
    if each.kind in (K.CHOICE, K.YES_NO):
        yes_no = [("yes", pgettext("answer", "yes")), ("no", pgettext("answer", "no"))]
        options = each.options() if each.kind == K.CHOICE else yes_no
        field = forms.ChoiceField(choices=[("", "–"), *options])
        value = {True: "yes", False: "no"}.get(value, value)
    elif each.kind == K.DATE:
        field = forms.CharField(widget=forms.DateInput({"type": "date"}), max_length=10)
    elif each.kind == K.NUMBER:
        field = forms.CharField(widget=forms.TextInput({"inputmode": "decimal"}), max_length=40)
    else:
        field = forms.CharField(max_length=fields.LONGEST)
    field.label, field.required, field.initial = str(each), False, value
    if each.required_to_close:
        field.help_text = _("Needed before the ticket is closed.")
    return field
