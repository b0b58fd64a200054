"""Deeds that put a ticket away, and so not over words that nobody has read."""

from __future__ import annotations

from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from aftersales.desk.deeds.subjects import TicketDeed
from aftersales.desk.seen import SeenField, told
from aftersales.kernel.errors import Refusal
from tickets.actions.stale import StaleThread
from tickets.models import Message


class AfterReading(TicketDeed):
    """Refused where others wrote what was not on the page it is sent from, as a reply is.

    The button says what was, and the form keeps it. Refused, the form shows what is new, which counts as read
    then: sent again it is done.
    """

    says = "seen"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Not a field of the class: a deed that asks nothing else still acts at once."""
        super().__init__(*args, **kwargs)
        self.newer: list[int] = []
        self.fields["seen"] = SeenField()

    def refuse(self, refusal: Refusal) -> None:
        if not isinstance(refusal, StaleThread):
            super().refuse(refusal)
            return
        self.status, self.newer = refusal.status, refusal.params["newer"]
        shown = {"seen": [told(refusal.seen)]}
        self.data = MultiValueDict({**dict(self.data.lists()), **shown})  # type: ignore[attr-defined]
        self.add_error(
            None, _("Something new was written meanwhile. It is shown here; read it, then do it all the same.")
        )

    def question(self) -> str:
        """What must be read first, each with its writer."""
        here = Message.objects.visible_to(self.actor).in_conversation(self.target.pk).select_related("author")
        rows = here.filter(pk__in=self.newer) if self.newer else []
        said = pgettext("last word", "%(who)s: %(text)s")
        return "\n\n".join(
            said % {"who": row.author or row.writer or row.get_by_display(), "text": row.text} for row in rows
        )
