"""What the carrier answers to a claim: it pays, all or a part, or it refuses; and after a refusal one may ask again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.money import Money
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from returns import policy
from returns.actions.by import user_id_of
from returns.models import CarrierClaim

_St = CarrierClaim.Status
_MOST = 10  # times as much as was asked for; more is a slip of the keyboard


class ClaimAnswered(Conflict):
    code = "claim_answered"
    sentence = _("The carrier’s answer has been entered already. Ask the carrier again, if it was not the last word.")


@transaction.atomic
def answer_claim(claim_id: int, *, paid_minor: int, answer: str = "", actor: Actor) -> CarrierClaim:
    """Enter the carrier's answer. `paid_minor`: what it pays, in minor units of the claim's currency; 0 is a refusal, which
    needs its words.

    The customer has got theirs long before (R-21), so nothing else moves. The same answer twice is one. Raises `BadInput`,
    `ClaimAnswered`.
    """
    claim, answer = _locked(claim_id, actor), " ".join(answer.split())
    if not 0 <= paid_minor <= _MOST * max(claim.amount_minor, 1):
        raise BadInput(
            _("The claim was for %(amount)s. Enter what the carrier really pays."), field="paid",
            amount=str(Money(claim.amount_minor, claim.currency)),
        )  # fmt: skip
    if not paid_minor and not answer:
        raise BadInput(_("Say why the carrier refuses, in its own words."), field="answer")
    if claim.status != _St.OPEN:
        if (claim.paid_minor or 0, claim.answer) == (paid_minor, answer):
            return claim
        raise ClaimAnswered
    claim.status = _St.PAID if paid_minor else _St.REFUSED
    claim.paid_minor, claim.answer = paid_minor, answer
    claim.answered_at, claim.answered_by_id = clock.now(), user_id_of(actor)
    claim.save(update_fields=["status", "paid_minor", "answer", "answered_at", "answered_by"])
    if paid_minor:
        record(
            "claim.paid", on=claim.of, actor=actor, carrier=claim.carrier or "–",
            amount=str(Money(paid_minor, claim.currency)),
        )  # fmt: skip
    else:
        record("claim.refused", on=claim.of, actor=actor, carrier=claim.carrier or "–", why=answer)
    return claim


@transaction.atomic
def ask_carrier_again(claim_id: int, *, actor: Actor) -> CarrierClaim:
    """The answer was not the last word: the carrier has its seven days anew, and what it has said stays in the history. Two
    clicks are one."""
    claim = _locked(claim_id, actor)
    if claim.status == _St.OPEN:
        return claim
    now = clock.now()
    claim.status, claim.due_at = _St.OPEN, now + policy.CARRIER_ANSWERS
    claim.paid_minor, claim.answer, claim.answered_at, claim.answered_by_id = None, "", None, None
    claim.save(update_fields=["status", "due_at", "paid_minor", "answer", "answered_at", "answered_by"])
    record("claim.reopened", on=claim.of, actor=actor, at=now, carrier=claim.carrier or "–")
    return claim


def _locked(claim_id: int, actor: Actor) -> CarrierClaim:
    check(actor, "claim.answer")
    seen = CarrierClaim.objects.visible_to(actor).select_related("of")
    claim: CarrierClaim | None = seen.select_for_update(of=("self",)).filter(pk=claim_id).first()
    if claim is None:
        raise NotFound
    return claim
