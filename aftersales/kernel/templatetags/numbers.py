"""`{{ count|grouped }}`: a whole number with its thousands apart, in both languages alike."""

from django import template

register = template.Library()


@register.filter
def grouped(number: int) -> str:
    """`4,876`. Django groups by four or not at all in Chinese, while the amounts beside it are grouped by three."""
    return f"{int(number):,}"
