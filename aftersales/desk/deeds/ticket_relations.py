"""What a ticket has to do with others: merge, split, link, and each taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.desk.deeds.subjects import TicketDeed
from aftersales.desk.rownumber import row_number
from aftersales.kernel import datewords
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from tickets.actions import linking, merging, splitting
from tickets.actions.details import LONGEST_TITLE
from tickets.models import Link, Message, Ticket

_CLOSED = Ticket.Status.CLOSED
_MOST = 500  # messages offered for a split; the newest
LONGEST_REF = 20
_OFFERED = 20  # other tickets, where one is asked for


def ticket_called(ref: str, actor: Actor, field: str | None = None) -> Ticket:
    """The ticket somebody typed the reference of, within scope. Raises `BadInput` at that field."""
    called = Ticket.objects.visible_to(actor).filter(ref=ref.strip().upper())
    found: Ticket | None = called.select_related("person", "order", "goods_return").first()
    if found is None:
        raise BadInput(_("There is no ticket %(ref)s. A reference looks like T-7K2MQX94D."), field=field, ref=ref[:20])
    return found


def others_of(ticket: Ticket, actor: Actor) -> dict[str, str]:
    """The same customer's open tickets, the newest first, to choose from as one types: what each is about, by reference."""
    theirs = Ticket.objects.visible_to(actor).open().filter(person=ticket.person_id).exclude(pk=ticket.pk)
    newest = theirs.select_related("person", "goods_return").order_by("-opened_at")[:_OFFERED]
    return {each.ref: each.subject for each in newest}


class Merging(TicketDeed):
    noun, verb, icon, tone = "merging", "ticket.merge", "swap", ""
    label = pgettext_lazy("deed", "Merge into another…")
    done = _("Merged. The conversation goes on there.")
    explains = _(
        "This ticket closes and points to the other; its messages are read there. It can be undone for a week."
    )

    names_ticket = "into"
    into = forms.CharField(
        label=_("Reference of the other ticket"), max_length=LONGEST_REF,
        widget=forms.TextInput(attrs={"list": "merging-list", "autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.status != _CLOSED and target.is_titled and target.kind != Ticket.Kind.COMPLAINT

    def suggestions(self) -> dict[str, dict[str, str]]:
        return {"merging-list": others_of(self.target, self.actor)}

    def act(self) -> object:
        into = ticket_called(self.cleaned_data["into"], self.actor, "into")
        self._into = merging.merge_tickets(self.target.pk, into.pk, actor=self.actor)
        return self._into

    def onward(self) -> str:
        return self.back(self._into)


class Unmerging(TicketDeed):
    noun, verb, icon = "unmerging", "ticket.merge", "return"
    label = pgettext_lazy("deed", "Undo the merge")
    done = _("It is a ticket of its own again.")

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.merged_into_id is not None and merging.standing_merge(target) is not None

    def act(self) -> object:
        return merging.unmerge(self.target.pk, actor=self.actor)

    def onward(self) -> str:
        """The same page anew: what is written on it has a place again."""
        return self.back(self.target)


class Splitting(TicketDeed):
    noun, verb, icon = "splitting", "ticket.merge", "split"
    label = pgettext_lazy("deed", "Split off…")
    done = _("The messages are on a ticket of their own.")
    explains = _("The messages you choose move to a new ticket of the same customer.")

    title = forms.CharField(label=_("Title of the new ticket"), max_length=LONGEST_TITLE)
    messages = forms.TypedMultipleChoiceField(
        label=_("Messages that move"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["messages"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        # Also those that have moved: the form sent twice is answered as the first time.
        moved = Q(ticket__links__other=self.target, ticket__links__kind=Link.Kind.SPLIT)
        readable = Message.objects.visible_to(self.actor)
        here = readable.in_conversation(self.target.pk).filter(sent=True)
        offered = [*here.select_related("ticket").order_by("-at", "-id")[:_MOST]]
        sent = self.data.getlist("messages") if isinstance(self.data, QueryDict) else []
        chosen = {row_number(each) for each in sent} - {row.pk for row in offered}
        gone = readable.filter(moved, pk__in=chosen) if chosen else []
        field.choices = [(row.pk, self._words(row)) for row in [*reversed(offered), *gone]]

    def _words(self, message: Message) -> str:
        text = " ".join(message.text.split())
        who = gettext("Note") if message.internal else message.get_by_display()
        came = f"{message.ticket.ref} · " if message.ticket_id != self.target.pk else ""
        return f"{came}{who} · {datewords.exact(message.at, message.at)} · {text[:60]}"

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.status != _CLOSED

    def act(self) -> object:
        given = self.cleaned_data
        return splitting.split_ticket(self.target.pk, given["messages"], title=given["title"], actor=self.actor)


class Linking(TicketDeed):
    noun, verb, icon = "linking", "ticket.merge", "link"
    label = pgettext_lazy("deed", "Link to another…")
    done = _("Linked.")

    kind = forms.ChoiceField(
        label=_("This ticket"), choices=[(kind.value, kind.label) for kind in linking.BY_HAND], widget=forms.RadioSelect,
        initial=Link.Kind.RELATED,
    )  # fmt: skip
    names_ticket = "other"
    other = forms.CharField(
        label=_("Reference of the other ticket"), max_length=LONGEST_REF,
        widget=forms.TextInput(attrs={"list": "linking-list", "autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return True

    def suggestions(self) -> dict[str, dict[str, str]]:
        return {"linking-list": others_of(self.target, self.actor)}

    def act(self) -> object:
        other = ticket_called(self.cleaned_data["other"], self.actor, "other")
        return linking.link_tickets(self.target.pk, other.pk, self.cleaned_data["kind"], actor=self.actor)


class Unlinking(TicketDeed):
    noun, verb, icon = "unlinking", "ticket.merge", "cross"
    label = pgettext_lazy("deed", "Take a link away…")
    done = _("The link is gone.")

    link = forms.TypedChoiceField(label=_("Link"), coerce=int, widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["link"]
        assert isinstance(field, forms.TypedChoiceField)
        kept = (
            Link.objects.visible_to(self.actor)
            .filter(Q(one=self.target) | Q(other=self.target))
            .exclude(kind=Link.Kind.SPLIT)
        )
        links = kept.select_related("one", "other")
        field.choices = [(link.pk, f"{link.one.ref} {link.get_kind_display()} {link.other.ref}") for link in links]

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return True  # offered beside the links, where there are any

    def act(self) -> object:
        if self.cleaned_data["link"]:
            linking.unlink(self.target.pk, self.cleaned_data["link"], actor=self.actor)
        return None
