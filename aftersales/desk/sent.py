"""What became of each reply on its way to the customer, in words. Read by the conversation of the ticket page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce, Upper
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.prepared import Later, prepared
from aftersales.ledger import reasons
from aftersales.ledger.models import Delivery, Due, Outbound
from aftersales.notices.models import Notice
from tickets.actions.mail.threading import COPIED
from tickets.models import Message, Ticket

_WITH_WORDS = "ticket.answered"
Row = tuple[str, dict[str, Any], str | None, str, str, str, dict[str, Any]]
_MOST = 500  # notices, copies among them
_STATES: dict[str, tuple[str | Promise, str]] = {
    Notice.State.PENDING: (gettext_lazy("being sent"), "clock"),
    Notice.State.SHOWN: (gettext_lazy("shown in the demo’s mailbox"), "check"),
    Notice.State.UNKNOWN: (gettext_lazy("possibly sent"), "question"),
    Notice.State.CAPPED: (gettext_lazy("not sent: too many to this address in a day"), "warning"),
    Notice.State.EXPIRED: (gettext_lazy("not sent: too late to be of use"), "warning"),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """`words` for the line below a message, `icon` beside them."""

    words: str
    icon: str


def ask(ticket: Ticket) -> Later[Row]:
    """The deliveries of its replies with their notices."""
    return _delivered.later(ticket=ticket.pk)


def states_of(ticket: Ticket, rows: Iterable[Row]) -> dict[int, Sent]:
    """By primary key of the message; one query more where a chat tool may have taken one.

    A message nobody was told of has its line, too.
    """
    found: dict[int, list[Sent]] = {}
    heard: set[int] = set()  # whose delivery is done
    own: set[int] = set()  # with a notice of the customer's own
    copied: set[int] = set()
    for status, data, state, channel, template, error, why in rows:
        pk = data.get("message", 0)
        found.setdefault(pk, []).append(_of(status, state, channel, template, reasons.said(why or {}, error or "")))
        if status == Due.Status.DONE:
            heard.add(pk)
        if state is not None:
            (copied if template == COPIED else own).add(pk)
    by_chat = _by_chat(ticket) if ticket.channel == Message.Channel.CHAT or heard - own else {}
    for pk, told in by_chat.items():
        found[pk] = [*told, *(found[pk] if pk in copied else ())]
    for pk in (heard & copied) - own - by_chat.keys():
        found[pk].insert(0, _of(Due.Status.DONE, None, "", "", ""))  # the copies left, and the customer has no address
    return {pk: _together(told) for pk, told in found.items()}


def fared() -> Subquery:
    """Of each ticket, the states that `states_of` puts into words, all in one text: no event tells of most steps on the way.

    In capitals that of a delivery without a notice: queued is not yet being sent, and both are pending.
    """
    rows = _deliveries(OuterRef("pk")).order_by().values("listener")
    return Subquery(rows.annotate(all=_Listed(Coalesce("event__notices__state", Upper("status")))).values("all"))


def fared_by_chat() -> Subquery:
    """The same of its replies through a chat tool."""
    rows = _chats(OuterRef("pk")).order_by().values("channel")
    return Subquery(rows.annotate(all=_Listed("status")).values("all"))


class _Listed(Aggregate):
    """The words of all rows in one. In their order, so that the same words are the same text; SQLite keeps that of its rows."""

    function, template = "STRING_AGG", "%(function)s(%(expressions)s, ',' ORDER BY %(expressions)s)"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", template="%(function)s(%(expressions)s)")


def _deliveries(ticket: int | OuterRef) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        listener="tickets.reply", event__subject_type="tickets.ticket", event__subject_id=ticket
    )


def _chats(ticket: int | OuterRef) -> QuerySet[Outbound]:
    return Outbound.objects.filter(subject_type="tickets.ticket", subject_id=ticket, channel="chat")


@prepared
def _delivered(*, ticket: int) -> QuerySet[Delivery, Row]:
    return _deliveries(ticket).order_by("-event_id", "event__notices__pk").values_list(
        "status", "event__data", "event__notices__state", "event__notices__channel", "event__notices__template",
        "event__notices__error", "event__notices__why",
    )[:_MOST]  # fmt: skip


def _together(told: list[Sent]) -> Sent:
    """Copies that fared alike are said once; a warning about any of them is seen."""
    icons = [each.icon for each in told]
    return Sent(" · ".join(dict.fromkeys(each.words for each in told)), "warning" if "warning" in icons else icons[0])


def _by_chat(ticket: Ticket) -> dict[int, list[Sent]]:
    """Replies through a chat tool: the row of the outbox says what became of each."""
    told: dict[int, list[Sent]] = {}
    for row in _chats(ticket.pk).order_by("-pk").only("key", "status", "last_error", "why")[:_MOST]:
        words, icon = {
            Due.Status.PENDING: (_("being sent"), "clock"),
            Due.Status.DONE: (_("sent by chat"), "check"),
            Due.Status.UNKNOWN: (_("possibly sent"), "question"),
        }.get(Due.Status(row.status), (_("not sent: %(why)s") % {"why": row.reason or "–"}, "warning"))
        told[int(row.key.rpartition(":")[2])] = [Sent(words, icon)]
    return told


def _of(status: str, state: str | None, channel: str, template: str, error: str) -> Sent:
    if state is None:
        if status == Due.Status.PENDING:
            return Sent(_("queued"), "clock")
        if status == Due.Status.DONE:
            return Sent(_("nobody could be told: there is no address"), "warning")
        return Sent(_("set aside: a person must look at it in the office"), "warning")
    if template == COPIED:
        if state == Notice.State.SENT:
            return Sent(_("copies sent"), "check")
        told = _of(status, state, channel, "", error)
        return Sent(_("copy: %(state)s") % {"state": told.words}, told.icon)
    if state == Notice.State.FAILED:
        return Sent(_("not sent: %(why)s") % {"why": error or "–"}, "warning")
    if state in _STATES:
        words, icon = _STATES[state]
        return Sent(str(words), icon)
    if template == _WITH_WORDS and channel == Notice.Channel.EMAIL:
        return Sent(_("sent by e-mail"), "check")
    by_mail = channel == Notice.Channel.EMAIL
    return Sent(_("told of it by e-mail") if by_mail else _("told of it by SMS"), "check")
