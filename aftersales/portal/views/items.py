"""Step 1: which items, how many."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from aftersales.portal.doors import Visit, for_customers
from aftersales.portal.forms.request import ItemsForm
from aftersales.portal.forms.trying import status_of, typed
from aftersales.portal.views.stepping import only_saves, saved, step_of


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def items(request: Visit, pk: int) -> HttpResponse:
    """Choose with steppers; what is in another request already is shown and cannot be chosen."""
    step = step_of(request, pk)
    lines = [line for line in step.order.lines.all() if line.shipped_quantity]
    form = ItemsForm([line for line in lines if line.free_quantity > 0], step.drafted, data=typed(request))
    if request.method == "POST":
        good = form.is_valid()
        if good or only_saves(request):
            step.keep(lambda drafted: drafted.choose(form.quantities()))
        if only_saves(request):
            return saved()
        if good:
            return redirect("portal:reasons", pk)
    taken = [line for line in lines if line.free_quantity <= 0]
    return step.page("items", step="items", status=status_of(form), form=form, taken=taken)
