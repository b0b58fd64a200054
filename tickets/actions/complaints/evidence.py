"""Ask for an evidence pack, have it made by the worker, hand it out, and delete it when its time is over."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aftersales.files import store
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.record import record
from tickets.actions.by import user_id_of
from tickets.actions.complaints.guards import lock_any
from tickets.actions.complaints.packing import cases_of, files_of, write_pack
from tickets.models import EvidencePack, Ticket

BUILD_TIMER, EXPIRY_TIMER = "complaint.pack_due", "complaint.pack_expires"
FOLDER = "packs"
KEPT = dt.timedelta(days=7)
S = EvidencePack.Status


class PackUnderWay(Conflict):
    code = "pack_under_way"
    sentence = _("A colleague is having a pack of this complaint made. Ask for yours when it is ready.")


@transaction.atomic
def ask_pack(ticket_id: int, *, names_masked: bool, actor: Actor) -> EvidencePack:
    """Have a pack made, in the language of whoever asks. While one of the same kind is being made, that one is given.

    Cases of the order that are closed to the actor are not in it, and it says so. Raises `PackUnderWay` where the one that
    is being made holds such a case.
    """
    complaint = lock_any(ticket_id, actor, "complaint.export")
    running: EvidencePack | None = complaint.packs.filter(status=S.BUILDING, names_masked=names_masked).first()
    if running is not None:
        if not EvidencePack.objects.visible_to(actor).filter(pk=running.pk).exists():
            raise PackUnderWay
        return running
    at, cases = clock.now(), cases_of(complaint)
    seen = list(Ticket.objects.visible_to(actor).filter(pk__in=[case.pk for case in cases]))
    pack: EvidencePack = complaint.packs.create(
        names_masked=names_masked, language=get_language() or "zh-hans", by_id=user_id_of(actor), at=at,
        total=1 + len(files_of(complaint, seen)), left_out=len(cases) - len(seen),
    )  # fmt: skip
    pack.cases.set(seen)
    timers.set_timer(BUILD_TIMER, on=pack, due_at=at, at=at)
    record("complaint.pack_asked", on=complaint.ticket, actor=actor, at=at, names_masked=names_masked)
    return pack


@transaction.atomic
def build_pack(pack_id: int, *, at: dt.datetime) -> EvidencePack:
    """Write the file and say until when it is kept. A pack that is ready stays as it is."""
    pack: EvidencePack = EvidencePack.objects.select_for_update(of=("self",)).get(pk=pack_id)
    if pack.status != S.BUILDING:
        return pack
    pack.fill(lambda body: write_pack(pack, at, body), folder=FOLDER, known=known, at=at, kept=KEPT)
    pack.save()
    assert pack.expires_at is not None
    timers.set_timer(EXPIRY_TIMER, on=pack, due_at=pack.expires_at, at=at)
    ticket = pack.complaint.ticket
    record("complaint.pack_made", on=ticket, actor=SYSTEM, at=at, size=pack.size, sha256=pack.sha256)
    return pack


def known(stored_names: list[str]) -> set[str]:
    """Those of the names that a pack has; every other file of `FOLDER` is cleared away when it is a day old."""
    packs = EvidencePack.objects.filter(stored_name__in=stored_names)
    return set(packs.values_list("stored_name", flat=True))


@transaction.atomic
def hand_out(pack_id: int, *, actor: Actor) -> EvidencePack:
    """Let somebody take the file, and record that they did, each time. Raises `NotFound` when it is not there any more."""
    pack: EvidencePack | None = (
        EvidencePack.objects.visible_to(actor).select_related("complaint__ticket").filter(pk=pack_id).first()
    )
    if pack is None or pack.status != S.DONE:
        raise NotFound
    check(actor, "complaint.export")
    record("complaint.pack_taken", on=pack.complaint.ticket, actor=actor, pack=pack.pk)
    return pack


@transaction.atomic
def expire_pack(pack_id: int, *, at: dt.datetime) -> EvidencePack:
    """Delete the file; who asked for it and when stays. Expiring twice changes nothing."""
    pack: EvidencePack = EvidencePack.objects.select_for_update(of=("self",)).get(pk=pack_id)
    if pack.status != S.DONE:
        return pack
    name, pack.status, pack.stored_name = pack.stored_name, S.EXPIRED, ""
    pack.save(update_fields=["status", "stored_name"])
    record("complaint.pack_expired", on=pack.complaint.ticket, actor=SYSTEM, at=at)
    transaction.on_commit(lambda: store.remove(name))
    return pack


def forget_packs(rows: QuerySet[Any]) -> None:
    """In the transaction that erases the person they are about: no file is kept any longer, and one that is being
    made is waited for. Called by `tickets.personal`."""
    at = clock.now()
    for pk in rows.exclude(status=S.EXPIRED).select_for_update().order_by("pk").values_list("pk", flat=True):
        expire_pack(pk, at=at)
    rows.filter(status=S.BUILDING).update(status=S.EXPIRED)  # asked for and not begun: `build_pack` leaves it alone
