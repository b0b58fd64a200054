"""`{% part "dialog" id="refuse" title=_("Refuse") %}…{% endpart %}`: a part with a body, rendered in a context of its own.

Parts without a body are plain includes. This tag exists because an include cannot be given a body, and because the body
of a dialog or panel must see the page's variables while the frame around it must not.
"""

from typing import Any

from django import template
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token, token_kwargs

register = template.Library()


class PartNode(Node):
    """Renders the body with the page's context, then templates/parts/<name>.html with the arguments and `body`."""

    def __init__(self, name: FilterExpression, arguments: dict[str, FilterExpression], body: NodeList) -> None:
        self.name, self.arguments, self.nodelist = name, arguments, body

    def render(self, context: Context) -> str:
        given: dict[str, Any] = {key: value.resolve(context) for key, value in self.arguments.items()}
        given["body"] = self.nodelist.render(context)
        frame = context.template.engine.get_template(f"parts/{self.name.resolve(context)}.html")  # type: ignore[union-attr]
        return frame.render(context.new(given | {"csrf_token": context.get("csrf_token")}))


@register.tag
def part(parser: Parser, token: Token) -> PartNode:
    """`{% part name key=value … %} body {% endpart %}`; name is that of a file below templates/parts/."""
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("part needs the name of a template below templates/parts/.")
    name, rest = parser.compile_filter(bits[0]), bits[1:]
    arguments = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError(f"part takes key=value after its name, not {rest[0]!r}.")
    body = parser.parse(("endpart",))
    parser.delete_first_token()
    return PartNode(name, arguments, body)
