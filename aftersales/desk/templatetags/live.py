"""`{% live "ticket-head" %}…{% endlive %}`: a piece of a page that renews itself while one looks at it.

The piece is the same in the page and in the answer that renews it (`renews` in the context). It bears a print of what it
says, so that the browser leaves alone what has not changed: an open menu stays open, a focused button keeps the focus.
"""

import hashlib
import re
from typing import Any

from django import template
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()

# What differs from answer to answer without saying anything new: tokens of forms, and how long ago something was. One
# expression for each, because each is then found by how it begins: both in one take six times as long.
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
_AGO = re.compile(r"(<time[^>]*>)[^<]*</time>")


class LiveNode(Node):
    def __init__(self, name: FilterExpression, classes: FilterExpression | None, body: NodeList) -> None:
        self.name, self.classes, self.nodelist = name, classes, body

    def render(self, context: Context) -> str:
        body = self.nodelist.render(context)
        stable = _AGO.sub(r"\1", _TOKEN.sub("", body))
        return format_html(
            '<div id="{}" class="{}" data-print="{}"{}>{}</div>',
            self.name.resolve(context),
            self.classes.resolve(context) if self.classes else "",
            hashlib.sha256(stable.encode()).hexdigest()[:16],
            mark_safe(' hx-swap-oob="true"') if context.get("renews") else "",
            mark_safe(body),  # noqa: S308  rendered by the engine just now
        )


@register.tag
def live(parser: Parser, token: Token) -> LiveNode:
    """`{% live id [classes] %} body {% endlive %}`."""
    bits: list[Any] = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    if len(bits) not in (1, 2):
        raise template.TemplateSyntaxError("live takes an id and perhaps classes.")
    body = parser.parse(("endlive",))
    parser.delete_first_token()
    return LiveNode(bits[0], bits[1] if len(bits) == 2 else None, body)
