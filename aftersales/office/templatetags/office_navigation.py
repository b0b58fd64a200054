"""For the office's frame: `{% office_groups as groups %}`, its areas by task; `{% active_filters cl as active %}`, what a list
is narrowed by."""

from typing import Any

from django import template
from django.template import Context

from aftersales.office.navigation import Group, groups

register = template.Library()


@register.simple_tag(takes_context=True)
def office_groups(context: Context) -> list[Group]:
    """The areas this person may open."""
    return groups(context["request"])


@register.simple_tag
def active_filters(changelist: Any) -> list[tuple[str, str]]:
    """The filters that are on, each with what it was set to. The first choice of each is “all” and says nothing."""
    return [
        (str(spec.title), str(choice["display"]))
        for spec in changelist.filter_specs
        for choice in list(spec.choices(changelist))[1:]
        if choice["selected"]
    ]
