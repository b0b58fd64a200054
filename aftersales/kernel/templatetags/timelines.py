"""`{% timeline_items items %}`: the lines of parts/timeline.html. A case has dozens, so no template walks over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from aftersales.kernel.templatetags.kept import filled
from aftersales.kernel.templatetags.when import marked, now_of

register = template.Library()


@register.simple_tag(takes_context=True)
def timeline_items(context: Mapping[str, Any], items: Iterable[Mapping[str, Any]]) -> SafeString:
    """Each with the instant it happened, or with the words for what is still ahead."""
    now, drawn = now_of(context), list[str]()
    for item in items:
        at = marked(item["at"], now) if item.get("at") else item.get("at_words", "")
        given = {"icon": item.get("icon", ""), "tone": item.get("tone", "")}
        slots = {"title": item["title"], "text": item.get("text", ""), "at": at, "who": item.get("who", "")}
        drawn.append(filled("parts/timeline_item.html", given, slots))
    return SafeString("".join(drawn))
