"""Step 4: what the customer would like, and which variant where it is an exchange."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aftersales.kernel.money import Money
from aftersales.portal import wishes
from aftersales.portal.doors import Elsewhere, Visit, for_customers
from aftersales.portal.drafted import Drafted
from aftersales.portal.forms.request import ReplacementForm, WishForm
from aftersales.portal.forms.trying import status_of, typed
from aftersales.portal.views.stepping import Step, step_of
from customers.models import OrderLine, Sku
from returns.gather import Ask, difference_minor


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def wish(request: Visit, pk: int) -> HttpResponse:
    """The exchange first where it serves; a refund that is due always stands beside it."""
    step = step_of(request, pk, after="reasons")
    money_back = step.judge("return")
    exchange = step.judge("exchange") if all(line.sku for line in step.lines) else None
    choices = wishes.variants(step.order, [line.pk for line in step.lines])
    has_stock = wishes.can_be_exchanged(choices, _quantities(step))
    repair = step.judge("repair") if wishes.can_be_repaired(money_back) else None
    cards = wishes.cards(money_back, exchange, has_stock=has_stock, repair=repair)
    open_kinds = [card["value"] for card in cards if not card.get("disabled")]
    form = WishForm(open_kinds, data=typed(request), initial={"kind": step.drafted.kind})
    if request.method == "POST" and form.is_valid():
        step.keep(lambda drafted: setattr(drafted, "kind", form.cleaned_data["kind"]))
        return redirect(step.address("replacement" if step.drafted.kind == "exchange" else "verdict"))
    also = wishes.also_due(money_back, exchange, repair_offered=repair is not None)
    return step.page("wish", step="wish", status=status_of(form), form=form, cards=cards, also=also)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def replacement(request: Visit, pk: int) -> HttpResponse:
    """Variants of the same article, with what is in stock and what they cost more or less."""
    step = step_of(request, pk, after="wish")
    if step.drafted.kind != "exchange":
        raise Elsewhere(step.address("wish"))
    choices = wishes.variants(step.order, [line.pk for line in step.lines])
    in_stock = {
        line.pk: [sku for sku in choices[line.pk] if wishes.free_units(sku) >= _quantities(step)[line.pk]]
        for line in step.lines
    }
    form = ReplacementForm(step.lines, in_stock, step.drafted, data=typed(request))
    if request.method == "POST" and form.is_valid():
        step.keep(lambda drafted: _want(drafted, form.wanted()))
        return redirect(step.address("verdict"))
    questions = [
        {"field": form[f"wanted-{line.pk}"], "line": line, "cards": _variant_cards(step, line, choices[line.pk])}
        for line in step.lines
    ]
    return step.page("replacement", step="wish", status=status_of(form), form=form, questions=questions)


def _quantities(step: Step) -> dict[int, int]:
    return {line: said.quantity for line, said in step.drafted.lines.items()}


def _want(drafted: Drafted, wanted: dict[int, int]) -> None:
    for line, sku in wanted.items():
        if line in drafted.lines:
            drafted.lines[line].wanted_sku = sku


def _variant_cards(step: Step, line: OrderLine, skus: list[Sku]) -> list[dict[str, Any]]:
    quantity = step.drafted.lines[line.pk].quantity
    found = []
    for sku in skus:
        ask = Ask(order_line=line, quantity=quantity, reason="", wish="exchange", wanted_sku=sku)
        more = Money(difference_minor(ask), step.order.currency)
        enough = wishes.free_units(sku) >= quantity
        found.append(
            {
                "value": sku.pk,
                "title": sku.variant or line.title,
                "example": _price_words(more) if enough else _("Not in stock in this number just now"),
                "mark": _("The one you have") if sku.pk == line.sku_id else "",
                "disabled": not enough,
            }
        )
    return found


def _price_words(more: Money) -> str:
    if more.minor > 0:
        return _("In stock, %(amount)s more") % {"amount": more}
    if more.minor < 0:
        return _("In stock, %(amount)s less; we pay the difference back") % {"amount": -more}
    return _("In stock, same price")
