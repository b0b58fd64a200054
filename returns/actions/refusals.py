"""Write a refusal of a request or of goods, whole or in part, and make it final. Called by decision, receiving and the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.record import record
from returns import policy
from returns.actions import ending, handback, stock, verdicts
from returns.actions.by import user_id_of
from returns.actions.finishing import finish_if_done
from returns.machine import S, move, must_be
from returns.models import Rejection, Return
from returns.models.decision import GOODS, PART, REQUEST
from tickets.actions.conversation import clean_text
from tickets.actions.opening import set_progress


def refuse(
    ret: Return, *, stage: str, reason: str, clause: str, alternative: str, actor: Actor, at: dt.datetime
) -> Rejection:
    """Write a refusal. A refusal without a reason and a clause is not one (`001`: never refuse curtly)."""
    if not clause.strip():
        raise BadInput(_("Name the rule or clause the refusal rests on."), field="clause", code="clause_missing")
    return Rejection.objects.create(
        of=ret,
        stage=stage,
        reason=clean_text(reason, field="reason", longest=1000),
        clause=clean_text(clause, field="clause", longest=200),
        alternative=clean_text(alternative, field="alternative", longest=500) if alternative.strip() else "",
        by_id=user_id_of(actor),
        at=at,
    )


def says_the_same(ret: Return, *, reason: str, clause: str, alternative: str) -> bool:
    """Whether the refusal of the request that stands was written with these words."""
    stands = Rejection.objects.filter(of=ret, stage=REQUEST).order_by("-pk").first()
    wanted = (reason, clause, alternative)
    return stands is not None and (stands.reason, stands.clause, stands.alternative) == tuple(map(_plain, wanted))


def _plain(text: str) -> str:
    return clean_text(text, field="reason", longest=1000) if text.strip() else ""


def refuse_goods(ret: Return, notes: Sequence[str], *, clause: str, actor: Actor, at: dt.datetime) -> None:
    """Nothing of what came is accepted. The caller holds the lock."""
    refuse(ret, stage=GOODS, reason=_reason(notes), clause=clause, alternative="", actor=actor, at=at)
    stock.let_go(ret)
    move(ret, S.RETURN_REFUSED, at=at)
    timers.pause("return.T6", on=ret, at=at)  # nothing is to be paid unless an objection is right
    deadline = _open_to_objection(ret, at=at)
    set_progress(ret.ticket, waiting_on="customer", due_at=None, at=at)
    record("return.goods_refused", on=ret, actor=actor, at=at, deadline=deadline)


def refuse_part(ret: Return, notes: Sequence[str], *, units: int, clause: str, actor: Actor, at: dt.datetime) -> None:
    """Some units are not accepted, or by what was found less is paid than by what was told. The caller holds the lock.

    What is accepted goes on at once; only the rest waits for the customer. `units`: how many are not accepted. Where
    it is the rules that pay less, they name the clause if nobody did.
    """
    if not units and not clause.strip():
        clause = verdicts.sources_in(ret.person.locale, ret)
    refuse(ret, stage=PART, reason=_reason(notes), clause=clause, alternative="", actor=actor, at=at)
    deadline = _open_to_objection(ret, at=at)
    record("return.partly_refused", on=ret, actor=actor, at=at, units=units, deadline=deadline)


def pays_less(ret: Return, before: policy.Legs, payers: Mapping[int, str]) -> bool:
    """Whether the rules, by what was found, now leave the customer with freight that was the shop's by what was told.

    `payers` are the bearers of the first delivery before, line by line: it is refunded so. The way back is one parcel.
    """
    after, order = verdicts.legs_of(ret), ret.order
    now = verdicts.outbound_payers(ret)
    outbound = any(
        policy.is_worse(payer, now[line])
        and (order.freight_minor > 0 or (now[line] == "buyer" and order.free_shipping == "conditional"))
        for line, payer in payers.items()
    )
    told = ret.parcels.aggregate(sum=Sum("freight_told_minor"))["sum"] or 0
    return outbound or (told > 0 and policy.is_worse(before.back, after.back))


def _reason(notes: Sequence[str]) -> str:
    """The inspector's notes as the reason the customer reads."""
    reason = "; ".join(dict.fromkeys(note.strip() for note in notes if note.strip()))
    if not reason:
        raise BadInput(
            _("Write for the customer why the goods are not accepted."), field="note", code="refusal_reason_missing"
        )
    return reason[:1000]


def _open_to_objection(ret: Return, *, at: dt.datetime) -> str:
    deadline = at + policy.CONTEST
    timers.set_timer("return.T7", on=ret, due_at=deadline, at=at)
    return deadline.isoformat()


@transaction.atomic
def make_final(return_id: int, *, actor: Actor, at: dt.datetime | None = None) -> Return:
    """A refusal became final: the time to object is over, or the customer accepted it. A second time changes nothing.

    A refused request is closed by it. Goods that were not accepted and are the customer's are now due to go back.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.close")
    refusal = Rejection.objects.filter(of=ret, lifted_at=None).first()
    if ret.status == S.CLOSED or (refusal is not None and refusal.final_at is not None):
        return ret
    if refusal is None or refusal.stage != PART:
        must_be(ret, S.REJECTED, S.RETURN_REFUSED)
    if ret.is_contested:
        raise Conflict(_("The objection must be answered first."), code="contested")
    assert refusal is not None
    finalize(ret, refusal, actor=actor, at=at or clock.now())
    return ret


def finalize(ret: Return, refusal: Rejection, *, actor: Actor, at: dt.datetime) -> None:
    """Nobody can object to the refusal any more. The caller holds the lock and has looked for an open objection."""
    Rejection.objects.filter(pk=refusal.pk).update(final_at=at)
    timers.cancel("return.T7", on=ret)
    record("return.refusal_final", on=ret, actor=actor, at=at, part=refusal.stage == PART)
    if refusal.stage != PART:
        ending.give_back(ret, at=at)
    if refusal.stage == REQUEST:
        ending.close(ret, actor=actor, at=at)
        return
    handback.owe(ret, actor=actor, at=at)
    finish_if_done(ret, actor=actor, at=at)
