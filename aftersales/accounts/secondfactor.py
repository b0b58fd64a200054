"""Second factors: who has one, how their secrets are kept, and that nobody works without one where the shop asks for it."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from aftersales.accounts import sealing
from aftersales.kernel.redirects import whole_page

_PURPOSE = "desk second factor"
_SESSION_KEY = "second_factor_set_up_by"  # the user who set one up in this very session, with a good code
# What somebody without a second factor may still open: setting one up, proving who they are, leaving, the language.
_OPEN = frozenset(
    {
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "account_reauthenticate",
        "account_login",
        "account_logout",
        "account_inactive",
        "set_language",
    }
)


class SecondFactors(DefaultMFAAdapter):
    """Secrets lie encrypted in the database, with a key derived from SECRET_KEY: a stolen dump gives no codes away."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text, purpose=_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text, purpose=_PURPOSE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Where the shop asks for it nobody may switch it off; a manager can, for somebody who lost their phone."""
        return not settings.STAFF_TOTP_REQUIRED


def has_second_factor(user_id: int | None) -> bool:
    """Whether this member of staff signs in with a code from an authenticator app."""
    return bool(Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).exists())


class SecondFactorMiddleware:
    """Leads staff who have shown no second factor to setting one up, and nowhere else, where STAFF_TOTP_REQUIRED is on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.STAFF_TOTP_REQUIRED or not request.user.is_authenticated or _has_shown(request):
            return self.get_response(request)
        door = resolve(request.path_info).url_name
        if door not in _OPEN:
            return _lead_there(request)
        answer = self.get_response(request)
        if door == "mfa_activate_totp" and request.method == "POST" and has_second_factor(request.user.pk):
            request.session[_SESSION_KEY] = request.user.pk
        return answer


def _has_shown(request: HttpRequest) -> bool:
    """In this session: another session of theirs, opened with the password alone, does not profit from it."""
    if request.session.get(_SESSION_KEY) == request.user.pk:
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def _lead_there(request: HttpRequest) -> HttpResponse:
    """To setting one up; or, when they have one that this session never saw, to signing in with it."""
    if request.path_info.startswith("/api/"):
        detail = _("Set up two-step sign-in in the browser first; then this session may use the API.")
        body = {"type": "about:blank", "title": "Forbidden", "status": 403, "code": "second_factor", "detail": detail}
        return JsonResponse(body, status=403, content_type="application/problem+json")
    if has_second_factor(request.user.pk):
        logout(request)
        return whole_page(request, redirect(settings.LOGIN_URL))
    messages.info(request, _("This shop asks for two-step sign-in. Set it up now; it takes a minute."))
    return whole_page(request, redirect(reverse("mfa_activate_totp")))
