"""Hand out one stored file, to who may see it and by a link that is still good; everybody else finds nothing there."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from aftersales.files import access, links, store
from aftersales.files.models import Attachment
from aftersales.kernel.actor import Actor


@require_safe
def open_file(request: HttpRequest, ref: str, token: str, size: str) -> FileResponse:
    """The small picture inline; whole pictures and everything else as a download. Nothing in it can run (sandbox, nosniff)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    attachment = Attachment.objects.filter(ref=ref).first()
    if (
        attachment is None
        or not links.is_good(ref, size, token, settings.LINK_KEY)
        or not access.may_open(actor, attachment)
        or (size == links.THUMB and not attachment.is_picture)
    ):
        raise Http404
    try:
        body = store.read(attachment.stored_name, small=size == links.THUMB)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        body,
        as_attachment=size == links.FULL,
        filename=attachment.saved_as,
        content_type=attachment.served_as,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
