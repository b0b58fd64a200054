"""`{% ref return.ref %}`: a reference to read aloud, with a button that copies it where the browser can."""

from django import template
from django.utils.safestring import SafeString

from aftersales.kernel.templatetags.kept import filled

register = template.Library()


@register.simple_tag
def ref(value: str, copies: bool = True) -> SafeString:
    """`value` in even letters; `copies=False` in tables, where a button in every row is noise."""
    return filled("parts/ref.html", {"copies": copies}, {"value": value})
