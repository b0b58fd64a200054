"""A file that shows somebody else's data, or is abusive: out of sight for customers, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.deed import Deed, Words
from aftersales.files import access
from aftersales.files.actions import hiding
from aftersales.files.models import Attachment
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound

# On whose page the file stands, by the kind of thing it belongs to. Files of other things are on no conversation.
_TICKET: dict[str, Callable[[Any], str]] = {
    "tickets.message": lambda message: message.ticket.ref,
    "returns.return": lambda ret: ret.ticket.ref,
}


class FileDeed(Deed[Attachment]):
    """Something done to one file of a conversation; addressed by its reference."""

    subject, verb = "files", "file.hide"

    @classmethod
    def find(cls, key: str, actor: Actor) -> Attachment:
        found = Attachment.objects.filter(ref=key, subject_type__in=_TICKET).first()
        if found is None or not access.may_open(actor, found) or found.subject is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Attachment) -> str:
        return target.ref

    @classmethod
    def back(cls, target: Attachment) -> str:
        return reverse("desk:ticket", args=[_TICKET[target.subject_type](target.subject)])


class FileHidden(FileDeed):
    noun, icon, tone = "hiding", "lock", "danger"
    label = pgettext_lazy("deed", "Hide a file…")
    done = _("Hidden. The customer does not see it any more.")
    explains = _("The file stays, for colleagues who ask for it. What was sent by e-mail cannot be called back.")

    why = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("Such as: shows another customer’s address. It stands in the history."),
    )

    @classmethod
    def is_open(cls, target: Attachment, actor: Actor) -> bool:
        return target.hidden_at is None

    @classmethod
    def label_of(cls, target: Attachment) -> Words:
        return _("Hide %(name)s…") % {"name": target.name}

    def act(self) -> object:
        return hiding.hide(self.target.ref, why=self.cleaned_data["why"], actor=self.actor)


class FileShown(FileDeed):
    noun, icon = "showing", "return"
    label = pgettext_lazy("deed", "Show again")
    done = _("Everybody who may open the case sees it again.")

    @classmethod
    def is_open(cls, target: Attachment, actor: Actor) -> bool:
        return target.hidden_at is not None

    def act(self) -> object:
        return hiding.show(self.target.ref, actor=self.actor)
