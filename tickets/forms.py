"""Forms of the office for settings of tickets, and of who is away. They check the shape only."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import end_of_shop_day, start_of_shop_day
from aftersales.kernel.days import DayField
from aftersales.kernel.errors import Refusal
from customers.actions.contacts import canonical_email
from tickets.actions.queue_seeding import SHIPPED_KEYS
from tickets.models import ChatSource, Checklist, MailAccount, Queue, Ticket, TicketField


class AbsenceForm(forms.Form):
    """From the beginning of which day through the end of which, where the shop is. Both may be empty."""

    since = DayField(label=_("Away from"), required=False, help_text=_("Left empty: from now on."))
    until = DayField(
        label=_("Away through"), required=False,
        help_text=_("That day included. Left empty: until somebody says that they are back."),
    )  # fmt: skip

    def instants(self) -> dict[str, dt.datetime | None]:
        """What was entered, as the action takes it."""
        first, last = self.cleaned_data["since"], self.cleaned_data["until"]
        return {"since": start_of_shop_day(first) if first else None, "until": end_of_shop_day(last) if last else None}

    def say(self, refusal: Refusal) -> None:
        """At its field, where it names one."""
        field = getattr(refusal, "field", None)
        self.add_error(field if field in self.fields else None, str(refusal))


class MailAccountForm(forms.ModelForm):
    """An account with its password, which is never shown again."""

    password = forms.CharField(
        label=_("password"),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Many providers want an authorisation code here. Leave empty to keep the saved one."),
    )

    class Meta:
        model = MailAccount
        fields = (
            "address", "host", "port", "user", "folder", "begins_at", "queue", "sender_name", "is_sender", "takes_strangers",
            "has_plus_addresses", "auth_server",
        )  # fmt: skip
        help_texts: ClassVar = {
            "begins_at": _(
                "Older mail stays where it is. Left empty, from now on; left as it is when the mailbox moves, since the old "
                "place was last read."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if since := self.fields.get("begins_at"):
            since.required = False
        if isinstance(queue := self.fields.get("queue"), forms.ModelChoiceField):
            queue.queryset = Queue.objects.offered(beside=self.instance.queue_id)

    @property
    def changed_data(self) -> list[str]:
        """Without the password and the place, which have actions and events of their own."""
        others = {"password", "begins_at", *MailAccount.PLACE}
        return [name for name in super().changed_data if name not in others]

    @property
    def typed_since(self) -> dt.datetime | None:
        """Since when mail is taken, where somebody has written another instant than there was."""
        since: dt.datetime | None = self.cleaned_data["begins_at"]
        return since if "begins_at" in super().changed_data else None

    def clean_address(self) -> Any:
        address = canonical_email(self.cleaned_data["address"])
        if address is None:
            raise forms.ValidationError(_("Please write one e-mail address, such as service@shop.example."))
        return address

    def clean_sender_name(self) -> str:
        """One line: it goes into the head of a mail."""
        return " ".join(self.cleaned_data["sender_name"].split())


class ChatSourceForm(forms.ModelForm):
    """A chat tool with the secret it signs with, which is never shown again."""

    new_secret = forms.CharField(
        label=_("secret"),
        required=False,
        min_length=32,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 32 characters, the same as in the chat tool. Without one nothing is accepted."),
    )

    reply_url = forms.URLField(
        label=_("replies are sent to"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_(
            "Called by https with each reply, signed as messages to us are. Left empty, replies stay on the page."
        ),
    )

    class Meta:
        model = ChatSource
        fields = ("key", "name", "platform", "reply_url")

    @property
    def changed_data(self) -> list[str]:
        """Without the secret, which has an action and an event of its own."""
        return [name for name in super().changed_data if name != "new_secret"]


class QueueForm(forms.ModelForm):
    """A queue, whose key is typed in once."""

    class Meta:
        model = Queue
        fields = (
            "key", "name_zh", "name_en", "position", "strategy", "team", "remind_after", "close_after", "reminder_zh",
            "reminder_en", "retired_at",
        )  # fmt: skip
        help_texts: ClassVar = {
            "key": _("What programs and addresses call it, such as appliances. It stays for good."),
            "retired_at": _(
                "From then on nothing is put into it. Tickets that wait in it stay there, and are found, until they are moved."
            ),
        }
        error_messages: ClassVar = {
            "key": {
                "invalid": _("A key has letters, digits, - and _ only."),
                "unique": _("There is a queue with this key already. Choose another."),
            }
        }

    def clean_retired_at(self) -> dt.datetime | None:
        """Nothing is put into a retired queue, so it can be none that something is still put into by itself."""
        at: dt.datetime | None = self.cleaned_data["retired_at"]
        if at is None:
            return at
        if self.instance.key in SHIPPED_KEYS:
            raise forms.ValidationError(_("The desk itself puts tickets into this queue. Rename it instead."))
        if taken := self.instance.mail_accounts.order_by("pk").first():
            told = _("Mail to %(address)s becomes tickets here. Choose another queue for it first.")
            raise forms.ValidationError(told, params={"address": taken.address})
        return at


class TicketFieldForm(forms.ModelForm):
    """A field with the kinds of tickets as ticks."""

    kinds = forms.MultipleChoiceField(
        label=_("kinds of tickets"), choices=Ticket.Kind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: on every ticket."),
    )  # fmt: skip

    class Meta:
        model = TicketField
        fields = (
            "key", "label_zh", "label_en", "kind", "choices", "kinds", "required_to_close", "position", "retired_at",
        )  # fmt: skip


class ChecklistForm(forms.ModelForm):
    """A checklist with the kinds of tickets that get it by themselves as ticks."""

    kinds = forms.MultipleChoiceField(
        label=_("kinds of tickets"), choices=Ticket.Kind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Tickets of these kinds get it by themselves. None ticked: by hand only."),
    )  # fmt: skip

    class Meta:
        model = Checklist
        fields = ("title_zh", "title_en", "items", "kinds", "reasons", "position", "retired_at")
        help_texts: ClassVar = {
            "reasons": _(
                "Codes of reasons with a comma between them, such as quality or not_working. Empty: whatever the reason."
            )
        }
