"""Cases that are alike in some columns, found without comparing them one by one. Used by `batch`.

Exact: the columns become one number for each case, and numbers that grow too large are renumbered on the way.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from returns.rules.arrays import numpy

if TYPE_CHECKING:
    from returns.rules.columns import Array

DENSE = 1 << 21  # numbers up to here are counted in a table, larger ones sorted


def group(columns: "Sequence[Array]", sizes: Sequence[int]) -> "tuple[Array, Array]":
    """One case of each kind, and for every case the number of its kind. Each column runs from 0 to below its size."""
    np = numpy()
    key = np.zeros(len(columns[0]), dtype=np.int64)
    span = 1
    for column, size in zip(columns, sizes, strict=True):
        if span * size > DENSE and span > 1:
            key, span = _renumbered(key, span)
        key = key * size + column
        span *= size
        if span >= 1 << 62:
            raise OverflowError("a column is too wide to be grouped by; cut it into classes first")
    key, span = _renumbered(key, span)
    first = np.empty(span, dtype=np.int64)
    first[key] = np.arange(len(key))
    return first, key


def _renumbered(key: "Array", span: int) -> "tuple[Array, int]":
    """The same distinctions with numbers that leave none out."""
    np = numpy()
    if span > DENSE:
        found, key = np.unique(key, return_inverse=True)
        return key, len(found)
    seen = np.zeros(span, dtype=bool)
    seen[key] = True
    found = np.flatnonzero(seen)
    number = np.empty(span, dtype=np.int64)  # only where something was seen
    number[found] = np.arange(len(found))
    return number[key], len(found)
