"""What the steps of a request share: the order with its open draft, and whether the browser only saves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.portal import steps
from aftersales.portal.doors import Elsewhere, Visit
from aftersales.portal.drafted import Drafted, changing
from aftersales.portal.judgement import Judged, judge
from customers.models import Order, OrderLine
from returns.actions.drafts import change_draft
from returns.models import ReturnDraft


@dataclass(slots=True)
class Step:
    """One step of one customer's request."""

    request: Visit
    order: Order
    draft: ReturnDraft
    drafted: Drafted

    @property
    def lines(self) -> list[OrderLine]:
        """The chosen lines, in the order of the order."""
        return [line for line in self.order.lines.all() if line.pk in self.drafted.lines]

    @property
    def files(self) -> QuerySet[Attachment]:
        return Attachment.objects.of(self.draft).shown_to(self.request.actor)

    def keep(self, change: Callable[[Drafted], None]) -> None:
        """Keep one answer on the server."""
        self.draft = change_draft(self.draft.pk, changing(change), actor=self.request.actor)
        self.drafted = Drafted.read(self.draft.data)

    def judge(self, kind: str) -> Judged:
        """What the rules say to `kind`. Where the order has changed meanwhile, back to the items with the reason."""
        try:
            return judge(
                self.order,
                self.drafted,
                kind=kind,
                actor=self.request.actor,
                has_proof=self.files.exists(),
                at=clock.now(),
            )
        except (BadInput, Conflict) as refusal:
            messages.warning(self.request, str(refusal))
            raise Elsewhere(self.address("items")) from None

    def address(self, name: str, *more: object) -> str:
        return reverse(f"portal:{name}", args=[self.order.pk, *more])

    def page(self, name: str, *, step: str, status: int = 200, **context: Any) -> HttpResponse:
        """The page of a step, with progress and order."""
        context |= {"order": self.order, "steps": steps.progress(step, self.order.pk), "now": clock.now()}
        return render(self.request, f"portal/request/{name}.html", context, status=status)


def step_of(request: Visit, pk: int, *, after: str = "") -> Step:
    """The open request of an order in scope. Leads to the first open question when one before `after` is unanswered."""
    order = Order.objects.visible_to(request.actor).preloaded().prefetch_related("promises").filter(pk=pk).first()
    if order is None:
        raise NotFound
    draft = ReturnDraft.objects.filter(order=order, submitted=None).first()
    if draft is None:
        raise Elsewhere(_after_the_end(order))
    step = Step(request, order, draft, Drafted.read(draft.data))
    gap = steps.first_gap(step.drafted)
    names = [name for name, _words in steps.STEPS]
    if gap and after and names.index(gap) <= names.index(after):
        raise Elsewhere(step.address(gap))
    return step


def _after_the_end(order: Order) -> str:
    """Nothing is open: the request was sent (back button, second press), or it was never begun."""
    sent = ReturnDraft.objects.filter(order=order, submitted__isnull=False).select_related("submitted").last()
    if sent is not None and sent.submitted is not None:
        return reverse("portal:done", args=[sent.submitted.ref])
    return reverse("portal:order", args=[order.pk])


def only_saves(request: Visit) -> bool:
    """Whether the browser saves by itself what was typed so far (static/js/behaviours/keep.js)."""
    return request.headers.get("X-Keep") == "1"


def saved() -> HttpResponse:
    return HttpResponse(status=204)
