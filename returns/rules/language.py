"""The language of a rule table: typed columns, cells, rows. Read by `text` (which parses it), `compile` and
`analysis`.

Every column is a finite range of whole numbers: an enum counts its values, a yes/no is 0 or 1, days and money are
themselves. A cell is a set of closed intervals over that range, or None for "any". Integers stay integers, so `<=14`
and `>=15` touch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Interval = tuple[int, int]
Cell = tuple[Interval, ...] | None
Value = str | int | bool

MOST = 10**9  # the largest whole number an outcome is compared with
LAYERS = (0, 1, 2, 3)  # mandatory law, contract or special policy, general policy, default


class CellError(ValueError):
    """A cell or value that the column does not admit; the message says what it admits."""


@dataclass(frozen=True, slots=True)
class Column:
    """A condition column. `kind` is enum, bool, int or money; int and money run from `lo` to `hi` inclusive."""

    name: str
    kind: str
    values: tuple[str, ...] = ()
    lo: int = 0
    hi: int = 1

    @classmethod
    def enum(cls, name: str, values: Iterable[str]) -> "Column":
        values = tuple(values)
        return cls(name, "enum", values, 0, len(values) - 1)

    @property
    def size(self) -> int:
        return self.hi - self.lo + 1

    def index(self, value: Value) -> int:
        """The place of a value in the range; raises CellError outside it."""
        if self.kind == "enum":
            if value in self.values:
                return self.values.index(str(value))
            raise CellError(f"{value!r} is not a value of {self.name}; it has {', '.join(self.values)}")
        number = int(value)
        if not self.lo <= number <= self.hi:
            raise CellError(f"{value!r} is outside {self.lo}..{self.hi} of {self.name}")
        return number

    def value(self, index: int) -> Value:
        """The value at a place; the way back of `index`."""
        if self.kind == "enum":
            return self.values[index]
        return bool(index) if self.kind == "bool" else index

    def intervals(self, cell: Cell) -> tuple[Interval, ...]:
        return ((self.lo, self.hi),) if cell is None else cell

    def parse(self, text: str) -> Cell:
        """A cell from its text: `*`, `a|b`, `not a|b`, `yes`, `no`, `=3`, `<=7`, `>=8`, `3..9`."""
        text = text.strip()
        if text == "*":
            return None
        if self.kind == "enum":
            return self._parse_enum(text)
        if self.kind == "bool":
            if text not in ("yes", "no"):
                raise CellError(f"write yes, no or * instead of {text!r}")
            return ((1, 1),) if text == "yes" else ((0, 0),)
        return self._parse_range(text)

    def _parse_enum(self, text: str) -> Cell:
        negated = text.startswith("not ")
        named = {self.index(word.strip()) for word in text.removeprefix("not ").split("|")}
        chosen = [i for i in range(self.size) if (i in named) != negated]
        if not chosen:
            raise CellError(f"{text!r} leaves no value of {self.name}")
        return self.normal(joined(chosen))

    def _parse_range(self, text: str) -> Cell:
        try:
            if text.startswith("<="):
                low, high = self.lo, int(text[2:])
            elif text.startswith(">="):
                low, high = int(text[2:]), self.hi
            elif ".." in text:
                low, high = (int(part) for part in text.split(".."))
            else:
                low = high = int(text.removeprefix("="))
        except ValueError:
            raise CellError(f"write *, =3, <=7, >=8 or 3..9 instead of {text!r}") from None
        self.index(low)
        self.index(high)
        if low > high:
            raise CellError(f"{text!r} is empty: its start lies after its end")
        return self.normal(((low, high),))

    def normal(self, cell: Cell) -> Cell:
        """A cell that admits the whole column is 'any', however it was written."""
        return None if cell == ((self.lo, self.hi),) else cell

    def format(self, cell: Cell) -> str:
        """The canonical text of a cell; the way back of `parse`."""
        if cell is None:
            return "*"
        if self.kind == "bool":
            return "yes" if cell == ((1, 1),) else "no"
        if self.kind == "enum":
            chosen = [i for low, high in cell for i in range(low, high + 1)]
            others = [i for i in range(self.size) if i not in chosen]
            words = "|".join(self.values[i] for i in (others if len(others) < len(chosen) else chosen))
            return f"not {words}" if len(others) < len(chosen) else words
        low, high = cell[0]
        if low == high:
            return f"={low}"
        if low == self.lo:
            return f"<={high}"
        return f">={low}" if high == self.hi else f"{low}..{high}"


def joined(indices: Iterable[int]) -> tuple[Interval, ...]:
    """Neighbouring places as closed intervals, in order."""
    out: list[Interval] = []
    for i in sorted(indices):
        if out and out[-1][1] == i - 1:
            out[-1] = (out[-1][0], i)
        else:
            out.append((i, i))
    return tuple(out)


def meet(left: Sequence[Interval], right: Sequence[Interval]) -> tuple[Interval, ...]:
    """What two sets of intervals have in common."""
    return tuple((max(a, x), min(b, y)) for a, b in left for x, y in right if max(a, x) <= min(b, y))


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome column. `kind` is enum, bool, int (`-` for none) or list (an ordered choice of values)."""

    name: str
    kind: str
    values: tuple[str, ...] = ()

    def parse(self, text: str) -> Value | tuple[str, ...] | None:
        text = text.strip()
        if self.kind == "bool":
            if text not in ("yes", "no"):
                raise CellError(f"write yes or no instead of {text!r}")
            return text == "yes"
        if self.kind == "int":
            if text == "-":
                return None
            if not text.isdecimal():
                raise CellError(f"write a whole number or - instead of {text!r}")
            return int(text)
        words = tuple(text.split("|")) if self.kind == "list" else (text,)
        for word in words:
            if word not in self.values:
                raise CellError(f"{word!r} is not an outcome of {self.name}; it has {', '.join(self.values)}")
        if len(set(words)) < len(words):
            raise CellError(f"{text!r} names an outcome twice")
        return words if self.kind == "list" else text

    def meets(self, text: str, value: object) -> bool:
        """Is a value as a condition says? `a|b` one of (of a list: at least one of), `not a|b` none of, yes, no, `-`
        for no number, `=3` `<=7` `>=8` `3..9`. Raises CellError where the condition is none."""
        if self.kind == "bool":
            return bool(self.parse(text)) == value
        if self.kind == "int":
            if text.strip() == "-":
                return value is None
            (piece,) = Column(self.name, "int", (), 0, MOST).parse(text) or ((0, MOST),)
            return value is not None and piece[0] <= int(str(value)) <= piece[1]
        words = text.strip().removeprefix("not ").split("|")
        for word in words:
            if word not in self.values:
                raise CellError(f"{word!r} is not an outcome of {self.name}; it has {', '.join(self.values)}")
        said = value if isinstance(value, tuple) else (value,)
        return any(word in said for word in words) != text.strip().startswith("not ")

    def format(self, value: object) -> str:
        if isinstance(value, tuple):
            return "|".join(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return "-" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. `why` is the key of its explanation, `contested` the key of an open question or empty, `line` its
    place in the file."""

    id: str
    layer: int
    cells: tuple[Cell, ...]
    outcome: tuple[object, ...]
    why: str = ""
    sources: tuple[str, ...] = ()
    mark: str = ""
    contested: str = ""
    line: int = 0

    @property
    def says(self) -> tuple[object, ...]:
        """All a reader can tell two rows apart by. Two rows that say the same may overlap freely."""
        return (*self.outcome, self.why, self.contested, self.sources)


@dataclass(frozen=True, slots=True)
class Impossible:
    """A box of cases that cannot happen, and why; the proof leaves it out, a case inside it is refused at run time."""

    cells: tuple[Cell, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Invariant:
    """What must hold of every case that the table decides: within the box `cells`, where the outcomes named in `given`
    are as told, those named in `then` must be as told. Both map an outcome's name to a condition as text."""

    cells: tuple[Cell, ...]
    given: tuple[tuple[str, str], ...]
    then: tuple[tuple[str, str], ...]
    because: str


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, outcomes and rows sorted by (layer, id): the first match in that order decides. `each` names a column
    that is asked once for each of its values instead of being read from the case."""

    name: str
    columns: tuple[Column, ...]
    outcomes: tuple[Outcome, ...]
    rows: tuple[Row, ...]
    impossible: tuple[Impossible, ...] = ()
    each: str = ""
    title: dict[str, str] = field(default_factory=dict)
    invariants: tuple[Invariant, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(sorted(self.rows, key=lambda row: (row.layer, row.id))))

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)
