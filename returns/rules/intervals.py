"""Sets of whole numbers as intervals. Used by the proofs; the cells themselves are in `language`."""

from collections.abc import Iterable

from returns.rules.language import Interval


def spanned(pieces: Iterable[Interval]) -> tuple[Interval, ...]:
    """Pieces in order, with those joined that overlap or touch."""
    out: list[Interval] = []
    for low, high in sorted(pieces):
        if out and out[-1][1] >= low - 1:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return tuple(out)
