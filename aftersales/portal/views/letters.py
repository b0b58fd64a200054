"""The demo's mail program, beside its mailbox: what a customer would write in their own. Nowhere else is there such a page."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import may
from aftersales.notices.models import Posted
from aftersales.portal.forms.letter import LetterForm


@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """A mail to the shop; `?answers=` names the one of the mailbox that it answers. Open to whom the mailbox is."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not settings.MAILBOX or settings.PRODUCTION or not (settings.DEMO or may(actor, "mailbox.view")):
        raise Http404
    form = LetterForm(request.POST) if request.method == "POST" else LetterForm.answering(_posted(request))
    try:
        if request.method == "POST" and form.send(request.FILES):
            messages.success(
                request, _("Sent. Within seconds it stands on its ticket, or waits in the desk under Mail.")
            )
            return redirect("notices:mailbox")
    except NotFound:
        raise Http404 from None
    return render(request, "portal/letter.html", {"form": form}, status=422 if form.errors else 200)


def _posted(request: HttpRequest) -> Posted | None:
    wanted = request.GET.get("answers", "")
    return (
        Posted.objects.filter(kind="email", pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 15 else None
    )
