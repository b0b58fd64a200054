"""The questions of a request in their order: where one stands, what comes next, what is still open. Used by the steps' views."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aftersales.portal.drafted import Drafted

# name of the view, words of the step; the replacement is asked for inside “What you would like”
STEPS = (
    ("items", _("Items")),
    ("reasons", _("Reason")),
    ("story", _("Words and files")),
    ("wish", _("What you would like")),
    ("verdict", _("What is due")),
    ("check", _("Check and send")),
)


def progress(current: str, order_id: int) -> list[dict[str, Any]]:
    """The row of steps for parts/steps.html; steps done are links back."""
    names = [name for name, _words in STEPS]
    here = names.index(current)
    return [
        {
            "label": words,
            "state": "done" if place < here else "current" if place == here else "ahead",
            "href": reverse(f"portal:{name}", args=[order_id]),
        }
        for place, (name, words) in enumerate(STEPS)
    ]


def without_reason(drafted: Drafted) -> int | None:
    """The first chosen item nobody gave a reason for."""
    return next((line for line, said in drafted.lines.items() if not said.reason), None)


def first_gap(drafted: Drafted) -> str:
    """The earliest question that still needs an answer before the rules can speak; nothing when all are answered."""
    if not drafted.lines:
        return "items"
    if without_reason(drafted) is not None:
        return "reasons"
    return "" if drafted.kind else "wish"
