"""`{% gap %}`, `{% comma %}`, `{% colon %}` and `|listed`: between words and sentences that a template puts together.

Chinese has its own marks, as wide as a character, and no space after them.
"""

from __future__ import annotations

from django import template

from aftersales.kernel import reader

register = template.Library()
register.filter("listed", reader.listed)


@register.simple_tag
def gap() -> str:
    """Between two sentences."""
    return "" if reader.reads_chinese() else " "


@register.simple_tag
def comma() -> str:
    """Between two words of a list."""
    return "、" if reader.reads_chinese() else ", "


@register.simple_tag
def colon() -> str:
    """Between what something is and what is said of it."""
    return "：" if reader.reads_chinese() else ": "
