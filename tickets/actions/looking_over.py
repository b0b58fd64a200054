"""Look a reply over before it is sent, with the shop's own word lists. Called by forms; it writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from aftersales.kernel.prepared import prepared
from tickets import wording
from tickets.models import Complaint, Message, Ticket, WordingTerm
from tickets.wording import Finding, Term, look_over


def terms() -> list[Term]:
    """The words in use, of both languages: a reply may hold both."""
    return [Term(*row) for row in _in_use()]


@prepared
def _in_use() -> QuerySet[WordingTerm, Any]:
    return WordingTerm.objects.filter(retired=False).values_list("fault", "text", "instead")


def findings_in(ticket: Ticket, text: str) -> list[Finding]:
    """What stands out in a reply on this ticket. The first answer of the shop to a complaint should hold an apology."""
    if not text.strip():
        return []
    return look_over(text, terms(), needs_apology=is_first_answer_to_a_complaint(ticket))


def findings_in_many(tickets: Sequence[int], text: str) -> list[Finding]:
    """The same for words that go to all of these tickets: an apology is missed as soon as one of them needs it."""
    if not text.strip():
        return []
    answered = Message.objects.filter(ticket=OuterRef("pk"), by=Message.By.STAFF, internal=False)
    waiting = Ticket.objects.filter(pk__in=tickets, kind="complaint", complaint=None).exclude(Exists(answered))
    return look_over(text, terms(), needs_apology=waiting.exists())


def apologises(text: str) -> bool:
    """Whether somebody says sorry in this text, in the words of the shop's own list. A shop without such words asks for none."""
    words = terms()
    return wording.apologises(text, words) or not any(term.fault == wording.APOLOGY for term in words)


def is_first_answer_to_a_complaint(ticket: Ticket) -> bool:
    """Whether nobody of the shop has written to this complaining customer yet.

    Where the steps of a complaint are kept, `complaints.first_answer` refuses instead of warning.
    """
    if ticket.kind != "complaint" or Complaint.objects.filter(ticket=ticket).exists():
        return False
    return not ticket.messages.filter(by=Message.By.STAFF, internal=False).exists()
