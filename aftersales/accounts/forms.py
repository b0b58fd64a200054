"""Forms of the office about people and keys. They check the shape; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.models import ApiKey, User
from aftersales.accounts.onceforms import OnceToken


def _what_passwords_need() -> str:
    """Asked each time the page is drawn: said once, it would stay in the language of that moment."""
    return " ".join(map(str, password_validators_help_texts()))


class PersonForm(forms.ModelForm[User]):
    """A member of staff. The password is typed twice nowhere: it is read out to them and changed at the first sign-in."""

    locale = forms.ChoiceField(
        label=_("language"), required=False, choices=[("", _("as the browser asks")), *settings.LANGUAGES]
    )
    password_now = forms.CharField(
        label=_("new password"),
        required=False,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=format_lazy("{} {}", _("Leave empty to keep the present one."), lazy(_what_passwords_need, str)()),
    )

    class Meta:
        model = User
        fields = ("email", "name", "role", "team", "locale", "is_active")
        help_texts = {
            "role": _("Whoever is no manager any more loses the keys they made for programs."),
            "is_active": _("Untick to lock somebody out at once: their sessions and keys end."),
        }

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Somebody signs in with this e-mail address already."))
        return email

    def clean_password_now(self) -> str:
        password: str = self.cleaned_data["password_now"]
        if password:
            validate_password(password, self.instance)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        lets_in = data.get("is_active") and not (self.instance.pk and self.instance.has_usable_password())
        if lets_in and not data.get("password_now") and "password_now" not in self.errors:
            self.add_error("password_now", _("Set a password; without one they cannot sign in."))
        return data


class KeyForm(forms.ModelForm[ApiKey]):
    form_token = OnceToken()

    class Meta:
        model = ApiKey
        fields = ("name", "role")
        help_texts = {
            "name": _("Which program uses it, so that you know later which key to revoke."),
            "role": _("The program may do what a person of this role may do."),
        }
