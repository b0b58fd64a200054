"""What a return adds to the evidence pack of a complaint: what the rules said of each line, in words. Registered in `apps`."""

from __future__ import annotations

from django.utils.translation import gettext as _

from returns.models import ReturnLine
from returns.rules.explain import WordsMissing, explain
from tickets.models import Complaint, Ticket


def verdicts_of(complaint: Complaint, cases: list[Ticket], locale: str) -> list[tuple[str, list[str]]]:
    """One chapter with a paragraph for each line of the returns on the order that are in the pack; none where none was judged."""
    of_order = ReturnLine.objects.filter(of__order=complaint.ticket.order, of__ticket__in=cases)
    lines = of_order.select_related("order_line", "of")
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
