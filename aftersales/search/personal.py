"""What the index holds of people (`aftersales.kernel.personal`). Imported by `SearchConfig.ready`."""

from __future__ import annotations

from aftersales.kernel.personal import Rows, Stays, holds, things_of
from aftersales.search.kinds import kinds
from aftersales.search.models import Entry


def _entries(person_id: int) -> Rows:
    things = dict(things_of(person_id))
    found = Entry.objects.none()
    for kind in kinds():
        if keys := things.get(kind.model._meta.label_lower):
            found |= Entry.objects.filter(kind=kind.name, key__in=keys)
    return found


# Gone with the person; the watch writes it anew from what is left of the thing.
holds("search.Entry", of=_entries, derived=True, untold="kind body tokens", gone=True, stays={Stays.KEYS: "kind"})
