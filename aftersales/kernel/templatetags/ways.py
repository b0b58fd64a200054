"""`{% way_back as back %}`: the page of ours somebody came from. The page on expired forms leads back there."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import template
from django.utils.http import url_has_allowed_host_and_scheme

register = template.Library()


@register.simple_tag(takes_context=True)
def way_back(context: template.RequestContext) -> str:
    """Path and query of the Referer if it is on this very host, else nothing: never a link to another site."""
    request = context.request
    came_from = request.META.get("HTTP_REFERER", "")
    try:
        ours = url_has_allowed_host_and_scheme(
            came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        parts = urlsplit(came_from)
    except ValueError:  # a host we do not answer for, or an address nobody can read
        return ""
    if not ours or not parts.path.startswith("/") or parts.path.startswith("//"):
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else str(parts.path)
