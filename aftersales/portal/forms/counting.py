"""How many units: a number as people type it on a phone, also in wide digits, with a sentence for everything else."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class CountField(forms.Field):
    """A whole number from 0 to `most`; nothing typed is 0. Longer than six characters is no count of anything here."""

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.most = most

    def to_python(self, value: Any) -> int:
        text = unicodedata.normalize("NFKC", str(value or "")).strip()
        if not text:
            return 0
        if not text.removeprefix("-").isdecimal():
            raise ValidationError(
                _("“%(text)s” is not a number of pieces. Enter a whole number, for example 1."),
                params={"text": text[:20]},
            )
        if text.startswith("-"):
            raise ValidationError(_("A number below 0 cannot be sent back. Enter 0 to leave this item out."))
        if len(text) > 6 or int(text) > self.most:
            raise ValidationError(
                _("Of this item %(most)s can still be sent back. Enter at most %(most)s."), params={"most": self.most}
            )
        return int(text)
