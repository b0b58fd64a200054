"""`{% money line.total %}` and `{{ order.total_minor|money:order.currency }}`: an amount with its currency, tabular figures."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aftersales.kernel.money import Money

register = template.Library()


@register.simple_tag(name="money")
def money_tag(amount: Money | None, sign: bool = False) -> SafeString | str:
    """A `Money` as `¥12.50`, never broken over two lines; `sign=True` writes the plus too. None gives a dash."""
    if amount is None:
        return "–"
    return format_html(
        '<span class="figure nowrap">{}{}</span>', "+" if sign and amount.minor > 0 else "", _shown(amount)
    )


@register.filter(name="money")
def money_filter(minor: int | None, currency: str) -> SafeString | str:
    """Whole minor units of `currency` (as models store them) as an amount."""
    return money_tag(None if minor is None else Money(minor, currency))


def _shown(amount: Money) -> str:
    """With a true minus sign, as wide as the plus; a hyphen is easily overlooked before a figure."""
    return str(amount).replace("-", "−")
