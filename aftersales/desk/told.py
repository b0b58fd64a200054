"""What a customer was told by the shop, message by message, and what became of each. Shown on the customer's page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aftersales.accounts.teams import closed_to, sees_all
from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import prepared
from aftersales.notices import wording
from aftersales.notices.models import Notice
from returns.models import Return
from tickets.models import Ticket, Visit

SHOWN = 15
# What belongs to a team, and how to get there. Parcels, care and codes belong to nobody.
_TEAM_OF = ((Ticket, "team"), (Return, "ticket__team"), (Visit, "team"))
_TONES = {
    Notice.State.PENDING: "info", Notice.State.SENT: "success", Notice.State.UNKNOWN: "warn",
    Notice.State.FAILED: "danger", Notice.State.CAPPED: "warn", Notice.State.EXPIRED: "warn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One message: what it says in a line, by which channel and to which address (masked), its state in words and why."""

    title: str
    channel: str
    to: str
    at: dt.datetime
    state: str
    tone: str
    why: str


@prepared
def told_to(scope: Actor, *, person: int) -> QuerySet[Notice]:
    """The newest messages, without those about a case of a team that is closed to the reader: their subjects name it."""
    # Codes are kept under the contact they went to; they are no news for whoever reads this.
    rows = Notice.objects.filter(recipient_type="customers.person", recipient_id=person).select_related("outbound")
    for model, team in () if sees_all(scope) else _TEAM_OF:
        theirs = model._base_manager.filter(pk=OuterRef("about_id"), **{f"{team}__in": closed_to(scope)})
        rows = rows.exclude(Exists(theirs), about_type=model._meta.label_lower)
    return rows.order_by("-at", "-id")[:SHOWN]


def told_in(notices: Iterable[Notice], now: dt.datetime) -> list[Told]:
    """Each in a line. What waits in the outbox is queued until it was tried once."""
    return [_told(notice, now) for notice in notices]


def _told(notice: Notice, now: dt.datetime) -> Told:
    state = Notice.State(notice.state)
    waits = state == Notice.State.PENDING and notice.outbound is not None and notice.outbound.attempts == 0
    why = notice.reason if notice.error or state != Notice.State.SENT else ""
    return Told(
        title=_title(notice, now),
        channel=notice.get_channel_display(),
        to=notice.to_masked,
        at=notice.sent_at or notice.at,
        state=_("queued") if waits else notice.get_state_display(),
        tone=_TONES.get(state, "neutral"),
        why=why,
    )


def _title(notice: Notice, now: dt.datetime) -> str:
    """What it was about, in the reader's language: the subject of its mail, whatever the channel."""
    try:
        return wording.subject(notice.template, notice.params, get_language() or notice.locale, now)
    except (wording.TemplateDoesNotExist, KeyError):  # a kind that is no more
        return notice.template
