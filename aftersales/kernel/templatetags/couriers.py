"""`{{ parcel.carrier|courier }}`: a courier's code in words."""

from django import template

from aftersales.kernel.couriers import courier_name

register = template.Library()


@register.filter
def courier(code: str) -> str:
    """The name where the code is one of ours, else what was written."""
    return courier_name(code)
