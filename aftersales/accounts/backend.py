"""Who signs in: allauth's way, and the account of a session by a statement that is prepared, since every page asks for it."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from aftersales.accounts.models import User
from aftersales.kernel.prepared import prepared


class AccountBackend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        found = _account(pk=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None


@prepared
def _account(*, pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)
