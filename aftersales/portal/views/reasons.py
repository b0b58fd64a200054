"""Step 2: why, for each item; first the kind of reason, then the reason itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from aftersales.kernel.errors import NotFound
from aftersales.portal import steps
from aftersales.portal.doors import Visit, for_customers
from aftersales.portal.forms.request import GroupForm, ReasonForm
from aftersales.portal.forms.trying import status_of, typed
from aftersales.portal.views.stepping import Step, step_of
from customers.models import OrderLine
from returns.gather import stage_of, traits_of
from returns.rules.reasons import Group, fits, offered
from returns.rules.reasons import reasons as all_reasons

_ICONS = {
    "no_reason": "heart",
    "quality": "broken",
    "not_as_described": "image",
    "wrong_or_missing": "box-open",
    "logistics": "truck",
    "before_receipt": "clock",
    "warranty": "wrench",
    "agreed": "chat",
}


@require_safe
@for_customers
def reasons(request: Visit, pk: int) -> HttpResponse:
    """To the first item without a reason, or to the first of all."""
    step = step_of(request, pk)
    line = steps.without_reason(step.drafted) or next(iter(step.drafted.lines), None)
    return redirect("portal:group", pk, line) if line else redirect("portal:items", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def group(request: Visit, pk: int, line_id: int) -> HttpResponse:
    """The first level. A group with one reason answers both questions at once."""
    step, line = _line(request, pk, line_id)
    groups = offered(stage_of(step.order), traits_of(line))
    form = GroupForm(
        [(each.code, each.code) for each in groups],
        label=_("Why do you send it back?"),
        data=typed(request),
        initial={"group": step.drafted.lines[line_id].group},
    )
    if request.method == "POST" and form.is_valid():
        chosen = next(each for each in groups if each.code == form.cleaned_data["group"])
        if len(chosen.reasons) > 1:
            return redirect("portal:reason", pk, line_id, chosen.code)
        return _answered(step, line, chosen.code, chosen.reasons[0].code, for_all=False)
    return step.page(
        "group", step="reasons", status=status_of(form), form=form, line=line, cards=_group_cards(groups, request)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def reason(request: Visit, pk: int, line_id: int, group_code: str) -> HttpResponse:
    """The second level, each with an example in plain words."""
    step, line = _line(request, pk, line_id)
    group = next((each for each in offered(stage_of(step.order), traits_of(line)) if each.code == group_code), None)
    if group is None:
        raise NotFound
    form = ReasonForm(
        [(each.code, each.code) for each in group.reasons],
        label=_("What fits best?"),
        several=len(step.drafted.lines) > 1,
        data=typed(request),
        initial={"reason": step.drafted.lines[line_id].reason},
    )
    if request.method == "POST" and form.is_valid():
        for_all = form.cleaned_data.get("for_all", False)
        return _answered(step, line, group.code, form.cleaned_data["reason"], for_all=for_all)
    cards = [
        {
            "value": each.code,
            "title": each.label(request.actor.locale),
            "example": each.example(request.actor.locale),
        }
        for each in group.reasons
    ]
    title = group.label(request.actor.locale)
    return step.page("reason", step="reasons", status=status_of(form), form=form, line=line, cards=cards, group=title)


def _line(request: Visit, pk: int, line_id: int) -> tuple[Step, OrderLine]:
    step = step_of(request, pk, after="items")
    line = next((line for line in step.lines if line.pk == line_id), None)
    if line is None:
        raise NotFound
    return step, line


def _answered(step: Step, line: OrderLine, group_code: str, reason_code: str, *, for_all: bool) -> HttpResponse:
    leaf = all_reasons()[reason_code]
    others = [each.pk for each in step.lines if for_all and fits(leaf, traits_of(each))]
    step.keep(lambda drafted: drafted.because({line.pk, *others}, group_code, reason_code))
    open_one = steps.without_reason(step.drafted)
    return redirect(step.address("group", open_one) if open_one else step.address("story"))


def _group_cards(groups: tuple[Group, ...], request: Visit) -> list[dict[str, Any]]:
    """The first few reasons of a group are its example."""
    locale = request.actor.locale
    return [
        {
            "value": each.code,
            "title": each.label(locale),
            "icon": _ICONS.get(each.code, "question"),
            "example": pgettext("between examples", ", ").join(leaf.label(locale) for leaf in each.reasons[:3]),
        }
        for each in groups
    ]
