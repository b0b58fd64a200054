"""Ask for a return, an exchange or a repair. Called by the portal, the API and the desk."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from aftersales.files.actions.attaching import move_to
from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger import timers
from aftersales.ledger.record import record
from customers.models import Order, OrderLine, Sku
from returns import gather, policy
from returns.actions.verdicts import decide_told
from returns.models import Return, ReturnDraft, ReturnLine
from returns.models.request import WISH_OF_KIND
from returns.rules import reasons
from tickets.actions.conversation import clean_text
from tickets.actions.opening import open_ticket

LONGEST_STORY = 2000
MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a request as a form or the API sends it. Ids are checked here, not trusted."""

    line_id: int
    quantity: int
    reason: str
    story: str = ""
    wanted_sku_id: int | None = None


class NothingChosen(BadInput):
    code = "nothing_chosen"
    sentence = _("Choose at least one item.")


class ForeignLine(BadInput):
    code = "foreign_line"
    sentence = _("One of the items does not belong to this order. Start again from the order.")


class QuantityUnavailable(BadInput):
    """More units than are left. Also what the loser of a race sees."""

    code = "quantity_unavailable"
    sentence = _("Of “%(title)s” %(free)s can still be returned; %(asked)s were asked for.")


class ReasonNotOffered(BadInput):
    code = "reason_not_offered"
    sentence = _("This reason does not fit the order as it stands now. Please choose another.")


class NotShippedYet(Conflict):
    code = "not_shipped"
    sentence = _("Nothing of this order has been sent yet, so there is nothing to send back.")


def asks_for(order: Order, items: Sequence[Item], *, kind: str, actor: Actor, has_proof: bool) -> list[gather.Ask]:
    """Check a request against its order and give the asks. Raises `BadInput` with the field that is to blame.

    Used before the submit too, so that the verdict a customer sees first is the one they get.
    """
    if kind not in WISH_OF_KIND:
        raise BadInput(_("Choose a return, an exchange or a repair."), field="kind", code="kind_unknown")
    if not items:
        raise NothingChosen(field="lines")
    if len(items) > MOST_LINES:
        raise BadInput(_("One request holds at most %(most)s lines."), field="lines", most=MOST_LINES)
    lines = {line.pk: line for line in order.lines.all()}
    if any(item.line_id not in lines for item in items):
        raise ForeignLine(field="lines")
    if len({(item.line_id, item.reason) for item in items}) < len(items):
        raise BadInput(_("The same item stands twice with the same reason."), field="lines", code="line_twice")
    if not any(line.shipped_quantity for line in lines.values()):
        raise NotShippedYet
    asked = Counter[int]()
    for item in items:
        asked[item.line_id] += max(item.quantity, 0)
    stage = gather.stage_of(order)
    return [
        _ask(item, lines[item.line_id], asked[item.line_id], kind=kind, stage=stage, actor=actor, has_proof=has_proof)
        for item in items
    ]


def _ask(
    item: Item, line: OrderLine, asked: int, *, kind: str, stage: str, actor: Actor, has_proof: bool
) -> gather.Ask:
    if item.quantity < 1 or asked > line.free_quantity:
        raise QuantityUnavailable(
            field=f"quantity-{line.pk}", title=str(line), free=line.free_quantity, asked=item.quantity
        )
    reason = reasons.reasons().get(item.reason)
    if reason is None or (actor.is_customer and stage not in reason.offered):
        raise ReasonNotOffered(field=f"reason-{line.pk}")
    story = clean_text(item.story, field=f"story-{line.pk}", longest=LONGEST_STORY) if item.story.strip() else ""
    return gather.Ask(
        order_line=line,
        quantity=item.quantity,
        reason=item.reason,
        wish=WISH_OF_KIND[kind],
        wanted_sku=_wanted(item, line) if kind == "exchange" else None,
        story=story,
        has_proof=has_proof,
    )


