"""The character NUL in what was sent: no text that the database could hold or look for has one.

Forms refuse it beside the field and drafts leave it out; whatever reaches a statement with one all the same is answered as
what no browser of ours sends, on every face. Asked only of what has failed, it costs the others nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from aftersales.kernel.badrequest import bad_request

NUL = "\x00"


class NulMiddleware:
    """Answers 400 where a view failed for a NUL in its request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """None leaves it to whoever else knows an answer: it is a fault of ours, then."""
        if isinstance(exception, ValueError) and "NUL" in str(exception) and _holds_nul(request):
            return bad_request(request, exception)
        return None


def _holds_nul(request: HttpRequest) -> bool:
    sent = (values for part in (request.GET, request.POST) for _name, values in part.lists())
    return NUL in request.path or any(NUL in value for values in sent for value in values)
