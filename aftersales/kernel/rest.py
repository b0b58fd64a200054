"""How the API says no: every error as problem+json (RFC 9457), with the refusal's code, sentence and parameters."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from aftersales.kernel.errors import BadInput, Refusal, TooMany

PROBLEM_JSON = "application/problem+json"


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. Returns None for what is our own fault, which Django reports and answers with 500."""
    if isinstance(error, Refusal):
        answer = _of_refusal(error)
    elif isinstance(error, Http404):
        answer = _of_api(exceptions.NotFound())
    elif isinstance(error, PermissionDenied):
        answer = _of_api(exceptions.PermissionDenied())
    elif isinstance(error, exceptions.APIException):
        answer = _of_api(error)
    else:
        return None
    set_rollback()
    return answer


def _of_refusal(error: Refusal) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "code": error.code,
        "detail": str(error),
        "params": {
            name: value if isinstance(value, int | bool | None) else str(value) for name, value in error.params.items()
        },
    }
    headers = {}
    if isinstance(error, BadInput) and error.field:
        body["errors"] = {error.field: [str(error)]}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after)
    return Response(body, status=error.status, headers=headers, content_type=PROBLEM_JSON)


def _of_api(error: exceptions.APIException) -> Response:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(error.status_code).phrase,
        "status": error.status_code,
    }
    if isinstance(error, exceptions.ValidationError):
        body |= {"code": "bad_input", "detail": str(BadInput()), "errors": error.detail}
    else:
        body |= {"code": str(getattr(error.detail, "code", error.default_code)), "detail": str(error.detail)}
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait))
    return Response(body, status=error.status_code, headers=headers, content_type=PROBLEM_JSON)
