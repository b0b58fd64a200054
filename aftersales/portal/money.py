"""The refunds of a request as a customer reads them: state in words, each component on its line. Used by the status page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.money import Money
from returns.models import Refund, RefundComponent, Return, ReturnLine

_TITLES = {
    Refund.Purpose.GOODS: gettext_lazy("Refund for the goods"),
    Refund.Purpose.DIFFERENCE: gettext_lazy("Price difference we pay back"),
    Refund.Purpose.FREIGHT: gettext_lazy("Freight of the return we pay back"),
    Refund.Purpose.OBJECTION: gettext_lazy("Refund after your objection"),
    Refund.Purpose.TOP_UP: gettext_lazy("The price difference you had paid"),
}


def refund_cards(ret: Return) -> list[dict[str, Any]]:
    """One card a purpose, the newest try of it. A try that failed is ours to mend: to the customer the refund is still due."""
    newest = {refund.purpose: refund for refund in ret.refunds.all() if refund.status != "cancelled"}
    lines = {line.pk: line for line in ret.lines.all()}  # preloaded with what each is called
    return [_card(refund, lines) for refund in newest.values()]


def _card(refund: Refund, lines: dict[int, ReturnLine]) -> dict[str, Any]:
    state, words = _state(refund)
    return {
        "refund": refund,
        "title": _TITLES[Refund.Purpose(refund.purpose)],
        "state": state,
        "words": words,
        "lines": [
            {
                "label": each.get_kind_display(),
                "hint": _units(each, lines),
                "amount": Money(each.amount_minor, refund.currency),
            }
            for each in refund.components.all()
        ],
        "total": {"label": _("Together"), "amount": refund.total},
    }


def _units(component: RefundComponent, lines: dict[int, ReturnLine]) -> str:
    """What a goods component is for, so that a sum for one of two pieces explains itself."""
    line = lines.get(component.line_id or 0)
    return f"{line.order_line} × {component.quantity}" if line and component.quantity else ""


def _state(refund: Refund) -> tuple[str, str]:
    if refund.status == "paid":
        return "paid", _("paid")
    if refund.status in ("sending", "unknown"):
        return "refunding", _("on its way to you")
    return "refund_due", _("due")
