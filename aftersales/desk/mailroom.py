"""What came in from outside, as the desk shows it: views with counts, filters, search, and what is remarked about one arrival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.accounts.teams import within_teams
from aftersales.kernel.actor import Actor
from customers.actions.contacts import canonical_phone
from tickets.models import Arrival, MailAccount
from tickets.queries import ArrivalQuerySet

ROWS = 30
_TO_PLACE, _PLACED, _ASIDE = "", "placed", "aside"
_VIEWS = {
    _TO_PLACE: (gettext_lazy("To be placed"), Q(state__in=(Arrival.State.RECEIVED, Arrival.State.QUARANTINED))),
    _PLACED: (gettext_lazy("Placed"), Q(state=Arrival.State.PLACED)),
    _ASIDE: (gettext_lazy("Put aside"), Q(state=Arrival.State.IGNORED)),
}
_R = Arrival.Reason
# What may stand as the reason in each view.
_WHY = {
    _TO_PLACE: (
        _R.UNKNOWN_SENDER, _R.NO_SENDER, _R.OWN_ADDRESS, _R.FORGED, _R.FLOOD, _R.STRAY_BOUNCE, _R.UNREADABLE,
        _R.NOT_HANDED_OVER, _R.TOO_LARGE,
    ),
    _PLACED: (_R.ANSWER, _R.THREAD, _R.REFERENCE, _R.NEW, _R.BOUNCE, _R.BY_HAND),
    _ASIDE: (_R.BLOCKED, _R.STOP, _R.AUTOMATIC, _R.DECLINED, _R.DUPLICATE, _R.OWN_MAIL, _R.BOUNCE),
}  # fmt: skip
_MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a view, words, one mailbox (primary key, 0 for all), one reason. Unknown words ask nothing."""

    view: str
    words: str
    box: int
    why: str

    @classmethod
    def read(cls, asked: QueryDict) -> Asked:
        view = asked.get("view", "") if asked.get("view", "") in _VIEWS else _TO_PLACE
        box, why = asked.get("box", ""), asked.get("why", "")
        return cls(
            view,
            asked.get("q", "").strip()[:100],
            int(box) if box.isascii() and box.isdigit() and len(box) < 10 else 0,
            why if why in {str(each) for each in _WHY[view]} else "",
        )

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.box or self.why)

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return [(str(each), str(each.label)) for each in _WHY[self.view]]


def boxes(actor: Actor) -> list[MailAccount]:
    """The mailboxes to choose from, without those of teams closed to the reader."""
    return list(within_teams(MailAccount.objects.all(), actor, "queue__team"))


def rows(actor: Actor, asked: Asked) -> ArrivalQuerySet:
    """The newest first, narrowed to words in sender, name, subject or text, or to a reference; to a mailbox, to a reason."""
    words = asked.words
    found: ArrivalQuerySet = Arrival.objects.visible_to(actor).filter(_VIEWS[asked.view][1])
    if asked.box:
        found = found.filter(account=asked.box)
    if asked.why:
        found = found.filter(reason=asked.why)
    if words:
        found = found.filter(
            Q(sender__iexact=words) | Q(sender_name__icontains=words) | Q(subject__icontains=words)
            | Q(text__icontains=words) | Q(ref=words.upper()) | Q(channel="sms", sender=canonical_phone(words) or words)
        )  # fmt: skip
    return found.select_related("ticket", "account").defer("quoted").order_by("-received_at", "-pk")


def tabs(actor: Actor, *, view: str) -> list[dict[str, Any]]:
    """The three views; only the work list is counted."""
    waiting = Arrival.objects.visible_to(actor).to_be_placed()[:_MOST_COUNTED].aggregate(count=Count("pk"))["count"]
    return [
        {
            "label": label,
            "href": reverse("desk:mail") + (f"?view={name}" if name else ""),
            "current": name == view,
            "count": waiting if name == _TO_PLACE else None,
        }
        for name, (label, _which) in _VIEWS.items()
    ]


def remarks_of(arrival: Arrival) -> list[str]:
    """What people should know about it, as sentences."""
    return [text for code, params in arrival.remarks if (text := _remark(code, params))]


def _remark(code: str, params: dict[str, Any]) -> str:
    told = {
        "file_refused": _("Not taken over: %(name)s (%(why)s)"),
        "files_left_out": _("%(count)s further files were not taken over."),
        "order_named": _("It names the order %(number)s."),
        "shortened": _("The conversation shows the first %(most)s characters; the rest is on this page."),
        "other_address": _("Written from %(address)s, which is not among the customer's addresses."),
        "in_cc": _("Written by %(address)s, who was in Cc. It does not count as the customer’s word."),
        "automatic": _("The sign of a machine: %(sign)s"),
        "broken_mime": _("The mail is badly formed; parts of it may be missing."),
        "winmail": _("It holds a winmail.dat, which only Outlook opens. Ask for the message as plain text."),
        "unreadable": _("It could not be taken apart (%(why)s). Its original can be saved below."),
    }.get(code)
    if told is None:
        return ""
    return told % ({**params, "why": _why(params["why"])} if code == "file_refused" else params)


def _why(code: str) -> str:
    return {
        "file_empty": _("empty"),
        "file_too_large": _("too large"),
        "file_too_many_pixels": _("too many pixels"),
        "file_wrong_kind": _("no photo"),
        "file_not_taken": _("a kind of file we do not take"),
        "file_archive": _("an archive"),
        "file_old_office": _("an old Office format, or locked with a password"),
        "file_macros": _("holds macros"),
        "file_heic": _("a HEIC photo"),
        "file_moves": _("a moving picture"),
        "file_broken": _("cannot be opened"),
        "too_many": _("more than six files"),
        "too_much_in_all": _("too much for one ticket"),
        "winmail": "winmail.dat",
    }.get(code, _("cannot be read"))
