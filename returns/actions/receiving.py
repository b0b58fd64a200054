"""The warehouse counts and inspects what came back. Called by the desk's receive page and the clock (T5)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from customers.models import Sku
from returns import policy
from returns.actions import decision, refusals, units, verdicts
from returns.actions.by import user_id_of
from returns.actions.shipping import arrive
from returns.machine import S, move, must_be
from returns.models import Inspection, Receipt, Return, ReturnLine
from returns.rules import reasons
from tickets.actions.conversation import clean_text
from tickets.actions.opening import set_progress


class CountTooHigh(BadInput):
    code = "count_too_high"
    sentence = _("“%(title)s”: %(count)s counted, but only %(open)s were still expected. Count again.")


class CountIncomplete(BadInput):
    code = "inspection_incomplete"
    sentence = _("“%(title)s”: %(received)s were counted, %(inspected)s inspected. Inspect every unit.")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found on so many units of one line."""

    line_id: int
    quantity: int
    accepted: bool
    grade: str
    disposition: str
    note: str = ""
    found_reason: str = ""
    found_cause: str = ""


@transaction.atomic
def receive_goods(return_id: int, counts: Mapping[int, int], *, key: str, actor: Actor) -> Return:
    """Count units out of the parcel, line by line. Several counts over several days add up; the same `key` is one count.

    `counts` maps return-line ids to units. Goods that come without a tracking number are received all the same.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.receive")
    if Receipt.objects.filter(line__of=ret, key=key).exists():
        return ret
    must_be(ret, S.AWAITING_RETURN, S.IN_TRANSIT, S.DELIVERED, S.RECEIVED)
    now = clock.now()
    counted = {line: counts[line.pk] for line in ret.lines.select_related("order_line") if counts.get(line.pk)}
    if not counted:
        raise BadInput(_("Enter how many units came back."), field="counts", code="nothing_counted")
    for line, count in counted.items():
        if not 0 < count <= line.quantity - line.received_quantity:
            raise CountTooHigh(
                field=f"count-{line.pk}",
                title=str(line.order_line),
                count=count,
                open=line.quantity - line.received_quantity,
            )
        Receipt.objects.create(line=line, quantity=count, key=key, by_id=user_id_of(actor), at=now)
        ReturnLine.objects.filter(pk=line.pk).update(received_quantity=F("received_quantity") + count)
    if ret.status in (S.AWAITING_RETURN, S.IN_TRANSIT):
        arrive(ret, signed_at=now, actor=actor, at=now)
        ret.parcels.filter(signed_at=None).update(signed_at=now)
    if ret.status == S.DELIVERED:
        move(ret, S.RECEIVED, at=now)
    set_progress(ret.ticket, waiting_on="warehouse", due_at=now + policy.REFUND_TARGET, at=now)
    record("return.received", on=ret, actor=actor, at=now, counts={str(line.pk): n for line, n in counted.items()})
    return ret


@transaction.atomic
def inspect_goods(return_id: int, findings: Sequence[Finding], *, clause: str = "", actor: Actor) -> Return:
    """Judge every counted unit. The rules speak again on what was found; accepted units become a refund or a replacement.

    The same again changes nothing; other findings than those that stand are refused (`DoneOtherwise`).
    Units that did not come or are not accepted are free for another request. Where something is not accepted, or less
    is paid than by what was told, the customer may object (T7); `clause` names the rule it rests on.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.inspect")
    if ret.status not in (S.RECEIVED, S.DELIVERED, S.IN_TRANSIT, S.AWAITING_RETURN) and (
        stand := list(Inspection.objects.filter(line__of=ret))
    ):
        if sorted(map(_told, stand)) != sorted(map(_told, findings)):
            raise DoneOtherwise("return.inspected", on=ret)
        return ret
    must_be(ret, S.RECEIVED)
    now = clock.now()
    lines = {line.pk: line for line in ret.lines.select_related("order_line__sku", "of")}
    _check_complete(lines, findings)
    for finding in findings:
        _write(lines[finding.line_id], finding, actor=actor, at=now)
    _accept(lines, findings)
    intact, causes = _for_the_rules(findings)
    before, payers = verdicts.legs_of(ret), verdicts.outbound_payers(ret)
    verdicts.decide_found(ret, intact, causes, actor=actor, at=now)
    timers.cancel("return.T5", on=ret)
    accepted = ret.lines.aggregate(sum=Sum("accepted_quantity"))["sum"]
    record("return.inspected", on=ret, actor=actor, at=now, accepted=accepted)
    _go_on(ret, before, payers, findings, clause=clause, actor=actor, at=now)
    return ret


def _told(of: Finding | Inspection) -> tuple[int, int, bool, str, str, str]:
    """A finding as it is kept: the same whether it is read or sent."""
    return of.line_id, of.quantity, of.accepted, str(of.grade), str(of.disposition), _note(of.note)


def _note(text: str) -> str:
    return clean_text(text, field="note", longest=1000) if text.strip() else ""


