"""What one says about something that is done to many tickets: to whom, where, how urgent, for whom it waits, what is written."""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.accounts.models import Team, User
from aftersales.desk.forms.lookingover import LooksOver
from aftersales.kernel.actor import Actor
from aftersales.kernel.clock import end_of_shop_day
from aftersales.kernel.days import DayField
from aftersales.kernel.errors import Conflict, NotFound, NotPermitted, Refusal
from aftersales.kernel.policy import GRANTS
from aftersales.ledger.fingerprint import fingerprint
from tickets.actions import phrases
from tickets.actions.bulk.kinds import KINDS, Kind, filled, missing_in
from tickets.actions.bulk.running import start_bulk
from tickets.actions.conversation import LONGEST_MESSAGE, clean_text
from tickets.actions.conversation.signing import signature_of, signed
from tickets.actions.looking_over import findings_in_many
from tickets.models import BulkRun, Closure, Phrase, Queue, Tag, Ticket
from tickets.wording import HOLE

_TRIED = 200  # tickets at most, for one whose customer would read the whole phrase


class NobodyReadsIt(Conflict):
    code = "no_value"
    sentence = _(
        "The phrase says {%(name)s}, and none of the tickets that were tried has one. Choose another phrase or other tickets."
    )


class Sample(NamedTuple):
    """A phrase as one of the customers would read it, and in words what it does besides. `print` is that of the phrase, the same
    while nobody edits it."""

    ticket: Ticket
    text: str
    does: list[str]
    print: str


class BulkForm(LooksOver):
    """`key` is made with the page, so that a page sent twice is one run. A phrase is shown as one of them reads it, then sent."""

    key = forms.CharField(max_length=32, min_length=16, widget=forms.HiddenInput)
    sample: Sample | None = None

    def __init__(self, data: QueryDict | None, *, kind: Kind, actor: Actor) -> None:
        super().__init__(data, auto_id="bulk-%s", initial={"key": secrets.token_hex(16)})
        self.kind, self.actor, self.status = kind, actor, 200
        self.fields.update(_fields(kind.key, actor))
        self.signature = signature_of(actor) if kind.verb == "ticket.reply" else ""

    def start(self, tickets: list[int], *, agreed: str | None = None) -> BulkRun | None:
        """The run, or None with the reason on the form. `agreed` is the seal of the tickets that the form was shown for."""
        if not self.is_valid():
            self.status = 422
            return None
        try:
            is_unread = self._is_to_be_read(tickets)
            self._look_over(tickets)
            if is_unread:
                self.status = 422
                return None
            return start_bulk(
                self.kind.key,
                self._params(),
                tickets,
                key=f"{self.actor.id}-{self.cleaned_data['key']}",
                actor=self.actor,
                agreed=agreed,
            )
        except (NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            self.status = refusal.status
            self.add_error(None, str(refusal))
            return None

    def _look_over(self, tickets: list[int]) -> None:
        """The words that everybody gets; a phrase in each of its languages, with its holes, which every ticket fills."""
        if self.kind.key == "reply":
            text = self.cleaned_data["text"]
            clean_text(signed(text, self.signature))  # too long is said here, and not by every ticket
            self.think_over(text, findings_in_many(tickets, text))
        elif self.kind.key == "phrase":
            phrase = self.cleaned_data["phrase"]
            text = f"{phrase.text_zh}\n{phrase.text_en}"
            found = findings_in_many(tickets, text)
            self.think_over(text, [finding for finding in found if finding.fault != HOLE])

    def _is_to_be_read(self, tickets: list[int]) -> bool:
        """Whether what goes out was not shown yet: of a phrase one has chosen no more than the name."""
        if self.kind.key != "phrase":
            return False
        phrase = self.cleaned_data["phrase"]
        told = fingerprint([phrase.pk, phrase.text_zh, phrase.text_en, phrase.steps])[:16]
        seen = Ticket.objects.visible_to(self.actor).filter(pk__in=tickets).select_related("person").order_by("pk")
        lacking: list[str] = []
        for ticket in seen[:_TRIED]:
            text = filled(phrase, ticket, self.actor)
            if missing := missing_in(text):  # it will be refused, and its customer reads nothing
                lacking.append(missing)
                continue
            self.sample = Sample(ticket, text, [words for _line, words in phrases.ticks(phrase.steps)], told)
            return bool(self.data.get("sample") != told)
        if lacking:
            raise NobodyReadsIt(name=lacking[0])
        return False

    def _params(self) -> dict[str, Any]:
        """As the run keeps them: plain values, times in UTC."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        for name in ("user", "team", "queue", "tag", "phrase"):
            if name in said:
                said[name] = said[name].pk if said[name] else None
        if said.get("priority"):
            said["priority"] = int(said["priority"])
        if "until" in said:
            said["until"] = end_of_shop_day(said["until"]).isoformat() if said["until"] else ""
        return said


def kind_called(key: str) -> Kind:
    """Raises `NotFound` for a kind nobody knows."""
    if key not in KINDS:
        raise NotFound
    return KINDS[key]


def _fields(kind: str, actor: Actor) -> dict[str, forms.Field]:
    match kind:
        case "assign":
            workers = User.objects.filter(is_active=True, role__in=sorted(GRANTS["ticket.assign"]))
            return {"user": _one(_("Who takes it"), workers, _("Nobody"), required=False)}
        case "team":
            return {"team": _one(_("Team"), Team.objects.order_by("name"), _("no team"), required=False)}
        case "queue":
            return {"queue": _one(_("Queue"), Queue.objects.offered())}
        case "tag":
            return {"tag": _one(_("Tag"), Tag.objects.filter(retired_at=None))}
        case "priority":
            urgencies = [(str(value), words) for value, words in Ticket.Priority.choices]
            return {"priority": forms.ChoiceField(label=_("Priority"), choices=urgencies, initial="3")}
        case "close":
            reasons = [(each.value, each.label) for each in Closure.BY_HAND]
            return {"reason": forms.ChoiceField(label=_("Why it is closed"), choices=reasons, initial="solved")}
        case "wait":
            whom: list[Any] = [
                ("", pgettext_lazy("waiting", "nobody: take it up again")),
                *Ticket.WaitingOn.choices[1:],
            ]
            return {
                "waiting_on": forms.ChoiceField(label=_("Waiting for"), choices=whom, required=False),
                "until": DayField(label=_("Look again after"), required=False),
                "why": forms.CharField(label=_("Why"), required=False, max_length=200),
            }
        case "phrase":
            offered = Phrase.objects.visible_to(actor).filter(retired_at=None).exclude(kinds=[Phrase.FOR_REVIEWS])
            return {"phrase": _one(_("Phrase"), offered.order_by("-uses", "key"), _("Choose a phrase"))}
        case "reply":
            words = forms.CharField(
                label=_("What everybody is told"), max_length=LONGEST_MESSAGE, widget=forms.Textarea({"rows": 6})
            )
            return {"text": words}
    return {}


def _one(label: Any, rows: Any, empty: Any = None, *, required: bool = True) -> forms.ModelChoiceField[Any]:
    """One of the rows. Without words for `empty` the first one is chosen from the start."""
    return forms.ModelChoiceField(label=label, queryset=rows, required=required, empty_label=empty)
