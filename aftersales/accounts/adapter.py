"""What allauth may do here: sign staff in and out. Accounts are made by a manager, never by a visitor."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from aftersales.accounts.middleware import source_of


class StaffAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same address that actions see, so that rate limits cannot be dodged with a forged header."""
        return source_of(request)
