"""`{% ref return.ref %}`: a reference to read aloud, with a button that copies it where the browser can."""

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("parts/ref.html")
def ref(value: str, copies: bool = True) -> dict[str, Any]:
    """`value` in even letters; `copies=False` in tables, where a button in every row is noise."""
    return {"value": value, "copies": copies}
