"""The facts of a case in a fixed number of bytes, so that a million of them are read in a second. Written with every
verdict; read by `columns`.

A coding is the vocabulary it was made under: the same fact stands at the same place with the same numbers for its
values. Its hash is kept beside the bytes, so that a case coded years ago still says what it said then.
"""

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

from returns.rules.facts import Fact, vocabulary

Value = str | int | bool
WIDTHS = ((1, "B"), (2, "H"), (4, "I"), (8, "Q"))  # bytes, as `struct` calls them


@dataclass(frozen=True, slots=True)
class Slot:
    """One fact in the bytes: `width` of them hold the number of its value, counted from `lo`. A date is its day
    number, 0 for none."""

    name: str
    kind: str
    values: tuple[str, ...]
    lo: int
    width: int

    def admits(self, facts: Mapping[str, Value]) -> bool:
        """Whether the case says this fact, in a word that is still known."""
        return self.name in facts and (self.kind != "enum" or facts[self.name] in self.values)

    def number(self, value: Value) -> int:
        if self.kind == "enum":
            return self.values.index(str(value))
        if self.kind == "date":
            return date.fromisoformat(str(value)).toordinal() if value else 0
        return int(value) - self.lo

    def value(self, number: int) -> Value:
        """The way back of `number`."""
        if self.kind == "enum":
            return self.values[number]
        if self.kind == "date":
            return date.fromordinal(number).isoformat() if number else ""
        return bool(number) if self.kind == "bool" else number + self.lo


@dataclass(frozen=True)
class Coding:
    """The slots of one vocabulary, in the order of their bytes."""

    slots: tuple[Slot, ...]

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @cached_property
    def _struct(self) -> struct.Struct:
        letters = dict(WIDTHS)
        return struct.Struct("<" + "".join(letters[slot.width] for slot in self.slots))

    @property
    def size(self) -> int:
        """Bytes of one case."""
        return self._struct.size

    def encode(self, facts: Mapping[str, Value]) -> bytes:
        """The bytes of a complete case, as `validate` returns it."""
        return self._struct.pack(*(slot.number(facts[slot.name]) for slot in self.slots))

    def decode(self, code: bytes) -> dict[str, Value]:
        """The facts again but for zones; the way back of `encode`."""
        numbers = self._struct.unpack(code)
        return {slot.name: slot.value(number) for slot, number in zip(self.slots, numbers, strict=True)}

    def as_dict(self) -> dict[str, Any]:
        """JSON-able; the way back is `read_coding`."""
        return {
            "slots": [
                {"name": slot.name, "kind": slot.kind, "values": list(slot.values), "lo": slot.lo, "width": slot.width}
                for slot in self.slots
            ]
        }


def read_coding(read: Mapping[str, Any]) -> Coding:
    """A coding from what was kept of it."""
    return Coding(tuple(Slot(**{**raw, "values": tuple(raw["values"])}) for raw in read["slots"]))


@cache
def coding() -> Coding:
    """The coding of the vocabulary as it is now. Zones are left out: they are told to people and decide nothing."""
    return Coding(tuple(_slot(fact) for fact in vocabulary().values() if fact.kind != "zone"))


def coding_for(facts: Mapping[str, Value]) -> Coding:
    """The coding for a case that was decided some time ago: what it says and the vocabulary still has. What it does
    not say is not coded, so that nobody later takes a default for a fact."""
    now = coding()
    said = tuple(slot for slot in now.slots if slot.admits(facts))
    return now if said == now.slots else Coding(said)


def _slot(fact: Fact) -> Slot:
    if fact.values:
        return Slot(fact.name, "enum", tuple(fact.values), 0, _width(len(fact.values)))
    if fact.kind == "date":
        return Slot(fact.name, "date", (), 0, 4)
    if fact.kind == "bool":
        return Slot(fact.name, "bool", (), 0, 1)
    return Slot(fact.name, fact.kind, (), fact.lo, _width(fact.hi - fact.lo + 1))


def _width(places: int) -> int:
    return next(width for width, _ in WIDTHS if places <= 256**width)
