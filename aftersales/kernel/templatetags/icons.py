"""`{% icon "truck" %}`: a stroke icon from static/icons/sprite.svg, silent for readers of screens unless it is given a title."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

register = template.Library()

# Icons that point along the line of writing and turn round where it runs from right to left.
_TURNS = frozenset({"arrow-right", "chevron-left", "chevron-right", "reply", "return", "send", "sign-out", "truck"})


@register.simple_tag
def icon(name: str, title: str = "", large: bool = False) -> SafeString | str:
    """The icon `name` as SVG in the colour of its text. An empty name gives nothing, so a part may leave its icon out."""
    return _drawn(name, conditional_escape(title), large) if name else ""


@lru_cache(maxsize=1024)  # a page has a hundred of them, and they are always the same
def _drawn(name: str, title: str, large: bool) -> SafeString:
    classes = "icon" + (" icon--large" if large else "") + (" icon--turns" if name in _TURNS else "")
    spoken = format_html('role="img" aria-label="{}"', title) if title else SafeString('aria-hidden="true"')
    sprite = static("icons/sprite.svg")
    return format_html('<svg class="{}" {}><use href="{}#{}"></use></svg>', classes, spoken, sprite, name)
