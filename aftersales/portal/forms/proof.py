"""What a customer types to prove an order."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

_NUMBER = {"required": _("Enter the order number. It stands in the shop's app under your order.")}

# A shape and no more: whether a code is sent is never told, so all that can be caught here is a slip of the finger.
_CONTACT = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+|[+(]{0,2}\d(?:[\s().-]{0,2}\d){4,19}")


class CodeRequestForm(forms.Form):
    """Where the code is to go."""

    number = forms.CharField(
        label=_("Order number"),
        max_length=64,
        error_messages=_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    contact = forms.CharField(
        label=_("Phone number or e-mail of the order"),
        help_text=_("The one you gave when ordering. We send the code there and nowhere else."),
        max_length=254,
        error_messages={"required": _("Enter the phone number or e-mail address you gave when ordering.")},
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )

    def clean_contact(self) -> str:
        """A phone number or an e-mail address by its looks; the same for one we know and one we do not."""
        contact = str(self.cleaned_data["contact"]).strip()
        if not _CONTACT.fullmatch(unicodedata.normalize("NFKC", contact)):
            raise forms.ValidationError(
                _("This looks like neither a phone number nor an e-mail address. Write it as 138 0000 0000 or "
                  "name@example.com.")
            )  # fmt: skip
        return contact


class CodeForm(forms.Form):
    """The six digits."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits, good for ten minutes."),
        max_length=20,
        error_messages={"required": _("Enter the six digits from our message.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-field"}),
    )


class ClaimForm(forms.Form):
    """The card in the parcel."""

    number = forms.CharField(
        label=_("Order number"),
        max_length=64,
        error_messages=_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    claim_code = forms.CharField(
        label=_("Code on the parcel card"),
        help_text=_("Eight letters and digits, such as 7K2M-QX94. Small letters and spaces do not matter."),
        max_length=40,
        error_messages={"required": _("Enter the code printed on the card that came in the parcel.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
