"""Send a confirmation code to a contact on file. Called by the proof of an order; the limits on codes are its own."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from django.db import transaction
from django.db.models import Model

from aftersales.kernel import clock
from aftersales.ledger import outbox
from aftersales.notices.actions.telling import payload_of, version_of, words_of
from aftersales.notices.kinds import KINDS
from aftersales.notices.models import Notice
from aftersales.notices.recipients import Point

MINUTES = 10  # how long a code is good; said in the message


class ContactPoint(Protocol):
    """A row with an address: the archive's, whose model this floor does not know."""

    pk: int
    kind: str  # "email" | "phone"
    value: str
    person_id: int

    @property
    def masked(self) -> str: ...


@transaction.atomic
def send_code(contact_point: ContactPoint, code: str, locale: str, *, minutes: int = MINUTES) -> Notice:
    """Put the code into the outbox, in the caller's transaction.

    The notice does not hold the code; the outbox does until it is sent, then its payload is blanked. It is never logged.
    """
    now = clock.now()
    channel = Notice.Channel.EMAIL if contact_point.kind == "email" else Notice.Channel.SMS
    point = Point(str(contact_point.kind), contact_point.value, contact_point.masked)
    assert isinstance(contact_point, Model)
    notice = Notice.objects.create(
        key=f"{channel}:code:{contact_point.pk}:{now.isoformat()}",
        channel=channel,
        template="proof.code",
        locale=locale,
        params={"minutes": minutes},
        recipient_type=contact_point._meta.label_lower,
        recipient_id=contact_point.pk,
        to_masked=point.masked,
        to_sha256=point.sha256,
        at=now,
    )
    words = words_of(KINDS["proof.code"], channel, locale)
    payload = payload_of(channel, point, "proof.code", {"code": code, "minutes": minutes}, locale, now, words=words)
    notice.outbound = outbox.put(
        channel=channel, key=f"{channel}:notice:{notice.pk}", on=notice, payload=payload, topic=notice.template,
        useful_until=now + dt.timedelta(minutes=minutes),
    )  # fmt: skip
    notice.version = version_of(words)
    notice.save(update_fields=["outbound", "version"])
    return notice
