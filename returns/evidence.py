"""What a return adds to the evidence pack of a complaint: what the rules said of each line, in words. Registered in `apps`."""

from __future__ import annotations

from django.utils.translation import gettext as _

from returns.models import ReturnLine
from returns.rules.explain import WordsMissing, explain
from tickets.models import Complaint


def verdicts_of(complaint: Complaint, locale: str) -> list[tuple[str, list[str]]]:
    """One chapter with a paragraph for each line of the returns on the order; none where nothing was judged."""
    if complaint.ticket.order_id is None:
        return []
    lines = ReturnLine.objects.filter(of__order_id=complaint.ticket.order_id).select_related("order_line", "of")
    told, gap = [], "" if locale.startswith("zh") else " "
    for line in lines.prefetch_related("verdicts").order_by("of_id", "id"):
        verdict = next((each for each in line.verdicts.all() if not each.superseded), None)
        if verdict is None:
            continue
        try:
            words = explain(verdict.outcome, locale, "customer")
        except WordsMissing:
            continue
        told.append(f"{line.of.ref} {line.order_line}: {gap.join(words.summary)}")
    return [(_("What the rules say"), told)] if told else []
