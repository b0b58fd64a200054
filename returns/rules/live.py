"""The state of one table while somebody edits it: what is wrong with which row, which rows are missing, which examples
changed. Called by the office's editor after each change, so it must cost milliseconds.

A draft may be unfinished: words or sources may be missing, the pack as a whole may not be readable yet. Only this one
table must be. Findings are `analysis`'s; nothing here proves anything itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from returns.rules.analysis import Finding, broken_invariants, contradictions, dead_rows, gaps, with_impossible
from returns.rules.editing.rows import read_table
from returns.rules.editing.words import read_toml, words_of
from returns.rules.language import LAYERS, Cell, Row, Table, Value, meet
from returns.rules.linking import AUDIENCES, LOCALES
from returns.rules.sources import Source, read_sources
from returns.rules.text import MARKS
from returns.rules.walk import BUDGET

MOST_GAPS = 5  # shown at once; closing one shows the next
MOST_SETTLED = 3  # contradictions for which the way out is worked out


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a row. `kind`: dead, contradiction, broken invariant, unknown source, source out of date, no
    source, overclaimed, missing words.

    dead: `rows` cover it, `articles` are the laws among their sources. contradiction: `rows` is the other row, `witness`
    a case both match, `ways` what settles it: (row, layer) to move. broken invariant: `names` is what the table promises.
    Sources: `names`. Words: `names` as `reader_language`.
    """

    kind: str
    rows: tuple[str, ...] = ()
    witness: Mapping[str, Value] | None = None
    articles: tuple[Source, ...] = ()
    ways: tuple[tuple[str, int], ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Cases without a row. `cells` are those of the row that would close it, as text; `like` is the row that differs
    least, whose answer is the first guess. `points` counts the cases of all gaps of the table together."""

    cells: Mapping[str, str]
    witness: Mapping[str, Value]
    like: str
    points: int


@dataclass(frozen=True, slots=True)
class TableState:
    """What is known of one table now. `problems` by row; a row without an entry is sound. `proved` only where nothing is
    wrong and no search was cut short. `more_gaps`: there are more than those listed."""

    table: Table
    points: int
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    more_gaps: bool = False
    not_proved: tuple[str, ...] = ()

    @property
    def proved(self) -> bool:
        return not (self.problems or self.gaps or self.not_proved)


def look(files: Mapping[str, str], name: str, effective: str = "", budget: int = BUDGET) -> TableState:
    """The state of table `name` in the text of a pack. `effective`: the ISO day from which the pack is to hold, for
    sources that have ended by then or not begun. Raises PackError or EditError where the table, words or
    sources cannot be read."""
    table = read_table(files, name)
    compiled = with_impossible(table)
    sources = read_sources(read_toml("sources.toml", files.get("sources.toml", "")))
    problems: dict[str, list[Problem]] = {}
    cut_short: list[str] = []

    clashes = list(contradictions(compiled, budget))
    settled = 0
    for finding in clashes:
        if finding.kind == "not proved":
            cut_short.append(finding.why)
            continue
        ways: tuple[tuple[str, int], ...] = ()
        if settled < MOST_SETTLED:
            settled += 1
            ways = tuple(_ways(table, finding, len(clashes), budget))
        one, two = finding.rows
        for here, other in ((one, two), (two, one)):
            problems.setdefault(here, []).append(Problem("contradiction", (other,), finding.witness, ways=ways))
    for finding in dead_rows(compiled, budget):
        if finding.kind == "not proved":
            cut_short.append(finding.why)
        else:
            under, covering = finding.rows[0], finding.rows[1:]
            articles = tuple(sources[key] for key in finding.articles if key in sources)
            problems.setdefault(under, []).append(Problem("dead", covering, finding.witness, articles))
    for finding in broken_invariants(compiled, budget):
        if finding.kind == "not proved":
            cut_short.append(finding.why)
        else:
            promise = finding.why.partition("; ")[2]
            problems.setdefault(finding.rows[0], []).append(
                Problem("broken invariant", witness=finding.witness, names=(promise,))
            )
    for row in table.rows:
        found = [*_grounds(row, sources, effective), *_words(files, row)]
        if found:
            problems.setdefault(row.id, []).extend(found)
    holes, more, unsure = _holes(table, budget)
    cut_short += unsure
    points = 1
    for column in table.columns:
        points *= column.size
    return TableState(
        table, points, {row: tuple(found) for row, found in problems.items()}, holes, more, tuple(cut_short)
    )


def _holes(table: Table, budget: int) -> tuple[tuple[Gap, ...], bool, list[str]]:
    """The gaps one after the other, each found with the ones before it closed."""
    out: list[Gap] = []
    closed = table
    for number in range(MOST_GAPS + 1):
        finding = next(gaps(with_impossible(closed), budget), None)
        if finding is None:
            return tuple(out), False, []
        if finding.kind == "not proved":
            return tuple(out), False, [finding.why]
        if number == MOST_GAPS:
            break
        cells = tuple(column.parse((finding.box or {}).get(column.name, "*")) for column in table.columns)
        nearest = min(table.rows, key=lambda row: _distance(table, row, cells))
        points = out[0].points if out else finding.points
        out.append(Gap(finding.box or {}, finding.witness or {}, nearest.id, points))
        closed = replace(closed, rows=(*closed.rows, Row(f"gap {number}", LAYERS[-1], cells, nearest.outcome)))
    return tuple(out), True, []


def _distance(table: Table, row: Row, cells: tuple[Cell, ...]) -> tuple[int, int]:
    """How far a row is from a box: columns without a common place, then columns that do not admit the whole box."""
    apart = uneven = 0
    for column, mine, theirs in zip(table.columns, row.cells, cells, strict=True):
        common = meet(column.intervals(mine), column.intervals(theirs))
        apart += not common
        uneven += common != column.intervals(theirs)
    return apart, uneven


def _ways(table: Table, finding: Finding, clashes: int, budget: int) -> Iterator[tuple[str, int]]:
    """Moves of one of the two rows to another layer after which there is a contradiction less and no new dead row."""
    dead = {each.rows[0] for each in dead_rows(with_impossible(table), budget)}
    for name in finding.rows:
        row = next(each for each in table.rows if each.id == name)
        for layer in LAYERS:
            if abs(layer - row.layer) != 1:
                continue
            moved = replace(
                table, rows=tuple(replace(each, layer=layer) if each.id == name else each for each in table.rows)
            )
            compiled = with_impossible(moved)
            left = sum(1 for _ in contradictions(compiled, budget))
            if left < clashes and {each.rows[0] for each in dead_rows(compiled, budget)} <= dead:
                yield name, layer


def _grounds(row: Row, sources: Mapping[str, Source], effective: str) -> Iterator[Problem]:
    if not row.sources:
        yield Problem("no source")
    unknown = tuple(key for key in row.sources if key not in sources)
    if unknown:
        yield Problem("unknown source", names=unknown)
    known = [sources[key] for key in row.sources if key in sources]
    away = tuple(each.key for each in known if effective and not each.holds_on(effective))
    if away:
        yield Problem("source out of date", names=away)
    if known and row.mark in MARKS and MARKS.index(row.mark) < min(MARKS.index(each.mark) for each in known):
        yield Problem("overclaimed")


def _words(files: Mapping[str, str], row: Row) -> Iterator[Problem]:
    said = words_of(files, row.why)
    missing = tuple(
        f"{audience}_{locale}" for locale in LOCALES for audience in AUDIENCES if not said[locale, audience]
    )
    if missing:
        yield Problem("missing words", names=missing)
