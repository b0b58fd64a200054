"""Make the three people of the demo, whose password everybody knows. Called by the one-command start with DEMO=1."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from aftersales.accounts.models import User
from aftersales.kernel.actor import Role

DEMO_PASSWORD = "demo-desk-2026"


class DemoPerson(NamedTuple):
    role: Role
    email: str
    name: str


DEMO_STAFF = (
    DemoPerson(Role.AGENT, "agent@demo.example", "林晓"),
    DemoPerson(Role.WAREHOUSE, "warehouse@demo.example", "周强"),
    DemoPerson(Role.MANAGER, "manager@demo.example", "陈敏"),
)


@transaction.atomic
def make_demo_staff() -> list[User]:
    """The three of them, made where missing; somebody who changed a password keeps it.

    Raises RuntimeError outside the demo: a known password must never stand before real customers' data.
    """
    if not settings.DEMO:
        raise RuntimeError("Demo staff exist with DEMO=1 only.")
    people = []
    for person in DEMO_STAFF:
        user = User.objects.filter(email=person.email).first()
        if user is None:
            user = User.objects.create_user(person.email, DEMO_PASSWORD, name=person.name, role=person.role)
        people.append(user)
    return people
