"""Let the rules speak and keep what they said. Called by the actions that learn something new about a line."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects

from aftersales.kernel.actor import Actor
from aftersales.ledger.record import record
from customers.models import Order
from returns import gather, policy
from returns.actions.coding import keep_codes
from returns.models import CarrierClaim, FreightEntry, KeptPack, Return, ReturnLine, Verdict
from returns.models.request import WISH_OF_KIND
from returns.rules.pack import load_pack
from returns.rules.replay import sealed


def preview(order: Order, asks: Sequence[gather.Ask], *, at: dt.datetime) -> list[dict[str, Any]]:
    """What the rules would say, one outcome an ask, nothing written. The form shows this before the submit."""
    pack = load_pack(order.shop.rule_pack)
    prefetch_related_objects([order], "shipments", "promises", "lines")  # asked for every line
    return [pack.decide(gather.facts_for(ask, order=order, asks=asks, at=at)).as_dict() for ask in asks]


def decide_told(ret: Return, *, actor: Actor, at: dt.datetime, has_proof: bool) -> list[Verdict]:
    """Judge the request on what the customer told."""
    asks = [dataclasses.replace(ask, has_proof=has_proof) for ask in gather.asks_of(ret)]
    return _decide(ret, asks, stage=Verdict.Stage.TOLD, actor=actor, at=at)


def decide_found(
    ret: Return, intact: dict[int, bool], causes: dict[int, str], *, actor: Actor, at: dt.datetime
) -> list[Verdict]:
    """Judge again on what inspection found. Keys are primary keys of return lines."""
    lines = list(ret.lines.order_by("id"))
    asks = [
        dataclasses.replace(ask, intact=intact.get(line.pk, True), found_cause=causes.get(line.pk, ""), has_proof=True)
        for ask, line in zip(gather.asks_of(ret), lines, strict=True)
    ]
    return _decide(ret, asks, stage=Verdict.Stage.FOUND, actor=actor, at=at)


def decide_as_told(ret: Return, *, actor: Actor, at: dt.datetime) -> list[Verdict]:
    """An objection was right: what the customer told counts again, and the goods count as intact."""
    asks = [dataclasses.replace(ask, found_reason="", has_proof=True) for ask in gather.asks_of(ret)]
    return _decide(ret, asks, stage=Verdict.Stage.TOLD, actor=actor, at=at)


def legs_of(ret: Return) -> policy.Legs:
    """Who bears each leg by the verdicts that stand."""
    return policy.legs_of(verdict.outcome for verdict in standing(ret))


def sources_in(locale: str, ret: Return) -> str:
    """What the standing verdicts rest on, each once, as a clause a customer can read."""
    zh = locale.startswith("zh")
    named = [str(source["zh" if zh else "en"]) for each in standing(ret) for source in each.outcome["sources"]]
    return ("、" if zh else "; ").join(dict.fromkeys(named))[:200]


def decide_wish(ret: Return, *, actor: Actor, at: dt.datetime) -> list[Verdict]:
    """Judge again after the wish was changed, on the facts of the verdicts that stand."""
    wish = WISH_OF_KIND[ret.kind]
    lines, outcomes, stage = [], [], Verdict.Stage.TOLD
    pack = load_pack(ret.order.shop.rule_pack)
    for verdict in standing(ret):
        facts = {name: value for name, value in verdict.facts.items() if name != "price_difference"}
        outcomes.append(pack.decide({**facts, "wish": wish}).as_dict())
        lines.append(verdict.line)
        stage = Verdict.Stage(verdict.stage)
    return _write(ret, lines, outcomes, stage=stage, actor=actor, at=at)


def standing(ret: Return) -> list[Verdict]:
    """The verdicts that count now, one a line."""
    return list(Verdict.objects.filter(line__of=ret, superseded=False).select_related("line").order_by("line_id"))


def _decide(
    ret: Return, asks: Sequence[gather.Ask], *, stage: Verdict.Stage, actor: Actor, at: dt.datetime
) -> list[Verdict]:
    outcomes = preview(ret.order, asks, at=at)
    return _write(ret, list(ret.lines.order_by("id")), outcomes, stage=stage, actor=actor, at=at)


def _write(
    ret: Return,
    lines: Sequence[ReturnLine],
    outcomes: Sequence[dict[str, Any]],
    *,
    stage: Verdict.Stage,
    actor: Actor,
    at: dt.datetime,
) -> list[Verdict]:
    _keep_pack(ret.order.shop.rule_pack, at=at)
    verdicts = []
    for line, outcome in zip(lines, outcomes, strict=True):
        Verdict.objects.filter(line=line, superseded=False).update(superseded=True)
        verdicts.append(_keep(line, outcome, stage=stage, at=at))
    keep_codes(verdicts, ret.order.currency)
    _keep_legs(ret, outcomes)
    if any(outcome["carrier_claim"] for outcome in outcomes):
        _open_claim(ret, outcomes, actor=actor, at=at)
    record(
        "return.decided",
        on=ret,
        actor=actor,
        at=at,
        stage=str(stage),
        remedies=[outcome["remedies"] for outcome in outcomes],
        rows=[outcome["rows"] for outcome in outcomes],
    )
    return verdicts


def _keep_pack(name: str, *, at: dt.datetime) -> None:
    """Keep the text of the rules with the first verdict they give: the shipped files will change one day."""
    pack = load_pack(name)
    KeptPack.objects.get_or_create(
        sha256=pack.sha256,
        defaults={"name": pack.name, "version": pack.version, "files": dict(pack.files), "kept_at": at},
    )


def _keep(line: ReturnLine, outcome: dict[str, Any], *, stage: Verdict.Stage, at: dt.datetime) -> Verdict:
    return Verdict.objects.create(
        line=line,
        stage=stage,
        pack=outcome["pack"],
        pack_version=str(outcome["version"]),
        pack_sha256=outcome["sha256"],
        semantics=str(outcome["semantics"]),
        facts=outcome["facts"],
        outcome=sealed(outcome),
        decided_at=at,
    )


def _keep_legs(ret: Return, outcomes: Sequence[dict[str, Any]]) -> None:
    legs = policy.legs_of(outcomes)
    for leg, payer in (
        (FreightEntry.Leg.OUTBOUND, legs.outbound),
        (FreightEntry.Leg.RETURN, legs.back),
        (FreightEntry.Leg.REPLACEMENT, legs.replacement),
    ):
        FreightEntry.objects.update_or_create(of=ret, leg=leg, defaults={"payer": payer})


def _open_claim(ret: Return, outcomes: Sequence[dict[str, Any]], *, actor: Actor, at: dt.datetime) -> None:
    """The carrier owes the shop; the customer does not wait for it (R-21). A second verdict opens no second claim."""
    if CarrierClaim.objects.filter(of=ret, status=CarrierClaim.Status.OPEN).exists():
        return
    shipment = ret.order.shipments.order_by("-shipped_at").first()
    claimed = [
        line for line, outcome in zip(ret.lines.order_by("id"), outcomes, strict=True) if outcome["carrier_claim"]
    ]
    claim = CarrierClaim.objects.create(
        of=ret,
        shipment=shipment,
        carrier=shipment.carrier if shipment else "",
        number=shipment.number if shipment else "",
        reason=claimed[0].reason_now,
        amount_minor=sum(line.order_line.paid_for(line.quantity).minor for line in claimed),
        currency=ret.currency,
        opened_at=at,
        due_at=at + policy.CARRIER_ANSWERS,
    )
    record("claim.opened", on=ret, actor=actor, at=at, carrier=claim.carrier or "–", amount_minor=claim.amount_minor)
