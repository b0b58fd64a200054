"""Let the rules speak and keep what they said. Called by the actions that learn something new about a line."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Case, F, When, prefetch_related_objects

from aftersales.kernel.actor import Actor
from aftersales.ledger.record import record
from customers.models import Order, Shipment
from customers.models.shipment import TrackingStatus
from returns import gather, policy, receipt
from returns.actions.coding import keep_codes
from returns.models import CarrierClaim, FreightEntry, KeptPack, Return, ReturnLine, Verdict
from returns.models.request import WISH_OF_KIND
from returns.models.timeline import governing_instant, pack_by_hash, pack_of, version_at
from returns.rules.pack import Pack, load_pack
from returns.rules.replay import sealed

_TROUBLED = (
    TrackingStatus.LOST_SUSPECTED, TrackingStatus.EXCEPTION, TrackingStatus.REFUSED, TrackingStatus.RETURNING,
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """The rules that judge a case, and the version they are; None where the set has no versions."""

    pack: Pack
    version_id: int | None


def preview(order: Order, asks: Sequence[gather.Ask], *, at: dt.datetime) -> list[dict[str, Any]]:
    """What the rules would say, one outcome an ask, nothing written. The form shows this before the submit."""
    return _outcomes(_rules_for(order, requested_at=at).pack, order, asks, at=at)


def _outcomes(pack: Pack, order: Order, asks: Sequence[gather.Ask], *, at: dt.datetime) -> list[dict[str, Any]]:
    prefetch_related_objects([order], "address", "shipments", "promises", "lines")  # asked for every line
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


def outbound_payers(ret: Return) -> dict[int, str]:
    """Who bears the first delivery of each return line, by the verdicts that stand."""
    return {verdict.line_id: verdict.outcome["outbound_leg_payer"] for verdict in standing(ret)}


def sources_in(locale: str, ret: Return) -> str:
    """What the standing verdicts rest on, each once, as a clause a customer can read."""
    zh = locale.startswith("zh")
    named = [str(source["zh" if zh else "en"]) for each in standing(ret) for source in each.outcome["sources"]]
    return ("、" if zh else "; ").join(dict.fromkeys(named))[:200]


def decide_wish(ret: Return, *, actor: Actor, at: dt.datetime) -> list[Verdict]:
    """Judge again after the wish was changed, on the facts of the verdicts that stand."""
    wish = WISH_OF_KIND[ret.kind]
    lines, outcomes, stage = [], [], Verdict.Stage.TOLD
    rules, before = _rules_of(ret), standing(ret)
    for verdict in before:
        facts = {name: value for name, value in verdict.facts.items() if name != "price_difference"}
        outcomes.append(rules.pack.decide({**facts, "wish": wish}).as_dict())
        lines.append(verdict.line)
        stage = Verdict.Stage(verdict.stage)
    return _write(ret, rules, lines, outcomes, stage=stage, actor=actor, at=at)


def standing(ret: Return) -> list[Verdict]:
    """The verdicts that count now, one a line."""
    return list(Verdict.objects.filter(line__of=ret, superseded=False).select_related("line").order_by("line_id"))


def _rules_for(order: Order, *, requested_at: dt.datetime) -> Rules:
    """The version that governs a new case: the one in force at the instant the set's `governing_fact` names.

    Every version of a set looks at the same fact, so any of them may say which. Mostly one small query.
    """
    prefetch_related_objects([order], "shipments")  # receipt is told by them
    name = order.shop.rule_pack
    version = version_at(name, requested_at)
    if version is None:
        return Rules(load_pack(name), None)
    pack = pack_of(version)
    instant = governing_instant(
        pack.governing_fact,
        placed_at=order.placed_at,
        received_at=receipt.received_at(order),
        requested_at=requested_at,
    )
    if version.effective_from is not None and version.effective_from <= instant <= requested_at:
        return Rules(pack, version.pk)
    governing = version_at(name, instant) or version
    return Rules(pack_of(governing), governing.pk)


def _rules_of(ret: Return) -> Rules:
    """The rules of a case: those that judged it first, whatever was published since; else those that govern it."""
    first = Verdict.objects.filter(line__of=ret).order_by("id").values_list("pack_sha256", "version_id").first()
    if first is not None and (pack := pack_by_hash(first[0])) is not None:
        return Rules(pack, first[1])
    return _rules_for(ret.order, requested_at=ret.submitted_at)


def _decide(
    ret: Return, asks: Sequence[gather.Ask], *, stage: Verdict.Stage, actor: Actor, at: dt.datetime
) -> list[Verdict]:
    rules = _rules_of(ret)
    outcomes = _outcomes(rules.pack, ret.order, asks, at=at)
    return _write(ret, rules, list(ret.lines.order_by("id")), outcomes, stage=stage, actor=actor, at=at)


def _write(
    ret: Return,
    rules: Rules,
    lines: Sequence[ReturnLine],
    outcomes: Sequence[dict[str, Any]],
    *,
    stage: Verdict.Stage,
    actor: Actor,
    at: dt.datetime,
) -> list[Verdict]:
    if rules.version_id is None:
        _keep_pack(rules.pack, at=at)
    verdicts = []
    for line, outcome in zip(lines, outcomes, strict=True):
        Verdict.objects.filter(line=line, superseded=False).update(superseded=True)
        verdicts.append(_keep(line, outcome, rules.version_id, stage=stage, at=at))
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


def _keep_pack(pack: Pack, *, at: dt.datetime) -> None:
    """Keep the text of rules that are no version with the first verdict they give: the shipped files will change."""
    KeptPack.objects.get_or_create(
        sha256=pack.sha256,
        defaults={"name": pack.name, "version": pack.version, "files": dict(pack.files), "kept_at": at},
    )


def _keep(
    line: ReturnLine, outcome: dict[str, Any], version_id: int | None, *, stage: Verdict.Stage, at: dt.datetime
) -> Verdict:
    return Verdict.objects.create(
        line=line,
        version_id=version_id,
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


def _blamed(order: Order) -> Shipment | None:
    """The parcel a claim is about: one whose own reports tell of trouble, else the one sent last. One never sent comes last,
    which Postgres by itself would put first."""
    last = F("shipped_at").desc(nulls_last=True)
    troubled = Case(When(status__in=_TROUBLED, then=0), default=1)
    found: Shipment | None = order.shipments.order_by(troubled, last, "-pk").first()
    return found


def _open_claim(ret: Return, outcomes: Sequence[dict[str, Any]], *, actor: Actor, at: dt.datetime) -> None:
    """The carrier owes the shop; the customer does not wait for it (R-21). A second verdict opens no second claim, also where
    the first has been answered."""
    if CarrierClaim.objects.filter(of=ret).exists():
        return
    shipment = _blamed(ret.order)
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