def _check_complete(lines: Mapping[int, ReturnLine], findings: Sequence[Finding]) -> None:
    inspected: dict[int, int] = defaultdict(int)
    for finding in findings:
        if finding.line_id not in lines or finding.quantity < 1:
            raise BadInput(_("Please check the quantities."), field="findings", code="finding_quantity")
        if finding.grade not in Inspection.Grade or finding.disposition not in Inspection.Disposition:
            raise BadInput(_("Choose a grade and where the goods go."), field="findings", code="finding_incomplete")
        if finding.found_reason and finding.found_reason not in reasons.reasons():
            raise BadInput(_("Choose the reason from the list."), field="findings", code="found_reason_unknown")
        is_repair = lines[finding.line_id].of.kind == Return.Kind.REPAIR and finding.accepted
        if is_repair != (finding.disposition == Inspection.Disposition.REPAIR):
            raise BadInput(
                _("Accepted goods of a repair go to be repaired, and no others do."),
                field="findings",
                code="not_a_repair",
            )
        inspected[finding.line_id] += finding.quantity
    for line in lines.values():
        if inspected[line.pk] != line.received_quantity:
            raise CountIncomplete(
                field=f"line-{line.pk}",
                title=str(line.order_line),
                received=line.received_quantity,
                inspected=inspected[line.pk],
            )


def _write(line: ReturnLine, finding: Finding, *, actor: Actor, at: dt.datetime) -> None:
    Inspection.objects.create(
        line=line,
        quantity=finding.quantity,
        accepted=finding.accepted,
        grade=finding.grade,
        disposition=finding.disposition,
        note=_note(finding.note),
        by_id=user_id_of(actor),
        at=at,
    )
    if finding.disposition == Inspection.Disposition.RESTOCK and finding.accepted and line.order_line.sku_id:
        # Stock moves only here, by disposition, once per inspected unit.
        Sku.objects.filter(pk=line.order_line.sku_id).update(on_hand=F("on_hand") + finding.quantity)


def _accept(lines: Mapping[int, ReturnLine], findings: Sequence[Finding]) -> None:
    for line in lines.values():
        mine = [finding for finding in findings if finding.line_id == line.pk]
        line.accepted_quantity = sum(finding.quantity for finding in mine if finding.accepted)
        line.found_reason = next((finding.found_reason for finding in mine if finding.found_reason), "")
        line.save(update_fields=["accepted_quantity", "found_reason"])
        units.free_units(line, keep=line.accepted_quantity)


def _for_the_rules(findings: Sequence[Finding]) -> tuple[dict[int, bool], dict[int, str]]:
    intact: dict[int, bool] = {}
    causes: dict[int, str] = {}
    for finding in findings:
        fine = finding.grade in (Inspection.Grade.INTACT, Inspection.Grade.OPENED)
        intact[finding.line_id] = intact.get(finding.line_id, True) and fine
        if finding.found_cause:
            causes[finding.line_id] = finding.found_cause
    return intact, causes


def _go_on(
    ret: Return,
    before: policy.Legs,
    payers: Mapping[int, str],
    findings: Sequence[Finding],
    *,
    clause: str,
    actor: Actor,
    at: dt.datetime,
) -> None:
    """What is accepted becomes money or a replacement at once; what is not can be objected to."""
    refused = sum(finding.quantity for finding in findings if not finding.accepted)
    if not any(finding.accepted for finding in findings):
        refusals.refuse_goods(ret, [finding.note for finding in findings], clause=clause, actor=actor, at=at)
        return
    if refused or refusals.pays_less(ret, before, payers):
        notes = [finding.note for finding in findings if not refused or not finding.accepted]
        refusals.refuse_part(ret, notes, units=refused, clause=clause, actor=actor, at=at)
    decision.settle_accepted(ret, actor=actor, at=at)


@transaction.atomic
def accept_uninspected(return_id: int) -> Return:
    """T5 ran out: the customer does not wait for our warehouse. Everything asked for counts as received and accepted.

    What is to be repaired must be here: of a parcel on its way that is not true (`WrongStatus`).
    """
    ret: Return = Return.objects.lock(return_id)
    check(SYSTEM, "return.receive")
    now = clock.now()
    if ret.status == S.IN_TRANSIT and ret.kind != Return.Kind.REPAIR:
        arrive(ret, signed_at=now, actor=SYSTEM, at=now)
    must_be(ret, S.DELIVERED, S.RECEIVED)
    for line in ret.lines.all():
        missing = line.quantity - line.received_quantity
        if missing:
            Receipt.objects.create(line=line, quantity=missing, key=f"T5:{ret.version}", by=None, at=now)
    ret.lines.update(received_quantity=F("quantity"), accepted_quantity=F("quantity"))
    if ret.status == S.DELIVERED:
        move(ret, S.RECEIVED, at=now)
    timers.cancel("return.T5", on=ret)
    record("return.inspected", on=ret, actor=SYSTEM, at=now, accepted=None, uninspected=True)
    decision.settle_accepted(ret, actor=SYSTEM, at=now)
    return ret
