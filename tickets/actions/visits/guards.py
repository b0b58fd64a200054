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
    """The visit, locked with what is open of its series, if the actor may see it. Raises `NotFound`."""
    lock_series(visit_id)
    rows = Visit.objects.visible_to(actor).select_for_update(of=("self",)).select_related("plan", "person", "order")
    visit: Visit | None = rows.filter(pk=visit_id).first()
    if visit is None:
        raise NotFound
    return visit


def lock_series(visit_id: int) -> None:
    """Lock what is open of the same plan for the same order or case, in one order.

    Of two that end at once the second then sees that the first has, and plans the next one: else each would take the other for
    the one that goes on, and the series would end between them.
    """
    row = Visit.objects.filter(pk=visit_id).values_list("person", "key").first()
    if row is None:
        return
    person, key = row
    series = Visit.objects.open().filter(person=person, key__startswith=f"{key.rsplit(':', 1)[0]}:")
    list(series.select_for_update().order_by("pk").values_list("pk", flat=True))


def must_be_open(visit: Visit) -> None:
    """Raise `VisitEnded` unless something can still be recorded."""
    if not visit.is_open:
        raise VisitEnded
