"""Pieces of a ticket's page that differ in a few words only: each fills the slots of a part that is drawn once (kept.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from aftersales.desk.customer import Summary
from aftersales.desk.templatetags.cases import reason_words
from aftersales.kernel import policy
from aftersales.kernel.addresses import address_of
from aftersales.kernel.couriers import courier_name
from aftersales.kernel.templatetags.kept import filled
from aftersales.kernel.templatetags.moneys import money_filter, money_tag
from aftersales.kernel.templatetags.states import state
from aftersales.kernel.templatetags.when import at, due
from customers.models import ContactPoint, Order, Person, Shipment
from returns.models import Refund, RefundComponent, Return, ReturnLine, ReturnParcel

register = template.Library()


@register.simple_tag(takes_context=True)
def contact(context: Mapping[str, Any], person: Person, point: ContactPoint) -> SafeString:
    """A contact, masked, with the way to see it in full for whoever may."""
    may_see = policy.may(context["request"].actor, "person.reveal")
    address = address_of("desk:contact", person.ref, point.pk) if may_see else ""
    return filled("desk/contact_line.html", {}, {"masked": point.masked, "address": address})


@register.simple_tag
def customer_lines(summary: Summary) -> SafeString:
    """What a customer has bought and asked for, in lines."""
    spent = format_html_join(" + ", "{}", ((money_tag(amount),) for amount in summary.spent))
    given = {"returns": summary.returns, "complaints": summary.complaints}
    slots = {"orders": str(summary.orders), "spent": spent, "cases": str(summary.cases)}
    return filled("desk/customer_lines.html", given, slots)


@register.simple_tag(takes_context=True)
def order_lines(context: Mapping[str, Any], order: Order) -> SafeString:
    """The order of a ticket in lines."""
    slots = {
        "number": order.number,
        "href": address_of("desk:order", order.pk),
        "shop": str(order.shop),
        "status": order.get_status_display(),
        "paid": money_tag(order.paid),
        "refunded": money_filter(order.refunded_minor, order.currency) if order.refunded_minor else "",
        "placed": at(context, order.placed_at),
        "delivered": at(context, order.delivered_at) if order.delivered_at else "",
        "place": str(order.address) if order.address else "",
    }
    return filled("desk/order_lines.html", {}, slots)


@register.simple_tag
def request_line(line: ReturnLine, kind: str) -> SafeString:
    """What is asked for of one line, as told and as found; `kind` is that of its return. `order_line__order` is read along."""
    bought, wanted = line.order_line, line.wanted_sku if kind == Return.Kind.EXCHANGE else None
    other = line.found_reason if line.found_reason != line.reason else ""
    slots = {
        "title": bought.title,
        "variant": bought.variant,
        "wanted": (wanted.variant or wanted.product.title) if wanted else "",
        "reason": reason_words(line.reason),
        "found": reason_words(other) if other else "",
        "story": line.story,
        "quantity": str(line.quantity),
        "paid": money_tag(bought.paid_for(line.quantity)),
        "came": str(line.received_quantity or ""),
        "accepted": str(line.accepted_quantity or ""),
    }
    return filled("desk/request_line.html", {}, slots)


@register.simple_tag(takes_context=True)
def refund_lines(context: Mapping[str, Any], refund: Refund) -> SafeString:
    """What is paid back and for what, who released it, and when it was paid or must be."""
    slots = {
        "purpose": capfirst(refund.get_purpose_display()),
        "state": state(refund.status, refund.get_status_display()),
        "parts": SafeString("".join(_component(part, refund) for part in refund.components.all())),
        "total": money_tag(refund.total),
        "first": str(refund.first_by or ""),
        "second": str(refund.second_by or ""),
        "paid": at(context, refund.paid_at) if refund.paid_at else "",
        "provider_ref": refund.provider_ref,
        "due": due(context, refund.due_at),
        "ref": refund.ref,
    }
    return filled("desk/refund_lines.html", {}, slots)


def _component(part: RefundComponent, refund: Refund) -> SafeString:
    slots = {
        "kind": capfirst(part.get_kind_display()),
        "of": f"{part.line.order_line} × {part.quantity}" if part.line else "",
        "amount": money_filter(part.amount_minor, refund.currency),
    }
    return filled("desk/refund_part.html", {}, slots)


@register.simple_tag(takes_context=True)
def shipment_line(context: Mapping[str, Any], parcel: Shipment) -> SafeString:
    """A parcel of the order."""
    slots = {
        "carrier": courier_name(parcel.carrier),
        "number": parcel.number,
        "state": parcel.get_status_display(),
        "signed": at(context, parcel.signed_at) if parcel.signed_at else "",
    }
    return filled("desk/shipment_line.html", {}, slots)


@register.simple_tag(takes_context=True)
def sent_back(context: Mapping[str, Any], parcel: ReturnParcel, currency: str) -> SafeString:
    """A parcel of the customer on its way back, and what they paid for it."""
    told = parcel.freight_told_minor
    slots = {
        "carrier": courier_name(parcel.carrier),
        "number": parcel.number,
        "arrived": at(context, parcel.signed_at) if parcel.signed_at else "",
        "entered": at(context, parcel.entered_at),
        "freight": money_filter(told, currency) if told else "",
    }
    return filled("desk/sent_back.html", {}, slots)
