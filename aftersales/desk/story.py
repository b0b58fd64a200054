"""What happened in a case, as a timeline in words: the events of ticket and return together. Shown on the ticket page."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import CharField, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.couriers import courier_name
from aftersales.kernel.prepared import Later, prepared
from aftersales.kernel.reader import listed, reads_chinese
from aftersales.ledger.catalogue import event_types
from aftersales.ledger.models import Event
from aftersales.ledger.subject import subject_of
from customers.models import Promise
from returns.models import Return
from tickets.actions.assignment import NOBODY
from tickets.models import Clock, Closure, Complaint, Escalation, Satisfaction, Ticket, TicketPromise, Visit
from tickets.models.sla_settings import DEEDS

MOST = 100  # events; a case with more is read in the office

# The conversation shows these itself.
_SAID_ELSEWHERE = (
    "ticket.message_received",
    "ticket.cc_received",
    "ticket.replied",
    "ticket.noted",
    "ticket.reply_written",
    "ticket.reply_undone",
)
_OF_PROMISES = ("promise.made", "promise.kept")  # a broken one the ticket tells of by an event of its own
_NAMES_ANOTHER = ("ticket.linked", "ticket.unlinked")
_TONES = {
    "promise.kept": "success",
    "return.approved": "success",
    "refund.paid": "success",
    "exchange.delivered": "success",
    "repair.delivered": "success",
    "repair.failed": "warn",
    "return.rejected": "danger",
    "return.goods_refused": "danger",
    "return.partly_refused": "danger",
    "handback.came_back": "warn",
    "refund.failed": "danger",
    "refund.unknown": "warn",
    "return.contested": "warn",
    "return.escalated": "warn",
}
_CODES = {"fault_words": Complaint.Fault, "to_words": Escalation.To, "stage_words": Satisfaction.Stage,
          "outcome_words": Visit.Outcome, "why_words": Visit.Why}  # fmt: skip
# A sentence that says which clock it was, and what was done.
_OF_CLOCKS = {
    "clock.warned": gettext_lazy("A deadline is near: %(clock_words)s"),
    "clock.missed": gettext_lazy("A deadline has passed: %(clock_words)s"),
    "clock.escalated": gettext_lazy("Escalated because a deadline has passed: %(clock_words)s (%(deed_words)s)"),
}
_ICONS = {
    "return": "return", "refund": "coin", "exchange": "swap", "ticket": "inbox", "claim": "truck",
    "handback": "return", "repair": "wrench", "file": "image", "complaint": "flag", "improvement": "star",
    "review": "star", "promise": "calendar",
}  # fmt: skip


def ask(ticket: Ticket, ret: Return | None, actor: Actor) -> Later[Event]:
    """What happened, the newest first; of promises what was promised on tickets that the reader sees."""
    return _happened.later(actor.scope, ret is not None, ticket=ticket.pk, **{"ret": ret.pk} if ret else {})


def told(events: list[Event], actor: Actor) -> list[dict[str, Any]]:
    """Each as `parts/timeline.html` takes it. A link with a ticket the reader does not see is left out."""
    named = {event.data.get("ref") for event in events if event.name in _NAMES_ANOTHER}
    seen = set(Ticket.objects.visible_to(actor).filter(ref__in=named).values_list("ref", flat=True)) if named else set()
    return [_told(event) for event in events if event.name not in _NAMES_ANOTHER or event.data.get("ref") in seen]


@prepared
def _happened(scope: Actor, to_return: bool, *, ticket: int, ret: int = 0) -> QuerySet[Event]:
    """With the words of a promise where it is one: they stand in its row and nowhere else. The plan of a complaint tells its
    own promise.

    A union and no `OR`, for which the database would walk through all events there are.
    """
    about = Q(subject_type=Ticket._meta.label_lower, subject_id=ticket)
    if to_return:
        about |= Q(subject_type=Return._meta.label_lower, subject_id=ret)
    own = Event.objects.filter(about).exclude(name__in=_SAID_ELSEWHERE)
    here = Ticket.objects.filter(Q(pk=ticket) | Q(merged_into=ticket)).order_by().values("pk")
    seen = Ticket.objects.visible_to(scope)
    promised = TicketPromise.objects.filter(ticket__in=here).filter(ticket__in=seen).values("promise")
    planned = Complaint.objects.filter(ticket__in=here, promise__isnull=False).values("promise")
    of_promises = Event.objects.filter(
        subject_type=Promise._meta.label_lower, subject_id__in=promised, name__in=_OF_PROMISES
    ).exclude(name="promise.made", subject_id__in=planned)
    words = Promise.objects.filter(pk=OuterRef("subject_id")).values("text")
    nothing = Value("", output_field=CharField())
    told = (own.annotate(words=nothing).order_by(), of_promises.annotate(words=Subquery(words)).order_by())
    return told[0].union(told[1], all=True).order_by("-id")[:MOST]


def told_of(thing: Model) -> list[dict[str, Any]]:
    """The events of one row that is no case, such as a review, the newest first."""
    return [_told(event) for event in Event.objects.filter(**subject_of(thing)).order_by("-id")[:MOST]]


def _told(event: Event) -> dict[str, Any]:
    known = event_types().get(event.name)
    return {
        "title": in_words(event) if known else event.name,
        "text": getattr(event, "words", ""),
        "at": event.at,
        "who": "" if event.actor_kind == "system" else event.actor_label,
        "icon": _ICONS.get(event.name.split(".")[0], "info"),
        "tone": _TONES.get(event.name, ""),
    }


def in_words(event: Event) -> str:
    """The sentence of an event's type, filled with its data; an older event that lacks a word keeps the gap visible."""
    if event.name == "ticket.closed" and event.data.get("reason") in Closure.Reason:
        return _("Ticket closed: %(reason)s") % {"reason": Closure.Reason(event.data["reason"]).label}
    if event.name == "ticket.assigned" and event.data.get("to") == NOBODY:
        return _("No longer assigned to anybody")
    if event.name in _OF_CLOCKS and (said := _of_clock(event.data)):
        return str(_OF_CLOCKS[event.name]) % said
    text = _text(event.name, get_language())
    return text % _Gaps(_readable(event.data)) if "%(" in text else text


