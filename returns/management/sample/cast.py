"""Who works in the sample shop: the demo's three people, or, without the demo, people who cannot sign in yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from aftersales.accounts.actions.demo_staff import make_demo_staff
from aftersales.accounts.actions.people import make_user
from aftersales.accounts.models import User
from aftersales.kernel.actor import SYSTEM, Actor, Role

_NAMES = {Role.AGENT: "林晓", Role.WAREHOUSE: "周强", Role.MANAGER: "陈敏"}


@dataclass(frozen=True, slots=True)
class Cast:
    agent: Actor
    warehouse: Actor
    manager: Actor


def make_cast() -> Cast:
    """One person of each role; those that are there already are taken."""
    if settings.DEMO:
        make_demo_staff()
    return Cast(*(_somebody(role) for role in (Role.AGENT, Role.WAREHOUSE, Role.MANAGER)))


def _somebody(role: Role) -> Actor:
    user = User.objects.filter(role=role, is_active=True).order_by("pk").first()
    if user is None:
        # No password: a manager sets one in the office before the person can sign in.
        user = make_user(email=f"{role}@sample.example", name=_NAMES[role], role=role, password=None, actor=_MAKER)
    return user.as_actor()


_MAKER = Actor(kind=SYSTEM.kind, role=Role.MANAGER, label="load_sample")
