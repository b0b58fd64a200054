"""Recognise a file by the names of its columns, never by its name or by their order. Used by the reading core."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from customers.importers.problems import BadFile

_INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u2060]")
_AS_TEXT = re.compile(r'^="(.*)"$', re.DOTALL)


def clean_header(cell: object) -> str:
    """A column's name as it is compared: exports put spaces behind it, a BOM before it, and write full-width brackets."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", "" if cell is None else str(cell)))
    text = text.strip().strip("\t'")
    if match := _AS_TEXT.match(text):
        text = match[1]
    return re.sub(r"\s+", " ", text).strip().casefold()


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file. `required` columns tell it from the others; `names` maps other spellings to the column's own."""

    name: str
    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    # Columns of money that a total row adds up; a total that differs is reported.
    summed: tuple[str, ...] = ()

    @property
    def known(self) -> frozenset[str]:
        return self.required | self.optional

    def columns(self, header: Sequence[object]) -> tuple[str, ...]:
        """The header in our own names. A name that comes twice counts once: the second becomes blank, as if unknown."""
        seen: set[str] = set()
        columns = []
        for cell in header:
            cleaned = clean_header(cell)
            name = self.names.get(cleaned, cleaned)
            columns.append("" if name in seen else name)
            seen.add(name)
        return tuple(columns)

    def fits(self, header: Sequence[object]) -> bool:
        return self.required <= set(self.columns(header))

    def likeness(self, header: Sequence[object]) -> float:
        """From 0 to 1: how much of the layout and of the header is common to both."""
        found = {name for name in self.columns(header) if name}
        return len(found & self.known) / max(1, len(found | self.required))


def recognise(rows: Sequence[Sequence[object]], layouts: Iterable[Layout], file: str) -> tuple[Layout, int]:
    """The layout of a file and the index of its header among the first rows.

    Platforms put a note above the header, so the second row is tried as well. Raises `BadFile` (`header_unknown`),
    naming the nearest layout and what it misses.
    """
    layouts = list(layouts)
    for index, row in enumerate(rows[:2]):
        fitting = [layout for layout in layouts if layout.fits(row)]
        if fitting:
            return max(fitting, key=lambda layout: (len(layout.required), layout.likeness(row))), index
    nearest, row = max(
        ((layout, row) for layout in layouts for row in rows[:2]),
        key=lambda pair: pair[0].likeness(pair[1]),
        default=(layouts[0], ()),
    )
    raise BadFile(
        _(
            "The columns of %(file)s are not known. The nearest kind is “%(nearest)s”; it needs %(missing)s, "
            "and the file has %(found)s."
        ),
        code="header_unknown",
        file=file,
        nearest=nearest.name,
        missing=_missing(nearest, row),
        found=", ".join(name for cell in row if (name := clean_header(cell)))[:300] or "–",
    )


def _missing(layout: Layout, header: Sequence[object]) -> str:
    """What the nearest layout misses, each with the file's most similar column where there is one."""
    found = [name for name in layout.columns(header) if name]
    told = []
    for name in sorted(layout.required - set(found)):
        similar = difflib.get_close_matches(name, found, n=1, cutoff=0.6)
        told.append(f"{name} ({similar[0]}?)" if similar else name)
    return ", ".join(told)
