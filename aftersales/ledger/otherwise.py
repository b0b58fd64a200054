"""It was done before, and with other content: what was sent now must not be taken for kept. Called by actions.

Doing the same twice is doing it once, and is not told. Another reason, score or number than the one that stands is not
the same: whoever wrote it would read "done", and their words would be gone.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.datewords import exact
from aftersales.kernel.errors import Conflict
from aftersales.ledger.models import Event
from aftersales.ledger.subject import subject_of


class DoneOtherwise(Conflict):
    """Names who has done it and when, from the last event of that name on the thing; `data` narrows which."""

    code = "done_otherwise"
    sentence = _("%(who)s has done this already (%(when)s) and wrote something else. Yours was not kept: read theirs, and add"
                 " what is missing in a note.")  # fmt: skip

    def __init__(self, name: str, /, *, on: Model, **data: object) -> None:
        told = {f"data__{key}": value for key, value in data.items()}
        event = Event.objects.filter(name=name, **subject_of(on), **told).order_by("-id").first()
        super().__init__(who=_who(event), when=_When(event.at) if event is not None else "–")


def _who(event: Event | None) -> object:
    if event is None or event.actor_kind in ("system", "anonymous"):
        return _("Somebody else")
    return _("The customer") if event.actor_kind == "customer" else event.actor_label or _("Somebody else")


class _When:
    """The time in words, in whatever language the sentence is said in."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def __str__(self) -> str:
        return exact(self.at, clock.now())
