"""Steps 5 and 6: what is due and why, before anything is sent; then check and send."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aftersales.kernel.errors import Conflict, NotFound
from aftersales.ledger.fingerprint import fingerprint
from aftersales.portal import wishes
from aftersales.portal.doors import Elsewhere, Visit, for_customers
from aftersales.portal.drafted import Drafted
from aftersales.portal.forms.request import SendForm
from aftersales.portal.forms.trying import attempt, status_of
from aftersales.portal.views.stepping import Step, step_of
from customers.models import Order, Sku
from returns.actions.submission import submit_draft
from returns.models import Return, ReturnDraft
from returns.rules.reasons import reasons


@require_safe
@for_customers
def verdict(request: Visit, pk: int) -> HttpResponse:
    """What one is entitled to and who pays which leg, in words, with the source. Nothing is written."""
    step = _complete(request, pk)
    judged = step.judge(step.drafted.kind)
    back = "replacement" if step.drafted.kind == "exchange" else "wish"
    return step.page("verdict", step="verdict", judged=judged, kind=step.drafted.kind, back=step.address(back))


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def check(request: Visit, pk: int) -> HttpResponse:
    """Everything once more. Sending twice, by a double press or after a lost answer, is sending once."""
    if request.method == "POST":
        return _send(request, pk)
    step = _complete(request, pk)
    step.judge(step.drafted.kind)
    return _page(step, SendForm(initial={"key": step.draft.key, "seen": fingerprint(step.draft.data)}))


def _send(request: Visit, pk: int) -> HttpResponse:
    form = SendForm(request.POST)
    order = Order.objects.visible_to(request.actor).filter(pk=pk).first()
    draft = ReturnDraft.objects.filter(order=order, key=request.POST.get("key", "")[:32]).first() if order else None
    if draft is None:
        raise NotFound
    ret = attempt(form, lambda: _submit(request, draft, form.cleaned_data["seen"]))
    if ret is not None:
        return redirect("portal:done", ret.ref)
    step = _complete(request, pk)
    again = SendForm(initial={"key": step.draft.key, "seen": fingerprint(step.draft.data)})
    return _page(step, again, refused=form)


def _submit(request: Visit, draft: ReturnDraft, seen: str) -> Return:
    drafted = Drafted.read(draft.data)
    if draft.submitted_id is None and seen != fingerprint(draft.data):
        raise Conflict(
            _("This request was changed on another page since. Please read it once more and then send it."),
            code="draft_changed",
        )
    return submit_draft(draft.key, drafted.items(), kind=drafted.kind, actor=request.actor)


def _complete(request: Visit, pk: int) -> Step:
    """The request with every question answered."""
    step = step_of(request, pk, after="wish")
    wanted = [said.wanted_sku for said in step.drafted.lines.values()]
    if step.drafted.kind == "exchange" and not all(wanted):
        raise Elsewhere(step.address("replacement"))
    if step.drafted.kind == "repair" and not wishes.can_be_repaired(step.judge("return")):
        raise Elsewhere(step.address("wish"))
    return step


def _page(step: Step, form: SendForm, refused: SendForm | None = None) -> HttpResponse:
    status = status_of(refused) if refused else 200
    return step.page(
        "check", step="check", status=status, form=form, refused=refused, rows=_rows(step), files=step.files
    )


def _rows(step: Step) -> list[dict[str, Any]]:
    """The answers, each with the way to change it."""
    skus = {sku.pk: sku for sku in Sku.objects.filter(pk__in=[each.wanted_sku for each in step.drafted.lines.values()])}
    locale = step.request.actor.locale
    rows: list[dict[str, Any]] = []
    for line in step.lines:
        said = step.drafted.lines[line.pk]
        rows += [
            {"label": _("Item"), "value": f"{line} × {said.quantity}", "change": step.address("items")},
            {
                "label": _("Reason"),
                "value": reasons()[said.reason].label(locale),
                "change": step.address("group", line.pk),
            },
        ]
        if said.story:
            rows.append({"label": _("In your words"), "value": said.story, "change": step.address("story")})
        if step.drafted.kind == "exchange" and said.wanted_sku in skus:
            wanted = skus[said.wanted_sku].variant or line.title
            rows.append({"label": _("Instead"), "value": wanted, "change": step.address("replacement")})
    kind = Return.Kind(step.drafted.kind).label
    rows.append({"label": _("What you would like"), "value": kind, "change": step.address("wish")})
    return rows
