"""`{% office_groups as groups %}`: the office's areas by task, for the frame of every office page."""

from django import template
from django.template import Context

from aftersales.office.navigation import Group, groups

register = template.Library()


@register.simple_tag(takes_context=True)
def office_groups(context: Context) -> list[Group]:
    """The areas this person may open, from the admin's own list for the request."""
    request = context["request"]
    return groups(context.get("available_apps") or [], request.path, request.actor)
