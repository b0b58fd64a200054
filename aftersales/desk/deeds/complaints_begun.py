"""Open a complaint for a customer: from the case it is about, from an order, or from the customer's page."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.deed import Words
from aftersales.desk.deeds.subjects import OrderDeed, PersonDeed, TicketDeed
from aftersales.desk.forms.complaint import class_choices
from aftersales.kernel.actor import Actor
from customers.models import Order, OrderLine
from tickets.actions.complaints.opening import open_complaint
from tickets.models import Complaint, Ticket


class Begun(forms.Form):
    """What every one of the three asks. The complaint is opened with `whose`, the rest is alike."""

    noun, verb, icon = "complaint", "complaint.open", "flag"
    label: ClassVar[Words] = pgettext_lazy("deed", "Take a complaint…")
    explains: ClassVar[Words] = _("Let them finish. Write down what they say in their words; nothing is decided yet.")
    said: str
    _channels: ClassVar = (("phone", _("phone")), ("chat", _("chat")), ("email", _("e-mail")))

    channel = forms.ChoiceField(label=_("How it reached us"), choices=_channels)
    code = forms.ChoiceField(label=_("What it is about"), choices=class_choices)
    statement = forms.CharField(
        label=_("What the customer says"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def _open(self, **whose: Any) -> Complaint:
        complaint = open_complaint(**self.cleaned_data, **whose, actor=self.actor)  # type: ignore[attr-defined]
        self.said = str(_("Complaint %(ref)s is open. Apologise first.") % {"ref": complaint.ticket.ref})
        return complaint


class OnTicket(Begun, TicketDeed):
    done = _("The complaint is open.")

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.kind != Ticket.Kind.COMPLAINT

    def act(self) -> object:
        return self._open(about_id=self.target.pk)


class OnOrder(Begun, OrderDeed):
    done = _("The complaint is open.")

    line_id = forms.ModelChoiceField(
        label=_("Which article"), queryset=OrderLine.objects.none(), required=False, empty_label=_("the whole order")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, order = self.fields["line_id"], self.target
        assert isinstance(field, forms.ModelChoiceField)
        assert isinstance(order, Order)
        field.queryset = OrderLine.objects.filter(order=order).order_by("id")

    def act(self) -> object:
        line = self.cleaned_data.pop("line_id")
        return self._open(order_id=self.target.pk, line_id=line.pk if line else None)


class OnPerson(Begun, PersonDeed):
    done = _("The complaint is open.")

    def act(self) -> object:
        return self._open(person_id=self.target.pk)
