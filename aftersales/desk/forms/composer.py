"""Write to the customer, or a note for colleagues. Used by the ticket page."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import secrets
from typing import Any, ClassVar, Self

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from aftersales.accounts.models import User
from aftersales.desk import wordmarks
from aftersales.desk.forms.lookingover import WordsToThinkOver, print_of
from aftersales.desk.seen import SeenField, told
from aftersales.files.actions.attaching import Taken, attach_all
from aftersales.files.actions.removing import take_away
from aftersales.files.fields import FilesField
from aftersales.files.models import Attachment
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted, Refusal
from aftersales.kernel.policy import may
from aftersales.kernel.reader import in_turn
from aftersales.ledger.once import key_of, once
from tickets.actions import conversation, phrases
from tickets.actions.conversation import Seen
from tickets.actions.conversation.mentions import mentioned_in
from tickets.actions.conversation.signing import signed
from tickets.actions.looking_over import findings_in
from tickets.actions.mail import copies
from tickets.actions.mail.answering import reaches
from tickets.models import Draft, Message, Ticket
from tickets.models.message import masked
from tickets.wording import Finding


class Composer(forms.Form):
    """Text and attachments. `key` is made with the page: the same words sent twice from it are one message. `seen` is what was
    on it. After a refusal everything is kept as a draft as well, so that nothing typed or chosen is lost."""

    internal: ClassVar[bool]
    noun: ClassVar[str]
    verb: ClassVar[str]
    tab: ClassVar[str | Promise]
    button: ClassVar[str | Promise]
    has_cc: ClassVar[bool] = False  # whether others may get it, too
    longest: ClassVar[int] = conversation.LONGEST_MESSAGE

    text = forms.CharField(
        label=_("Text"),
        max_length=conversation.LONGEST_MESSAGE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Please write something first.")},
    )
    attachments = FilesField(label=_("Attachments"), required=False)
    key = forms.CharField(max_length=32, min_length=16, widget=forms.HiddenInput)
    phrase = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    looked_over = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)
    seen = SeenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.noun}-%s")
        super().__init__(*args, **kwargs)
        self.draft: Draft | None = None
        self.status = 200
        self.saved_at: dt.datetime | None = None
        self.kept_files: list[Attachment] = []  # wait in the draft and go with the next message
        self.newer: list[int] = []  # messages that came meanwhile, when it was refused for them
        self.read: Seen | None = None  # what has been seen with these
        self.news: list[dict[str, Any]] = []
        self.signature = ""
        self.findings: list[Finding] = []
        self.steps: list[tuple[str, str]] = []  # of the phrase it is written with, still ticked: line and words
        self.message: Message | None = None
        self.fields["text"].label = str(self.tab)

    @classmethod
    def is_offered(cls, actor: Actor) -> bool:
        return may(actor, cls.verb)

    @classmethod
    def begun(cls, draft: Draft | None, *, seen: str, kept: list[Attachment], signature: str) -> Self:
        """A form with what was begun, or an empty one."""
        text, phrase, steps = (draft.text, draft.phrase, draft.steps) if draft else ("", "", [])
        form = cls(initial={"key": secrets.token_hex(16), "text": text, "phrase": phrase, "seen": seen})
        form.signature, form.draft, form.steps = signature, draft, phrases.ticks(steps)
        form.saved_at, form.kept_files = (draft.saved_at, kept) if draft else (None, [])
        return form

    @property
    def marks(self) -> list[wordmarks.Mark]:
        return wordmarks.marks(str(self["text"].value() or ""), self.findings)

    def offer_cc(self, ticket: Ticket, *, mailed: bool) -> None:
        """Who else may get it; only a reply that is `mailed` goes to anybody else."""

    def chosen(self, ticket: Ticket) -> copies.Chosen | None:
        """Who else is to get it, for the draft. None where nobody was asked."""
        return None

    def said(self) -> str:
        """What is told when it is done."""
        raise NotImplementedError

    def say(self, ticket: Ticket, actor: Actor) -> Message:
        raise NotImplementedError

    def asked(self) -> dict[str, Any]:
        """What makes the page sent once more the same request."""
        files = [hashlib.sha256(each.body).hexdigest() for each in self.cleaned_data["attachments"]]
        return {"text": self.cleaned_data["text"], "files": files}

    def send(self, ticket: Ticket, actor: Actor) -> bool:
        """Write the message with its files, once for each page and words. A refusal becomes an error of the form."""
        if not self.is_valid():
            self.status = 422
            self._keep(ticket, actor, self.cleaned_data.get("attachments", []))
            return False
        try:
            self.look_over(ticket)
            self._write_once(ticket, actor)
        except (NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            self.status = refusal.status
            if isinstance(refusal, conversation.StaleThread):
                self.newer, self.read = refusal.params["newer"], refusal.seen
            files = self.cleaned_data["attachments"]  # before the error takes them from the form
            field = refusal.field if isinstance(refusal, BadInput) and refusal.field in self.fields else "text"
            self.add_error(None if self.newer or self.findings else field, str(refusal))
            self._keep(ticket, actor, files)
            return False
        return True

    def look_over(self, ticket: Ticket) -> None:
        """Look at the words before they go; what was shown before and is sent all the same passes."""

    def _steps(self) -> list[list[str]]:
        lines = self._listed("step")
        steps = [step for line in lines for step in phrases.read_steps(line, field="text")]
        self.steps = phrases.ticks(steps)
        return steps

    def _write_once(self, ticket: Ticket, actor: Actor) -> None:
        """Write it, or find what the same words from this page have become; taken back since, they are written anew."""
        asked: dict[str, Any] = {"ticket": ticket.ref, **self.asked()}
        while self.message is None:
            _status, answer = once(
                principal=str(actor), endpoint=f"desk.{self.noun}", key=key_of(self.cleaned_data["key"], asked),
                request=asked, work=lambda: (201, {"message": self._write(ticket, actor).pk}),
            )  # fmt: skip
            if self.message is None:
                self.message = Message.objects.filter(pk=answer["message"]).first()
                asked["after"] = answer["message"]

    def _write(self, ticket: Ticket, actor: Actor) -> Message:
        left_out = self._listed("leave_out")
        if left_out and (draft := _draft_of(ticket, actor, internal=self.internal)) is not None:
            for ref in left_out:
                take_away(ref, on=draft, actor=actor)
        self.message = self.say(ticket, actor)
        conversation.attach_files(self.message, self.cleaned_data["attachments"], actor=actor)
        return self.message

    def _keep(self, ticket: Ticket, actor: Actor, files: list[Taken]) -> None:
        """Keep as a draft what was refused; what came meanwhile counts as read, because it is shown now."""
        if not may(actor, self.verb):
            return
        text, brought = str(self.data.get("text", "")), phrases.brought_in(self.data)
        if brought is not None:
            self.steps = phrases.ticks(brought.steps)  # also where the words were refused before the steps were read
        draft = conversation.save_draft(
            ticket.pk, text=text, internal=self.internal, actor=actor, has_files=bool(files), cc=self.chosen(ticket),
            brought=brought,
        )  # fmt: skip
        if draft is not None:
            with contextlib.suppress(BadInput):  # too much for the draft too: the words are kept, and the error is told
                attach_all(files, on=draft, actor=actor)
            self.saved_at, self.kept_files = draft.saved_at, list(Attachment.objects.of(draft))
            if ticket.merged_into_id:
                conversation.go_on_there(ticket.pk, internal=self.internal, actor=actor)
        seen = told(self.read or self.cleaned_data.get("seen") or Seen(0))
        shown = {"key": [secrets.token_hex(16)], "seen": [seen], "looked_over": [print_of(self.findings)]}
        self.data = MultiValueDict({**dict(self.data.lists()), **shown})  # type: ignore[attr-defined]

    def _listed(self, name: str) -> list[str]:
        """What was ticked: files of the draft that shall not go with it, steps that shall be done."""
        chosen: list[str] = self.data.getlist(name) if hasattr(self.data, "getlist") else []
        return chosen


def _draft_of(ticket: Ticket, actor: Actor, *, internal: bool) -> Draft | None:
    found: Draft | None = Draft.objects.filter(ticket=ticket, user_id=actor.id or 0, internal=internal).first()
    return found


class ReplyForm(Composer):
    """`copied` are the addresses offered for Cc as the page shows them: key, masked, ticked. `reaches` says that the customer
    can read it."""

    internal, noun, verb, has_cc = False, "reply", "ticket.reply", True
    tab, button = pgettext_lazy("composer", "Reply"), _("Send to the customer")

    cc = forms.CharField(
        label=_("More addresses"),
        max_length=copies.LONGEST,
        required=False,
        help_text=_(
            "E-mail addresses with a comma between them. They get your words and files as they are; no link and no order "
            "number is added."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.copied: list[tuple[str, str, bool]] = []
        self.offers_cc = False
        self.reaches = True

    def offer_cc(self, ticket: Ticket, *, mailed: bool) -> None:
        self.offers_cc = mailed
        if not mailed:
            return
        self.reaches = reaches(ticket)
        suggested = copies.suggested(ticket)
        first: dict[str, Any] = {"ticked": suggested[: copies.MOST], "typed": ""}
        kept = self.draft.cc if self.draft and self.draft.cc else first
        chosen = self.chosen(ticket) if self.is_bound else copies.Chosen(**kept)
        ticked = chosen.ticked if chosen else []
        self.initial.setdefault("cc", kept["typed"])
        self.copied = [
            (copies.key_of(each), masked(each), each in ticked) for each in dict.fromkeys([*suggested, *ticked])
        ]

    def chosen(self, ticket: Ticket) -> copies.Chosen | None:
        return copies.chosen_in(ticket, self.data)

    def _cc(self, ticket: Ticket) -> list[str]:
        chosen = copies.chosen_in(ticket, self.data)
        return chosen.addresses if chosen else []

    def said(self) -> str:
        if self.message is None or self.message.send_at is None or self.message.sent:
            return _now("Sent to the customer.")
        seconds = round((self.message.send_at - self.message.at).total_seconds())
        told = ngettext("Sent in %(count)s second.", "Sent in %(count)s seconds.", seconds) % {"count": seconds}
        return in_turn(told, _now("Until then you can undo it."))

    def say(self, ticket: Ticket, actor: Actor) -> Message:
        given, hold = self.cleaned_data, conversation.window_of(ticket)
        return conversation.reply(
            ticket.pk, text=signed(given["text"], self.signature), actor=actor, seen=given["seen"], hold=hold,
            phrase=given["phrase"], steps=self._steps(), cc=self._cc(ticket), from_draft=True,
        )  # fmt: skip

    def asked(self) -> dict[str, Any]:
        return {**super().asked(), "cc": [self.cleaned_data["cc"], *self._listed("copied")]}

    def look_over(self, ticket: Ticket) -> None:
        self._steps()
        self.findings = findings_in(ticket, self.cleaned_data["text"])
        if self.findings and self.cleaned_data["looked_over"] != print_of(self.findings):
            raise WordsToThinkOver


class NoteForm(Composer):
    internal, noun, verb = True, "note", "ticket.note"
    tab, button = pgettext_lazy("composer", "Internal note"), _("Keep the note")

    contact = forms.BooleanField(
        label=_("I spoke with the customer"),
        help_text=_("By phone or in person: it counts as an answer."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_out: list[User] = []  # named in it, and not told

    def said(self) -> str:
        kept_out = ", ".join(user.name for user in self.kept_out)
        if not kept_out:
            return _now("Noted.")
        return in_turn(
            _now("Noted."), _now("Not told, since this ticket is not shown to them: %(names)s.") % {"names": kept_out}
        )

    def say(self, ticket: Ticket, actor: Actor) -> Message:
        given = self.cleaned_data
        self.kept_out = mentioned_in(given["text"], of=ticket, but=actor).kept_out
        return conversation.note(
            ticket.pk, text=given["text"], actor=actor, contact=given["contact"], seen=given["seen"],
            phrase=given["phrase"], steps=self._steps(), from_draft=True,
        )  # fmt: skip

    def asked(self) -> dict[str, Any]:
        return {**super().asked(), "contact": self.cleaned_data["contact"]}