def _wanted(item: Item, line: OrderLine) -> Sku:
    """The variant wanted instead; the same one again when nothing is chosen. Prices of two currencies do not compare."""
    wanted = line.sku
    if item.wanted_sku_id is not None and item.wanted_sku_id != line.sku_id:
        wanted = Sku.objects.filter(pk=item.wanted_sku_id, currency=line.order.currency).first()
    if wanted is None:
        raise BadInput(
            _("Choose what you would like instead of “%(title)s”."),
            field=f"wanted-{line.pk}",
            code="wanted_missing",
            title=str(line),
        )
    return wanted


@transaction.atomic
def submit_return(
    order_id: int,
    items: Sequence[Item],
    *,
    kind: str,
    actor: Actor,
    channel: str = "form",
    has_proof: bool = False,
) -> Return:
    """Open a return, an exchange or a repair for units of one order and let the rules speak on each line.

    The units are taken with one conditional update a line; of fifty at the same moment one gets the last unit.
    Raises `NotFound`, `NothingChosen`, `ForeignLine`, `QuantityUnavailable`, `ReasonNotOffered`, `NotShippedYet`.
    """
    order = Order.objects.visible_to(actor).select_for_update().filter(pk=order_id).first()
    if order is None:
        raise NotFound
    check(actor, "return.submit")
    now = clock.now()
    asks = asks_for(order, items, kind=kind, actor=actor, has_proof=has_proof)
    for ask in asks:
        _hold(ask)
    ret = _open(order, kind=kind, actor=actor, channel=channel, at=now, told=[item.reason for item in items])
    for ask in asks:
        ReturnLine.objects.create(
            of=ret,
            order_line=ask.order_line,
            quantity=ask.quantity,
            held_quantity=ask.quantity,
            reason=ask.reason,
            story=ask.story,
            wanted_sku=ask.wanted_sku,
        )
    record(
        "return.submitted", on=ret, actor=actor, at=now, kind=kind, deadline=(now + policy.FIRST_DECISION).isoformat()
    )
    decide_told(ret, actor=actor, at=now, has_proof=has_proof)
    timers.set_timer("return.T1.warn", on=ret, due_at=now + policy.FIRST_DECISION_WARN, at=now)
    timers.set_timer("return.T1", on=ret, due_at=now + policy.FIRST_DECISION, at=now)
    return ret


def _hold(ask: gather.Ask) -> None:
    line = ask.order_line
    free = OrderLine.objects.filter(pk=line.pk, shipped_quantity__gte=F("claimed_quantity") + ask.quantity)
    if not free.update(claimed_quantity=F("claimed_quantity") + ask.quantity):
        line.refresh_from_db(fields=["claimed_quantity", "shipped_quantity"])
        raise QuantityUnavailable(
            field=f"quantity-{line.pk}", title=str(line), free=line.free_quantity, asked=ask.quantity
        )


def _open(order: Order, *, kind: str, actor: Actor, channel: str, at: dt.datetime, told: Sequence[str]) -> Return:
    label = Return.Kind(kind).label
    ticket = open_ticket(
        kind=kind,
        title=f"{label} · {order.number}",
        person=order.person,
        order=order,
        actor=actor,
        at=at,
        due_at=at + policy.FIRST_DECISION,
        channel=channel,
        reasons=told,
    )
    return Return.objects.create(
        ref=new_ref("R"),
        kind=kind,
        ticket=ticket,
        order=order,
        person=order.person,
        channel=channel,
        submitted_at=at,
        status_at=at,
    )


@transaction.atomic
def submit_draft(key: str, items: Sequence[Item], *, kind: str, actor: Actor, has_proof: bool = False) -> Return:
    """Submit a draft once: a double click, a replayed form and a retry after a lost answer all give the same return.

    Its photos become the return's and count as proof.
    """
    draft = ReturnDraft.objects.select_for_update().filter(key=key).first()
    if draft is None or not Order.objects.visible_to(actor).filter(pk=draft.order_id).exists():
        raise NotFound
    if draft.submitted is not None:
        return draft.submitted
    photos = Attachment.objects.of(draft)
    has_proof = has_proof or photos.exists()
    draft.submitted = submit_return(draft.order_id, items, kind=kind, actor=actor, has_proof=has_proof)
    draft.save(update_fields=["submitted"])
    move_to(photos, on=draft.submitted, actor=actor)
    return draft.submitted
