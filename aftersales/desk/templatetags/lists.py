"""Words and addresses of lists: the name of a list, its sortable heads, the pages around one."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from aftersales.desk.lists.asked import ListFilter
from aftersales.desk.lists.order import Order
from aftersales.desk.lists.ticketlist import TicketList

register = template.Library()


@register.filter
def list_name(asked: TicketList) -> str:
    """The name of the view somebody looks at."""
    if asked.saved is not None:
        return asked.saved.name
    if asked.shipped is None or not asked.shipped.key:
        words = {"closed": gettext("Closed tickets"), "any": gettext("All tickets")}
        return words.get(asked.wishes.wish("status")) or gettext("Open work")
    return str(asked.shipped.label)


@register.filter
def fields(form: ListFilter, part: str) -> list[BoundField]:
    """The filters in sight (`few`) or those folded away (`more`)."""
    few = [form[name] for name in form.fields if name in form.FEW]
    return few if part == "few" else [form[name] for name in form.fields if name not in (*form.FEW, "cols")]


@register.filter
def folded(form: ListFilter) -> bool:
    """Whether something is asked for among the filters that are folded away."""
    return any(form.cleaned_data.get(name) for name in form.fields if name not in (*form.FEW, "cols"))


@register.simple_tag
def sort_head(key: str, words: str, order: Order, kept: str) -> SafeString:
    """The head of a column one can sort by: pressing it again turns the order round."""
    here = order.key.lstrip("-") == key
    turned = f"-{key}" if order.key == key else key
    if not here and key == "changed":
        turned = "-changed"  # the last changed first is what one wants of it
    query = QueryDict(kept, mutable=True)
    query["sort"] = turned
    direction = format_html(' aria-sort="{}"', "descending" if order.descending else "ascending") if here else ""
    arrow = ("↓" if order.descending else "↑") if here else ""
    return format_html(
        '<th scope="col"{}><a href="?{}">{}<span aria-hidden="true">{}</span></a></th>',
        direction, query.urlencode(), words, arrow,
    )  # fmt: skip


@register.simple_tag
def place_link(kept: str, **place: Any) -> str:
    """The address of another page of the same list."""
    query = QueryDict(kept, mutable=True)
    for name, value in place.items():
        query[name] = value
    return f"?{query.urlencode()}"
