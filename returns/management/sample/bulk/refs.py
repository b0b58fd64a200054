"""References of the large sample: of the same form as real ones, but counted, because a million random ones would meet."""

from __future__ import annotations

from aftersales.kernel import refs

_ALL = 32**8
_STRIDE = 387_420_489  # odd, so that it runs through every number once before one comes again


class Refs:
    """A row of references of one kind that do not look counted."""

    def __init__(self, kind: str, start: int) -> None:
        self._kind, self._number = kind, start

    def next(self) -> str:
        while True:
            self._number += 1
            ref = refs.ref_of(self._kind, self._number * _STRIDE % _ALL)
            if ref is not None:
                return ref
