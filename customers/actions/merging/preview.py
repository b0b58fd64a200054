"""What merging two entries would move and end, to be read before somebody says yes. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from customers.gather import belongings
from customers.gather.said import ending
from customers.models import Person, Purpose


@dataclass(frozen=True, slots=True)
class Preview:
    """`moves`: what rows are called, and how many go over. `ends`: the purposes whose consent ends."""

    moves: list[tuple[str, int]]
    ends: list[Purpose]


def preview(source: Person, into: Person) -> Preview:
    """One statement for each kind of row that points at a person."""
    counted: dict[str, int] = {}
    for column in belongings.pointing():
        model, name = belongings.model_of(column)
        if model is not Person and (number := model._base_manager.filter(**{name: source}).count()):
            words = str(model._meta.verbose_name_plural)
            counted[words] = counted.get(words, 0) + number
    return Preview(list(counted.items()), ending(source, into))
