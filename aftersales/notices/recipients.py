"""How somebody can be reached. The apps that know people register here, since this floor knows only staff.

    recipients.register("customers.person", find)     # in that app's `AppConfig.ready`

where `find(pk)` gives a `Recipient`, or None when the person is gone.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Model

from aftersales.accounts.models import User


@dataclass(frozen=True, slots=True)
class Point:
    """One address: `kind` is `email` or `phone`, `value` canonical, `masked` fit to show."""

    kind: str
    value: str
    masked: str

    @property
    def sha256(self) -> str:
        """A keyed hash, to count and compare addresses without keeping them."""
        return hmac.new(settings.LOOKUP_KEY.encode(), f"{self.kind}:{self.value}".encode(), "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to tell: in which language, where; `in_app` for staff, who read in the desk.

    `same` are keys of other rows that may be the same human being: a channel that one refuses is refused by all.
    """

    locale: str
    points: tuple[Point, ...] = ()
    in_app: bool = False
    same: tuple[int, ...] = ()


Find = Callable[[int], Recipient | None]
_registered: dict[str, Find] = {}


def register(subject_type: str, find: Find) -> None:
    """Say how people of one kind (`app.model`) are reached."""
    _registered[subject_type] = find


def recipient(person: Model) -> Recipient | None:
    """How this person is reached. Raises `LookupError` for a kind nobody registered."""
    label = person._meta.label_lower
    if label not in _registered:
        raise LookupError(f"Nobody registered how a {label} is reached.")
    return _registered[label](person.pk)


def _staff(pk: int) -> Recipient | None:
    user = User.objects.filter(pk=pk, is_active=True).first()
    return Recipient(locale=user.locale or settings.LANGUAGE_CODE, in_app=True) if user else None


register("accounts.user", _staff)
