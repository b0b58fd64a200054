"""`{{ hit.title|marked:terms }}`: a text with what was asked for marked in it, safe to show."""

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from aftersales.search import marks

register = template.Library()


@register.filter
def marked(text: str, terms: Sequence[str]) -> SafeString:
    """The whole text, escaped, with `<mark>` around each of the terms."""
    return marks.marked(text, terms)
