"""Who may open a photo: decided by the app that owns the thing it belongs to, since this floor does not know returns.

    access.register("returns.return", lambda actor, pk: Return.objects.visible_to(actor).filter(pk=pk).exists())

in that app's `AppConfig.ready`. A kind of thing nobody registered is closed to everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from aftersales.files.models import Attachment
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import may

MayOpen = Callable[[Actor, int], bool]  # actor, primary key of the thing
TellsOn = Callable[[Any], Model]
_registered: dict[str, MayOpen] = {}
_told: dict[str, TellsOn] = {}


def register(subject_type: str, may_open: MayOpen, tells_on: TellsOn | None = None) -> None:
    """Say who may see the photos of one kind of thing (`app.model`, small letters).

    `tells_on`: in whose history it stands what was done to them, where that is not the thing's own.
    """
    _registered[subject_type] = may_open
    if tells_on is not None:
        _told[subject_type] = tells_on


def history_of(attachment: Attachment) -> Model:
    """The row in whose history it stands what was done to a photo."""
    thing: Model = attachment.subject
    tells_on = _told.get(attachment.subject_type)
    return tells_on(thing) if tells_on is not None else thing


def is_open(subject_type: str) -> bool:
    """Whether anybody at all may see the photos of this kind of thing."""
    return subject_type in _registered


def may_open(actor: Actor, attachment: Attachment) -> bool:
    """Whether the actor may see this photo now. Hidden ones are for staff only."""
    if not may(actor, "file.view") or (attachment.hidden_at is not None and not actor.is_staff):
        return False
    decide = _registered.get(attachment.subject_type)
    return decide is not None and decide(actor, attachment.subject_id)
