"""What every action on a visit asks first: is it there for the actor, and is it still open."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict, NotFound
from tickets.models import Visit


class VisitEnded(Conflict):
    code = "visit_ended"
    sentence = _("This visit has ended already. Its page says what came of it.")


def lock(visit_id: int, actor: Actor) -> Visit:
    """The visit, locked, if the actor may see it. Raises `NotFound`."""
    rows = Visit.objects.visible_to(actor).select_for_update(of=("self",)).select_related("plan", "person", "order")
    visit: Visit | None = rows.filter(pk=visit_id).first()
    if visit is None:
        raise NotFound
    return visit


def must_be_open(visit: Visit) -> None:
    """Raise `VisitEnded` unless something can still be recorded."""
    if not visit.is_open:
        raise VisitEnded
