"""Make, change and lock out members of staff. Called by the office."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.actions.keys import revoke_key
from aftersales.accounts.models import ApiKey, Team, User
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check, may
from aftersales.ledger.record import record


class NotYourself(Conflict):
    """A manager who demotes or locks out themselves might be the last one."""

    code = "not_yourself"
    sentence = _("You cannot change your own role or lock yourself out. Ask another manager.")


def _locked(user_id: int, actor: Actor) -> User:
    check(actor, "user.manage")
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user


@transaction.atomic
def make_user(
    *, email: str, name: str, role: str, password: str | None, team: Team | None = None, locale: str = "", actor: Actor
) -> User:
    """Let somebody sign in with one role. The e-mail address is kept in small letters and belongs to one person."""
    check(actor, "user.manage")
    if User.objects.filter(email=email.strip().lower()).exists():
        raise BadInput(_("Somebody signs in with this e-mail address already."), field="email", code="email_taken")
    user = User.objects.create_user(email.strip(), password, name=name, role=role, team=team, locale=locale)
    record("user.made", on=user, actor=actor, name=name, role=role)
    return user


@transaction.atomic
def change_user(user_id: int, *, name: str, role: str, team: Team | None, locale: str, actor: Actor) -> User:
    """Change who somebody is to the shop. A new role counts from their next click. The same again changes nothing.

    Whoever may make no keys any more loses those they made: each keeps a role of its own, a manager's perhaps.
    """
    user = _locked(user_id, actor)
    before = user.role
    if role != before and actor.kind == "staff" and actor.id == user.pk:
        raise NotYourself
    wanted = {"name": name, "role": role, "team_id": team.pk if team else None, "locale": locale}
    changed = [field for field, value in wanted.items() if getattr(user, field) != value]
    for field in changed:
        setattr(user, field, wanted[field])
    if changed:
        user.save(update_fields=changed)
    if role != before:
        record("user.role_changed", on=user, actor=actor, name=user.name, before=before, after=role)
        if not may(user.as_actor(), "key.manage"):
            _end_keys_of(user, actor)
    elif changed:
        record("user.changed", on=user, actor=actor, name=user.name, fields=changed)
    return user


@transaction.atomic
def set_password(user_id: int, *, password: str, actor: Actor) -> User:
    """Give somebody a new password. Every session they have ends, because each is bound to the old one."""
    user = _locked(user_id, actor)
    user.set_password(password)
    user.save(update_fields=["password"])
    record("user.password_set", on=user, actor=actor, name=user.name)
    return user


@transaction.atomic
def lock_out(user_id: int, *, actor: Actor) -> User:
    """End somebody's access: sessions, sign-in and the keys they made. Locking out twice changes nothing.

    The password is made unusable as well, so that a session from before does not wake up when they are let in again.
    """
    user = _locked(user_id, actor)
    if actor.kind == "staff" and actor.id == user.pk:
        raise NotYourself
    if not user.is_active:
        return user
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    _end_keys_of(user, actor)
    record("user.locked_out", on=user, actor=actor, name=user.name)
    return user


def _end_keys_of(user: User, actor: Actor) -> None:
    for key in ApiKey.objects.filter(created_by=user, revoked_at=None):
        revoke_key(key, actor=actor)


@transaction.atomic
def let_in(user_id: int, *, actor: Actor) -> User:
    """Allow somebody to sign in again. They need a new password first (`set_password`). Twice changes nothing."""
    user = _locked(user_id, actor)
    if user.is_active:
        return user
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("user.let_in", on=user, actor=actor, name=user.name)
    return user


@transaction.atomic
def forget_second_factor(user_id: int, *, actor: Actor) -> User:
    """Somebody lost their phone: the next sign-in asks for the password alone, and for a new second factor if required."""
    user = _locked(user_id, actor)
    removed, _by_model = Authenticator.objects.filter(user=user).delete()
    if removed:
        record("user.second_factor_forgotten", on=user, actor=actor, name=user.name)
    return user


@transaction.atomic
def set_signature(text: str, *, actor: Actor) -> None:
    """Sign one's own replies so. The same again changes nothing."""
    text = text.replace("\x00", "").strip()[:200]
    if actor.kind != "staff":
        raise NotFound
    user = User.objects.select_for_update().get(pk=actor.id or 0)
    if user.signature == text:
        return
    user.signature = text
    user.save(update_fields=["signature"])
    record("user.signs", on=user, actor=actor)