def _of_clock(data: dict[str, Any]) -> dict[str, Any]:
    """Which clock and what was done, in words; nothing of an event that does not say which."""
    metric, deed = str(data.get("metric", "")), str(data.get("deed", ""))
    if metric not in Clock.Metric or (deed and deed not in DEEDS):
        return {}
    return {"clock_words": Clock.Metric(metric).label, "deed_words": DEEDS.get(deed, "…")}


@cache
def _text(name: str, _language: str | None) -> str:
    """What a type of events says in the language that is on."""
    return str(event_types()[name].text)


def _readable(data: dict[str, Any]) -> dict[str, Any]:
    """Codes that stand in an event, as words of the reader's language."""
    said = dict(data)
    if "carrier" in said:
        said["carrier"] = courier_name(said["carrier"])
    if "whom" in said:
        said["whom"] = dict(Ticket.WaitingOn.choices).get(said["whom"], said["whom"])
    if "fields" in said:
        said["fields"] = listed(ticket_words(name) for name in said["fields"])
    if isinstance(said.get("labels"), dict):
        said["labels"] = said["labels"]["zh" if reads_chinese() else "en"]
    for name in ("before", "after"):
        if said.get(name) in Return.Kind:
            said[name] = Return.Kind(said[name]).label
    for name, words in _CODES.items():
        if said.get(name) in words:
            said[name] = words(said[name]).label
    return said


def ticket_words(name: str) -> Any:
    """What a column of the ticket is called."""
    return getattr(Ticket._meta.get_field(name), "verbose_name", name)


class _Gaps(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "…"
