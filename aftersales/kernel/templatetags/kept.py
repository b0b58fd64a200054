"""`{% kept "desk/list_row.html" row=row %}`: an include with `only` whose words are kept for the same values and language.

For parts that lists show again and again. What is given must be plain and comparable (words, numbers, instants, tuples and
frozen dataclasses of them), never a row of the database: two of those are equal when only their ids are.
"""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST = 8_192  # parts of one process, about two kilobytes each


@register.simple_tag
def kept(part: str, **given: Any) -> SafeString:
    """The part `part`, rendered with these values and nothing else of the page. TypeError for what cannot be compared."""
    return _rendered(get_language(), part, tuple(given.items()))


@lru_cache(maxsize=MOST)
def _rendered(_language: str | None, part: str, given: tuple[tuple[str, Any], ...]) -> SafeString:
    return SafeString(render_to_string(part, dict(given)).strip())
