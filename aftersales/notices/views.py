"""The demo's mailbox: what would have been mailed and texted, codes included. Nowhere else is there such a page."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import may
from aftersales.notices.models import Posted

_SHOWN = 50


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest messages, filtered by address. Open to everybody in the demo, whose customer needs the code; else staff.

    Without MAILBOX, which production refuses to start with, the page does not exist.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not settings.MAILBOX or settings.PRODUCTION or not (settings.DEMO or may(actor, "mailbox.view")):
        raise Http404
    wanted = request.GET.get("to", "").strip()[:100]
    posted = (
        Posted.objects.filter(Q(to__icontains=wanted) | Q(text__icontains=wanted)) if wanted else Posted.objects.all()
    )
    messages = [{"message": each, "paragraphs": _paragraphs(each.text)} for each in posted[:_SHOWN]]
    return render(
        request,
        "notices/mailbox.html",
        {"messages_posted": messages, "to": wanted, "now": clock.now(), "site_url": settings.SITE_URL},
    )


def _paragraphs(text: str) -> list[list[str]]:
    """The text's paragraphs, each a list of lines."""
    return [paragraph.splitlines() for paragraph in text.strip().split("\n\n")]
