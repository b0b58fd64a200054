"""One random table and one edit of it, judged by the proofs and by a grid of all cases. Used by the oracle test for a
tenth and by `bench/rules.py` for a hundred thousand."""

from collections.abc import Iterator
from dataclasses import replace

from returns.rules.analysis import contradictions, dead_rows, gaps, with_impossible
from returns.rules.compile import Compiled
from returns.rules.diff import diff_tables
from returns.rules.language import Table
from returns.rules.pack import Pack, load_pack
from returns.rules.statute import weakened
from tests.rules.grid import Grid
from tests.rules.small import edited_table, random_table


def differences(seed: int) -> Iterator[str]:
    """Every answer of the proofs that is not that of the grid."""
    table = random_table(seed)
    edited = edited_table(table, seed)
    proof, grid, draft = with_impossible(table), Grid(table), Grid(edited)
    missing = grid.missing()
    diff = diff_tables(table, edited)
    turned = int((grid.says() != draft.says()).sum())
    shown = sum(box.points for box in diff.boxes)
    answers = {
        "gaps": ([gap.points for gap in gaps(proof)], [missing] if missing else []),
        "contradictions": ({(f.rows[0], f.rows[1]) for f in contradictions(proof)}, grid.contradictions()),
        "dead rows": ({finding.rows[0] for finding in dead_rows(proof)}, grid.dead()),
        "diff": (diff.points, turned),
        # All of them, unless there are so many that the first ones stand for the rest.
        "boxes": (diff.more, shown < turned) if diff.more else (shown, turned),
        "law": ({law.rows[0]: law.points for law in weakened(pack_of(table), pack_of(edited))}, grid.weakened(draft)),
    }
    yield from (f"{seed}: {what}" for what, (ours, theirs) in answers.items() if ours != theirs)


def pack_of(table: Table) -> Pack:
    """A pack with this table alone."""
    return replace(load_pack("cn"), tables={table.name: Compiled(table)}, amounts=())
