"""What a customer types on the way of a running request, and in a question."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.files.fields import FilesField
from aftersales.kernel.couriers import COURIERS, OTHER
from aftersales.kernel.errors import BadInput
from aftersales.kernel.money import Money
from tickets.actions.conversation import LONGEST_MESSAGE

TOO_LONG = _("These are %(show_value)s characters; %(limit_value)s are the most. Please shorten it.")


class OnceForm(forms.Form):
    """A form that counts once: the page carries a key, and the same words under the same key are the same message."""

    once = forms.CharField(max_length=32, widget=forms.HiddenInput)

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"initial": {"once": secrets.token_hex(8)}, **options})


class MessageForm(OnceForm):
    """A message to the shop."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST_MESSAGE,
        error_messages={"required": _("Please write something first."), "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    attachments = FilesField(required=False, label=_("Attachments"))


class AnswerForm(forms.Form):
    """The answer to a request for proof."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=2000,
        error_messages={
            "required": _("Please write a short answer; photos alone are hard to read."),
            "max_length": TOO_LONG,
        },
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    attachments = FilesField(required=False, label=_("Attachments"))


class ObjectionForm(forms.Form):
    """Why the customer does not agree."""

    story = forms.CharField(
        label=_("Why do you see it differently?"),
        max_length=2000,
        error_messages={"required": _("Please say in a sentence why."), "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ParcelForm(forms.Form):
    """The parcel on its way back: courier, number, and what it cost."""

    courier = forms.ChoiceField(label=_("Courier"), error_messages={"required": _("Choose the courier.")})
    other_courier = forms.CharField(label=_("Name of the courier, if it is another one"), max_length=40, required=False)
    number = forms.CharField(
        label=_("Tracking number"),
        help_text=_("It stands on the receipt, often under a bar code."),
        max_length=60,
        error_messages={"required": _("Enter the tracking number from the courier's receipt.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    freight = forms.CharField(
        label=_("Freight you paid"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *, currency: str, **options: Any) -> None:
        super().__init__(**options)
        self.currency = currency
        self.fields["courier"].choices = [  # type: ignore[attr-defined]
            ("", _("Please choose")),
            *COURIERS.items(),
            (OTHER, _("Another courier")),
        ]

    def clean_freight(self) -> int:
        """Minor units; nothing typed is 0."""
        text = self.cleaned_data["freight"].strip()
        try:
            return Money.parse(text, self.currency).minor if text else 0
        except BadInput as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("courier") == OTHER and not self.cleaned_data.get("other_courier", "").strip():
            self.add_error("other_courier", _("Enter the name of the courier."))
        return self.cleaned_data

    def carrier(self) -> str:
        """The code of a known courier, else the name as typed."""
        code = str(self.cleaned_data["courier"])
        return code if code != OTHER else str(self.cleaned_data["other_courier"]).strip()
