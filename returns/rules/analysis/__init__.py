"""The proof that a pack is fit to be used: no gap, no contradiction, no dead row, no broken invariant, no broken chain.
Called by `manage.py prove`, the office and tests.

Every finding comes with a witness: a concrete case that the engine itself would stumble over. Where the search is cut
short the finding is "not proved", which counts like a failure.
"""

from dataclasses import replace

from returns.rules.analysis.chain import chain_breaks
from returns.rules.analysis.completeness import gaps, widened, with_impossible
from returns.rules.analysis.findings import Finding, TableReport
from returns.rules.analysis.invariants import broken_invariants
from returns.rules.analysis.overlaps import contradictions, dead_rows, overlapping
from returns.rules.language import Table
from returns.rules.pack import Pack
from returns.rules.walk import BUDGET, OverBudget, Walk

__all__ = [
    "Finding", "TableReport", "broken_invariants", "chain_breaks", "contradictions", "dead_rows", "gaps", "overlapping",
    "prove", "prove_table", "proved", "widened", "with_impossible",
]  # fmt: skip

DEFAULT_LAYER = 3


def prove(pack: Pack, budget: int = BUDGET) -> tuple[TableReport, ...]:
    """The proof of every table of a pack, and of the chain between them, in the order in which they are asked."""
    broken = list(chain_breaks(pack))
    reports = (
        prove_table(compiled.table, tuple(finding for finding in broken if finding.table == name), budget)
        for name, compiled in pack.tables.items()
    )
    return tuple(
        replace(report, findings=tuple(_with_law(finding, pack) for finding in report.findings)) for report in reports
    )


def proved(reports: tuple[TableReport, ...]) -> bool:
    return not any(report.findings for report in reports)


def prove_table(table: Table, more: tuple[Finding, ...] = (), budget: int = BUDGET) -> TableReport:
    """The proof of one table by itself; `more` are findings of the pack that fall to it."""
    compiled = with_impossible(table)
    findings = (
        *gaps(compiled, budget),
        *contradictions(compiled, budget),
        *dead_rows(compiled, budget),
        *broken_invariants(compiled, budget),
        *more,
    )
    walk = Walk(compiled, budget=budget)
    above = sum(1 << number for number, row in enumerate(compiled.table.rows) if row.layer < DEFAULT_LAYER)
    try:
        by_default = walk.count(above) - walk.count(compiled.full)
    except OverBudget:
        by_default = None
    return TableReport(table.name, len(table.rows), len(table.columns), walk.volume[0], by_default, findings)


def _with_law(finding: Finding, pack: Pack) -> Finding:
    """A dead row that stands below the law says which article decides its cases instead."""
    if not finding.articles:
        return finding
    law = "; ".join(pack.sources[key].en for key in finding.articles if key in pack.sources)
    return replace(finding, why=f"{finding.why}; by law: {law}")
