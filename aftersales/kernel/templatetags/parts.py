"""`{% part "dialog" id="refuse" title=_("Refuse") %}…{% endpart %}`: a part with a body, rendered in a context of its own.

Parts without a body are plain includes. This tag exists because an include cannot be given a body, and because the body
of a dialog or panel must see the page's variables while the frame around it must not. A frame is drawn once for the same
arguments (kept.py), so they are plain words and numbers; what differs from page to page is put into its slots, as the body is.
"""

from django import template
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token

from aftersales.kernel.templatetags.kept import Values, called, filled, values_of

register = template.Library()


class PartNode(Node):
    """Renders the body with the page's context, then templates/parts/<name>.html with the arguments and `body`."""

    def __init__(self, name: FilterExpression, given: Values, slots: Values, body: NodeList) -> None:
        self.name, self.given, self.slots, self.nodelist = name, given, slots, body

    def render(self, context: Context) -> str:
        given = values_of(self.given, context)
        slots = {key: value.resolve(context) for key, value in self.slots.items()}
        slots["body"] = self.nodelist.render(context)
        return filled(f"parts/{self.name.resolve(context)}.html", given, slots)


@register.tag
def part(parser: Parser, token: Token) -> PartNode:
    """`{% part name key=value … [slots key=value …] %} body {% endpart %}`; name is that of a file below templates/parts/."""
    name, given, slots = called(parser, token)
    body = parser.parse(("endpart",))
    parser.delete_first_token()
    return PartNode(name, given, slots, body)
