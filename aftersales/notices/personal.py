"""What messages, and their way out, hold of people (`aftersales.kernel.personal`). Imported by `NoticesConfig.ready`."""

from __future__ import annotations

from django.db.models import Q

from aftersales.kernel.personal import Fades, Rows, Stays, about, holds
from aftersales.ledger.models import Due, Outbound
from aftersales.ledger.outbox import BLANKED
from aftersales.notices.actions.forgetting import leave_nothing_waiting, untell_staff
from aftersales.notices.models import Notice, Preference

_SETTLED = (Due.Status.DONE, Due.Status.FAILED, Due.Status.EXPIRED, Due.Status.CANCELLED)


def _notices(person_id: int) -> Rows:
    """What they were told, as customers or in Cc, and what staff were told about them."""
    return Notice.objects.filter(about(person_id, "recipient") | about(person_id, "about"))


def _leaving(person_id: int) -> Rows:
    """Payments stay: their payload is the order's number and the amount."""
    notices = list(_notices(person_id).values_list("pk", flat=True))
    for_them = about(person_id, "subject") | Q(subject_type="notices.notice", subject_id__in=notices)
    return Outbound.objects.filter(for_them).exclude(channel="refund")


def _choices(person_id: int) -> Rows:
    return Preference.objects.filter(recipient_type="customers.person", recipient_id=person_id)


# Before the notices, which lead to it.
holds(
    "ledger.Outbound",
    of=_leaving,
    derived=True,
    untold="channel topic destination key subject_type payload payload_sha256 provider_ref last_error why",
    blanks={"payload": BLANKED, "last_error": "", "why": {}},
    stays={Stays.KEYS: "channel topic destination key subject_type payload_sha256 provider_ref"},
    undo=leave_nothing_waiting,
    fades=Fades("outbox", "done_at", Q(status__in=_SETTLED) & ~Q(channel="refund"), blanks={"payload": BLANKED}),
)
holds(
    "notices.Notice",
    of=_notices,
    derived=True,
    tells="channel template locale to_masked state at sent_at",
    untold="key params recipient_type to_sha256 about_type error why",
    blanks={"params": {}, "to_masked": "", "to_sha256": "", "error": "", "why": {}},
    stays={Stays.KEYS: "key template locale recipient_type about_type"},
    undo=untell_staff,
)
holds("notices.Preference", of=_choices, derived=True, tells="channel kind allowed changed_at", untold="recipient_type",
      gone=True)  # fmt: skip
