"""A ticket that staff open by hand: a call, somebody at the counter, a task. Used by the page of new tickets."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotPermitted, Refusal
from aftersales.kernel.together import asked_beforehand
from aftersales.ledger.once import once
from customers.actions.contacts import canonical
from customers.models import Order, Person
from tickets.actions.by_staff import (
    CHANNELS,
    OPENED_BY_HAND,
    About,
    asked_to_open,
    open_by_staff,
    orders_by_number,
)
from tickets.actions.details import LONGEST_TITLE
from tickets.models import Ticket

_SHOWN = 5  # open tickets of whom it is about


class NewTicketForm(forms.Form):
    """`key` is made with the page: the same page sent twice is one ticket."""

    key = forms.CharField(max_length=32, min_length=16, widget=forms.HiddenInput)
    about = forms.CharField(
        label=_("Customer or order"), required=False, max_length=80,
        help_text=_("Order number, customer’s reference (P-…), phone number or e-mail address. A task may do without."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=[(each.value, each.label) for each in OPENED_BY_HAND])
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    channel = forms.ChoiceField(label=_("How they reached us"), choices=list(CHANNELS.items()))
    text = forms.CharField(
        label=_("What they told us"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept as a note for colleagues."),
    )  # fmt: skip
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Ticket.Priority.choices, coerce=int, initial=Ticket.Priority.NORMAL
    )
    mine = forms.BooleanField(label=_("I take it myself"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "%s")
        kwargs["initial"] = {"key": secrets.token_hex(16), "channel": "phone", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.status = 200

    def open(self, actor: Actor) -> str | None:
        """The reference of the ticket, once for each page; None with the errors shown in the form."""
        if not self.is_valid():
            self.status = 422
            return None
        given = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        try:
            _status, answer = once(
                principal=str(actor), endpoint="desk.ticket", key=self.cleaned_data["key"], request=given,
                work=lambda: (201, {"ref": self._open(actor).ref}),
            )  # fmt: skip
        except NotPermitted:
            raise
        except Refusal as refusal:
            self.status = refusal.status
            field = refusal.field if isinstance(refusal, BadInput) and refusal.field in self.fields else None
            self.add_error(field, str(refusal))
            return None
        if "ref" not in answer:  # of a key that was written before references stood in the answer
            return str(Ticket.objects.get(pk=answer["ticket"]).ref)
        return str(answer["ref"])

    def _open(self, actor: Actor) -> Ticket:
        given = self.cleaned_data
        with asked_beforehand(*asked_to_open(given["kind"], given["about"], actor)):
            return open_by_staff(
                kind=given["kind"], title=given["title"], text=given["text"], channel=given["channel"], actor=actor,
                about=named(given["about"], actor), priority=given["priority"], mine=given["mine"],
            )  # fmt: skip


# All that are not begun look like it, so it is drawn once (`kept`); each page has a key of its own.
BLANK = NewTicketForm()


class Whom(NamedTuple):
    """Whom the words name, with their tickets that are open, the most urgent first; or `why` they name nobody."""

    person: Person | None = None
    order: Order | None = None
    tickets: Sequence[Ticket] = ()
    why: str = ""


def told_of(text: str, actor: Actor) -> Whom:
    """What is shown beside the field while the ticket is not open yet."""
    try:
        about = named(text, actor)
    except BadInput as refusal:
        return Whom(why=str(refusal))
    order = about.order
    person = order.person if order else Person.objects.visible_to(actor).filter(pk=about.person_id).first()
    if person is None:
        return Whom()
    theirs = Ticket.objects.visible_to(actor).open().filter(person=person)
    return Whom(person, order, list(theirs.preloaded().by_due()[:_SHOWN]))


def named(text: str, actor: Actor) -> About:
    """Whom the words name: an order by its number, a customer by reference, phone or e-mail. Raises `BadInput`."""
    plain = text.strip()
    if not plain:
        return About()
    orders = orders_by_number(plain, actor).rows
    if len(orders) == 1:
        return About(order=orders[0])
    people = Person.objects.visible_to(actor)
    contact = canonical(plain)
    called = people.called(plain.upper())
    found = [called] if called is not None else []
    if not found and contact is not None:
        kind, value = contact
        found = list(people.filter(contact_points__kind=kind, contact_points__value=value).distinct()[:2])
    if len(found) == 1:
        return About(person_id=found[0].pk)
    if found or orders:
        raise BadInput(_("“%(text)s” matches more than one record. Open the ticket from the page of the customer or order."),
                       field="about", text=plain)  # fmt: skip
    raise BadInput(_("Nothing matches “%(text)s”. Find the customer with the search first."), field="about", text=plain)
