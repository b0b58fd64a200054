"""Sort many mails at once, and block a sender by typing it. Used by the mailroom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from aftersales.desk.deeds.mail import ADDRESS, DOMAIN, whom
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotPermitted, Refusal
from aftersales.kernel.policy import may
from tickets.actions.mail import blocking, by_hand
from tickets.models import Arrival


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that is done to many mails, each by the action of one; `views` are those in which it is offered."""

    key: str
    verb: str
    label: str | Promise
    explains: str | Promise
    views: tuple[str, ...]


KINDS = (
    Kind("aside", "mail.place", pgettext_lazy("deed", "Put aside"), _("They are found again under that view."), ("",)),
    Kind(
        "tickets", "mail.place", pgettext_lazy("deed", "Make tickets of them"),
        _(
            "A ticket for each, in the queue of its mailbox; what one buyer wrote by chat is one. Who is not in the archive is "
            "added to it."
        ),
        ("", "aside"),
    ),
    Kind(
        "block", "mail.block", pgettext_lazy("deed", "Block their senders"),
        _("What they send from now on is put aside as it comes in, and what waits of them at once."),
        ("", "placed", "aside"),
    ),
)  # fmt: skip


def kinds_in(view: str, actor: Actor) -> list[Kind]:
    """What this person may do to the rows of a view."""
    return [kind for kind in KINDS if view in kind.views and may(actor, kind.verb)]


def kind_called(key: str) -> Kind | None:
    return next((kind for kind in KINDS if kind.key == key), None)


class ManyForm(forms.Form):
    """What it needs to be told, and after `carry_out` how many are done and which were refused, with the sentence."""

    scope = forms.ChoiceField(
        label=_("Who"), widget=forms.RadioSelect, initial=ADDRESS,
        choices=((ADDRESS, _("only these addresses")), (DOMAIN, _("everybody at their domains"))),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why"), max_length=blocking.LONGEST_REASON)

    def __init__(self, data: QueryDict | None, *, kind: Kind, actor: Actor) -> None:
        super().__init__(data, auto_id="many-%s")
        self.kind, self.actor, self.status = kind, actor, 200
        self.done = 0
        self.refused: list[tuple[Arrival, str]] = []
        if kind.key != "block":
            self.fields.clear()

    def carry_out(self, chosen: Sequence[Arrival]) -> bool:
        """Each by itself: one that is refused stops no other, and done twice is done once."""
        if not self.is_valid():
            self.status = 422
            return False
        act = {"aside": self._aside, "tickets": self._ticket, "block": self._block}[self.kind.key]
        for arrival in chosen:
            self._try(act, arrival)
        return True

    def said(self) -> str:
        told = ngettext("Done for %(count)s mail.", "Done for %(count)s mails.", self.done)
        return told % {"count": self.done}

    def _try(self, act: Callable[[Arrival], object], arrival: Arrival) -> None:
        try:
            act(arrival)
        except NotPermitted:
            raise
        except Refusal as refusal:
            self.refused.append((arrival, str(refusal)))
        else:
            self.done += 1

    def _aside(self, arrival: Arrival) -> object:
        return by_hand.put_aside(arrival.ref, actor=self.actor)

    def _ticket(self, arrival: Arrival) -> object:
        _must_name_a_sender(arrival)
        return by_hand.open_for(arrival.ref, actor=self.actor)

    def _block(self, arrival: Arrival) -> object:
        _must_name_a_sender(arrival)
        if arrival.channel != Arrival.Channel.EMAIL:
            raise BadInput(_("Only senders of mail are blocked."), field="scope")
        sender = whom(arrival.sender, self.cleaned_data["scope"])
        return blocking.block_sender(sender, reason=self.cleaned_data["reason"], actor=self.actor)


class BlockForm(forms.Form):
    """A sender that somebody types, with the reason."""

    sender = forms.CharField(
        label=_("Address or domain"), max_length=254,
        help_text=_("offers@spam.example for one address, spam.example for everybody there and below."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why"), max_length=blocking.LONGEST_REASON)
    status = 200

    def carry_out(self, actor: Actor) -> bool:
        if not self.is_valid():
            self.status = 422
            return False
        given = self.cleaned_data
        try:
            blocking.block_sender(given["sender"], reason=given["reason"], actor=actor)
        except (BadInput, Conflict) as refusal:
            self.status = refusal.status
            field = refusal.field if isinstance(refusal, BadInput) else None
            self.add_error(field if field in self.fields else None, str(refusal))
            return False
        return True


def _must_name_a_sender(arrival: Arrival) -> None:
    if not arrival.sender:
        raise BadInput(Arrival.Reason.NO_SENDER.label, field="scope")
