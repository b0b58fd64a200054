"""`{% shop_name %}`: how the shop calls itself, in titles, headers and on labels."""

from django import template
from django.conf import settings
from django.utils.translation import gettext

register = template.Library()


@register.simple_tag
def shop_name() -> str:
    """The name from the settings, or a plain word for what this is."""
    return settings.SHOP_NAME or gettext("After-sales service")
