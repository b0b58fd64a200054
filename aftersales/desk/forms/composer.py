"""Write to the customer, or a note for colleagues. Used by the ticket page."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any, ClassVar, Self

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.files.actions.attaching import attach_all
from aftersales.files.fields import PhotosField
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound, NotPermitted, Refusal
from aftersales.kernel.policy import may
from aftersales.ledger.once import once
from tickets.actions import conversation
from tickets.models import Draft, Message, Ticket


class Composer(forms.Form):
    """Text and photos. `key` is made with the page: the same page sent twice is one message."""

    internal: ClassVar[bool]
    noun: ClassVar[str]
    verb: ClassVar[str]
    tab: ClassVar[str | Promise]
    button: ClassVar[str | Promise]

    text = forms.CharField(
        label=_("Text"),
        max_length=conversation.LONGEST_MESSAGE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Please write something first.")},
    )
    photos = PhotosField(label=_("Photos"), required=False)
    key = forms.CharField(max_length=32, min_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.noun}-%s")
        super().__init__(*args, **kwargs)
        self.status = 200
        self.saved_at: dt.datetime | None = None
        self.fields["text"].label = str(self.tab)

    @classmethod
    def is_offered(cls, actor: Actor) -> bool:
        return may(actor, cls.verb)

    @classmethod
    def fresh(cls, draft: Draft | None) -> Self:
        """An empty form, or one with what was begun."""
        form = cls(initial={"key": secrets.token_hex(16), "text": draft.text if draft else ""})
        form.saved_at = draft.saved_at if draft else None
        return form

    def say(self, ticket: Ticket, actor: Actor) -> Message:
        raise NotImplementedError

    def send(self, ticket: Ticket, actor: Actor) -> bool:
        """Write the message with its photos, once for each page. A refusal becomes an error of the form."""
        if not self.is_valid():
            self.status = 422
            return False
        try:
            once(
                principal=str(actor),
                endpoint=f"desk.{self.noun}",
                key=self.cleaned_data["key"],
                request={"ticket": ticket.ref, "text": self.cleaned_data["text"]},
                work=lambda: (201, {"message": self._write(ticket, actor).pk}),
            )
        except (NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            self.status = refusal.status
            self.add_error("text", str(refusal))
            return False
        return True

    def _write(self, ticket: Ticket, actor: Actor) -> Message:
        message = self.say(ticket, actor)
        if self.cleaned_data["photos"]:
            attach_all(self.cleaned_data["photos"], on=message, actor=actor)
        return message


class ReplyForm(Composer):
    internal, noun, verb = False, "reply", "ticket.reply"
    tab, button = pgettext_lazy("composer", "Reply"), _("Send to the customer")

    def say(self, ticket: Ticket, actor: Actor) -> Message:
        return conversation.reply(ticket.pk, text=self.cleaned_data["text"], actor=actor)


class NoteForm(Composer):
    internal, noun, verb = True, "note", "ticket.note"
    tab, button = pgettext_lazy("composer", "Internal note"), _("Keep the note")

    def say(self, ticket: Ticket, actor: Actor) -> Message:
        return conversation.note(ticket.pk, text=self.cleaned_data["text"], actor=actor)
