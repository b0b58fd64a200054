"""Sets of whole numbers as intervals. Used by the proofs; the cells themselves are in `language`."""

from collections.abc import Iterable, Sequence

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


def without(pieces: Sequence[Interval], gone: Sequence[Interval]) -> tuple[Interval, ...]:
    """What is left of sorted, disjoint pieces without others."""
    out = list(pieces)
    for low, high in gone:
        out = [
            part
            for start, end in out
            for part in ((start, min(end, low - 1)), (max(start, high + 1), end))
            if part[0] <= part[1]
        ]
    return tuple(out)
