"""What a page showed of a conversation, as its forms and buttons say it: `90`, or `90,12,15` with the tickets merged into it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.actions.conversation import Seen

_KEYS = re.compile(r"[0-9]{1,18}(,[0-9]{1,18})*")


def told(seen: Seen) -> str:
    return ",".join(map(str, (seen.message, *seen.merged)))


class SeenField(forms.CharField):
    """Gives a `Seen`, or None where nothing is said."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=50_000)  # as many keys as one statement takes

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        if not _KEYS.fullmatch(text):
            raise forms.ValidationError(_("Enter a whole number."), code="invalid")
        message, *merged = map(int, text.split(","))
        return Seen(message, tuple(merged))
