"""The office's form for a webhook. It checks the shape; the action decides whether the address may be called."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.onceforms import OnceToken
from aftersales.notices.listeners import ANNOUNCED
from aftersales.notices.models import Webhook


class WebhookForm(forms.Form):
    form_token = OnceToken()
    url = forms.URLField(
        label=_("address"),
        max_length=300,
        assume_scheme="https",
        help_text=_("Where the program listens. It is called by https, with a signature that only it can check."),
        error_messages={"invalid": _("Please write the whole address, such as https://erp.shop.example/desk/.")},
    )
    kind = forms.ChoiceField(label=_("receiver is"), choices=Webhook.Kind.choices, required=False)
    events = forms.MultipleChoiceField(
        label=_("events"),
        choices=[(name, name) for name in ANNOUNCED],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one event.")},
    )
