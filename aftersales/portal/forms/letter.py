"""The demo's mail program: a new mail to the shop, or an answer to one of its mails."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from aftersales.files.fields import PhotosInput
from aftersales.kernel.errors import BadInput
from aftersales.notices.models import Posted
from tickets.actions.mail.demo import write_to_shop


class LetterForm(forms.Form):
    """`photos` may be anything at all: what the shop does with it is what one wants to see."""

    sender = forms.EmailField(label=_("From"), max_length=254)
    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    text = forms.CharField(label=_("Text"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
    photos = forms.FileField(label=_("Files"), required=False, widget=PhotosInput)
    answers = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    @classmethod
    def answering(cls, posted: Posted | None) -> LetterForm:
        """An empty form, or one that answers a mail of the mailbox."""
        if posted is None:
            return cls()
        initial: dict[str, Any] = {
            "sender": posted.to,
            "subject": f"Re: {posted.subject}",
            "answers": posted.message_id,
        }
        return cls(initial=initial)

    def send(self, files: MultiValueDict[str, UploadedFile]) -> bool:
        """Hand it to the shop; a refusal stands at its field."""
        if not self.is_valid():
            return False
        given = self.cleaned_data
        try:
            write_to_shop(
                sender=given["sender"], subject=given["subject"], text=given["text"], answers=given["answers"],
                photos=files.getlist("photos"),
            )  # fmt: skip
        except BadInput as refusal:
            self.add_error(refusal.field, str(refusal))
            return False
        return True
