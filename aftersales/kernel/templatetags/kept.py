"""`{% kept "desk/list_row.html" row=row %}`: an include with `only` whose words are kept for the same values and language.

For parts that pages show again and again. What is given must be plain and comparable (words, numbers, instants, tuples and
frozen dataclasses of them) or one thing of the process that never changes, never a row of the database: two of those are
equal when only their ids are.

`{% kept "parts/panel.html" title=title slots body=body %}`: what stands after `slots` differs from page to page. The part is
drawn without it and it is put in afterwards, so the part may write it, by itself, in a translated sentence or as the token of a
form, and ask whether there is any, but nothing else: no filter, no comparison, no tag that reads it.
"""

import html
import re
import secrets
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context, Node
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

Values = dict[str, FilterExpression]
MOST = 8_192  # parts of one process, about two kilobytes each
_MARK = secrets.token_hex(8)  # stands in no text that anybody wrote
_SLOT = re.compile(rf"{_MARK}-(\w+)-{_MARK}")


def kept(part: str, **given: Any) -> SafeString:
    """The part `part`, rendered with these values and nothing else of the page. TypeError for what cannot be compared."""
    return _drawn(get_language(), part, tuple(given.items()), ())[0]


def filled(part: str, given: dict[str, Any], slots: dict[str, Any]) -> SafeString:
    """As `kept`, with the words of the slots put in where the part writes them."""
    words = {name: _escaped(value) for name, value in slots.items() if value}
    pieces: list[str] = list(_drawn(get_language(), part, tuple(given.items()), tuple(words)))
    pieces[1::2] = [words[name] for name in pieces[1::2]]
    return SafeString("".join(pieces))


def _escaped(value: Any) -> str:
    """As Django does it, which asks of every argument whether it is a promise: a page has a hundred plain words in slots."""
    return html.escape(value) if type(value) is str else conditional_escape(value)


def values_of(given: Values, context: Context) -> dict[str, Any]:
    """What is given, resolved. A word that is translated when it is read is read now: hashing and comparing read it again."""
    values = {name: value.resolve(context) for name, value in given.items()}
    return {name: str(value) if isinstance(value, Promise) else value for name, value in values.items()}


@lru_cache(maxsize=MOST)
def _drawn(
    _language: str | None, part: str, given: tuple[tuple[str, Any], ...], slots: tuple[str, ...]
) -> tuple[SafeString, ...]:
    """What the part says, and at every second place the name of the slot that stands there."""
    marks = {name: SafeString(f"{_MARK}-{name}-{_MARK}") for name in slots}
    return tuple(map(SafeString, _SLOT.split(render_to_string(part, dict(given) | marks).strip())))


class KeptNode(Node):
    def __init__(self, part: FilterExpression, given: Values, slots: Values) -> None:
        self.part, self.given, self.slots = part, given, slots

    def render(self, context: Context) -> str:
        given = values_of(self.given, context)
        if not self.slots:
            return kept(self.part.resolve(context), **given)
        slots = {name: value.resolve(context) for name, value in self.slots.items()}
        return filled(self.part.resolve(context), given, slots)


@register.tag("kept")
def kept_tag(parser: Parser, token: Token) -> KeptNode:
    """`{% kept part name=value … [slots name=value …] %}`."""
    return KeptNode(*called(parser, token))


def called(parser: Parser, token: Token) -> tuple[FilterExpression, Values, Values]:
    """What a tag calls and what it gives it, and what it puts into its slots. TemplateSyntaxError for anything else."""
    name, *bits = token.split_contents()
    if not bits:
        raise template.TemplateSyntaxError(f"{name} needs the name of a template.")
    part, rest = parser.compile_filter(bits[0]), bits[1:]
    given, slots = token_kwargs(rest, parser), Values()
    if rest[:1] == ["slots"]:
        del rest[0]
        slots = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError(f"{name} takes key=value after the name and after slots, not {rest[0]!r}.")
    return part, given, slots
