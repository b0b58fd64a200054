"""Why somebody needs a contact in full. Used by the contact's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound, NotPermitted, Refusal
from customers.actions.people import reveal_contact


class RevealForm(forms.Form):
    """One sentence; it stays on record with the name of who asked (PIPL art. 51)."""

    why = forms.CharField(
        label=_("What do you need it for?"),
        max_length=200,
        help_text=_("For example: call back about a parcel. It stays on record with your name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "reveal-%s")
        super().__init__(*args, **kwargs)
        self.status = 200

    def reveal(self, contact_id: int, actor: Actor) -> str:
        """The contact in full, or nothing and the errors shown in the form."""
        if not self.is_valid():
            self.status = 422
            return ""
        try:
            return reveal_contact(contact_id, why=self.cleaned_data["why"], actor=actor)
        except (NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            self.status = refusal.status
            self.add_error("why", str(refusal))
            return ""
