"""`{% avatar name %}`: a person as initials, always in the same colour."""

import zlib

from django import template
from django.utils.safestring import SafeString

from aftersales.kernel.templatetags.kept import kept

register = template.Library()

HUES = 8  # avatar.css has as many


@register.simple_tag
def avatar(name: str, large: bool = False) -> SafeString:
    """One character of a Chinese name, two of a Latin one. Silent for readers of screens: the name stands beside it."""
    return kept("parts/avatar.html", initials=initials(name), hue=zlib.crc32(name.encode()) % HUES, large=large)


def initials(name: str) -> str:
    """`王小明` gives `王`, `Ada Lovelace` gives `AL`, a masked or empty name the first thing that can be shown."""
    words = name.split()
    if not words:
        return "?"
    if not words[0][0].isascii():
        return words[0][0]
    return "".join(word[0] for word in words[:2]).upper()
