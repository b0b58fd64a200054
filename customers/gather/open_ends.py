"""What is still open with a person and must be settled before they can be erased. The apps above tell what they know.

    open_ends.register(find)        # in that app's `AppConfig.ready`

where `find(person_id)` gives the references of what is open, such as `T-7K2MQX94D`.
"""

from __future__ import annotations

from collections.abc import Callable

from customers.models import Gift, Promise

Find = Callable[[int], list[str]]
MOST = 5  # that one sentence names
_finders: list[Find] = []


def register(find: Find) -> None:
    """Ask this function as well."""
    if find not in _finders:
        _finders.append(find)


def open_with(person_id: int) -> list[str]:
    """What is open, in the words of lists; empty where nothing is."""
    promises = Promise.objects.filter(person=person_id).unsettled().order_by("pk")
    gifts = Gift.objects.filter(person=person_id, state__in=Gift.OPEN).order_by("pk")
    found = [f"“{each}”" for each in [*promises[: MOST + 1], *gifts[: MOST + 1]]]
    for find in _finders:
        found += find(person_id)
    return list(dict.fromkeys(found))
