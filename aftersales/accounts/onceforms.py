"""A form that makes something with a secret, once however often it is sent. Used by the office's pages of keys and webhooks."""

from __future__ import annotations

import secrets

from django import forms
from django.utils.translation import gettext_lazy as _


def fresh_token() -> str:
    """What names one showing of a form: a reload or a second press sends the same."""
    return secrets.token_urlsafe(16)


class OnceToken(forms.CharField):
    """The hidden field with the token. A form without it was not drawn by us and is asked to be opened anew."""

    def __init__(self) -> None:
        super().__init__(
            widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
            initial=fresh_token,
            min_length=16,
            max_length=64,
            error_messages=dict.fromkeys(
                ("required", "min_length", "max_length"),
                _("This form was not complete. Open the page anew and fill it in again."),
            ),
        )
