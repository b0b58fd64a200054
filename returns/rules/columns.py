"""Many cases as one array of numbers for each fact. Read by `batch`; made from coded bytes or from facts.

A number is the place of a value in its column of the vocabulary (`linking.fact_columns`), counted from its lowest; a
date is its day number. -1 stands for what is not known: a fact the case was stored without, or a value that the
vocabulary no longer has.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from returns.rules.arrays import numpy
from returns.rules.coding import Coding, Slot, coding

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]
    Columns = Mapping[str, Array]

UNKNOWN = -1


def from_codes(code: bytes | bytearray | memoryview, made_by: Coding | None = None) -> "dict[str, Array]":
    """The columns of cases whose coded bytes stand one behind the other, read with the coding they were made by."""
    made_by = made_by or coding()
    return from_records(numpy().frombuffer(code, dtype=record_type(made_by)), made_by)


def record_type(made_by: Coding) -> "np.dtype[Any]":
    """The bytes of one case as a NumPy record."""
    np = numpy()
    return np.dtype([(slot.name, f"<u{slot.width}") for slot in made_by.slots])  # type: ignore[no-any-return]


def from_records(records: "Array", made_by: Coding) -> "dict[str, Array]":
    """The columns of cases that were read as records; facts that the vocabulary no longer has are left out."""
    stored = {slot.name: slot for slot in made_by.slots}
    out: dict[str, Array] = {}
    for slot in coding().slots:
        if slot.name not in stored:
            out[slot.name] = numpy().full(len(records), UNKNOWN, dtype="i1")
        elif stored[slot.name] == slot:
            out[slot.name] = _plain(records[slot.name])
        else:
            out[slot.name] = _translated(_plain(records[slot.name]), stored[slot.name], slot)
    return out


def _plain(column: "Array") -> "Array":
    """Out of the record into a row of its own, aligned and with a sign."""
    return column.astype(f"i{min(8, column.dtype.itemsize * 2)}")


def _translated(column: "Array", old: Slot, new: Slot) -> "Array":
    """Numbers of one coding as those of another."""
    np = numpy()
    if old.kind != new.kind:
        return np.full(len(column), UNKNOWN, dtype="i1")  # type: ignore[no-any-return]
    if new.kind == "enum":
        places = [new.values.index(value) if value in new.values else UNKNOWN for value in old.values]
        return np.array(places, dtype="i2")[column]  # type: ignore[no-any-return]
    moved = column.astype("i8") + (old.lo - new.lo)
    beyond = (moved < 0) | (moved >= 256**new.width)
    return np.where(beyond, UNKNOWN, moved)  # type: ignore[no-any-return]


def from_facts(cases: Iterable[Mapping[str, Any]]) -> "dict[str, Array]":
    """The columns of cases that `validate` has completed."""
    return from_codes(b"".join(coding().encode(case) for case in cases))


def picked(columns: "Columns", which: "Array | Sequence[int]") -> "dict[str, Array]":
    """The same columns for some of the cases."""
    return {name: column[which] for name, column in columns.items()}
