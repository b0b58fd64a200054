"""Sets of attachments."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Model

from aftersales.kernel.actor import Actor
from aftersales.ledger.subject import subject_of


class AttachmentQuerySet(models.QuerySet[Any]):
    def of(self, thing: Model) -> AttachmentQuerySet:
        """Those of one row, in the order they came."""
        return self.filter(**subject_of(thing))

    def shown_to(self, actor: Actor) -> AttachmentQuerySet:
        """Without the hidden ones, unless staff look. Whether the actor may see the row itself is asked before."""
        return self if actor.is_staff or actor.is_system else self.filter(hidden_at=None)
