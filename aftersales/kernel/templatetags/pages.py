"""What parts/pagination.html asks of a page: which numbers to show, and the address of each with the rest of the query kept."""

from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context

register = template.Library()


@register.filter
def page_numbers(page: "Page[Any]") -> list[int | str]:
    """First, last and the neighbours of the present page, with an ellipsis between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.filter
def is_gap(number: int | str, page: "Page[Any]") -> bool:
    """Whether this is the ellipsis rather than a page."""
    return number == str(page.paginator.ELLIPSIS)


@register.simple_tag(takes_context=True)
def page_link(context: Context, number: int, param: str = "") -> str:
    """`?page=3` with everything else the query holds."""
    query = context["request"].GET.copy()
    query[param or "page"] = str(number)
    return f"?{query.urlencode()}"
