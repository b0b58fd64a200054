"""What machines say about a text before people are asked: proof, examples, explanations, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from returns.models import RuleEvidence, RuleVersion
from returns.models.timeline import pack_of
from returns.rules.analysis import DEFAULT_LAYER, prove, proved
from returns.rules.changes import changes
from returns.rules.diff import diff_packs
from returns.rules.editing.examples import read_examples
from returns.rules.explain import explain
from returns.rules.linking import AUDIENCES, LOCALES
from returns.rules.pack import Pack
from returns.rules.rehearsal import answer
from returns.rules.statute import weakened

K, V = RuleEvidence.Kind, RuleEvidence.Verdict
MOST_TOLD = 50  # findings kept one by one


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of evidence before it is kept. `trouble`: what stands in the way, each with its place and what to do."""

    kind: str
    verdict: str
    report: dict[str, Any]
    trouble: list[str] = field(default_factory=list)


def proof_of(pack: Pack) -> Found:
    """Complete, without contradiction, without a dead row; a search that ran out of its budget has not proved it."""
    reports = prove(pack)
    findings = [finding for report in reports for finding in report.findings]
    unproved = any(finding.kind == "not proved" for finding in findings)
    return Found(
        K.PROOF,
        V.PASS if proved(reports) else V.UNPROVED if unproved else V.FAIL,
        {
            "tables": [
                {"name": each.name, "rows": each.rows, "columns": each.columns, "points": each.points,
                 "by_default": each.by_default, "findings": len(each.findings)}
                for each in reports
            ]
        },
        [str(finding) for finding in findings],
    )  # fmt: skip


def tests_of(version: RuleVersion, pack: Pack) -> Found:
    """Every example is decided by its row, every row but the last resort has one, and all of them read whole."""
    examples = read_examples(version.files)
    trouble: list[str] = []
    for example in examples:
        verdict, why = answer(pack, example.facts)
        place = f"examples.jsonl, line {example.number}"
        if verdict is None:
            trouble.append(f"{place}: {why}")
            continue
        fired = {f"{label.split(':')[0]}/{row}" for label, row in verdict.rows.items()}
        if example.row not in fired:
            instead = next((row for row in fired if row.split("/")[0] == example.table), "no row")
            trouble.append(f"{place}: {example.row} no longer decides this case, {instead} does; change one of them")
        trouble += [f"{place}: {each}" for each in _untold(verdict.as_dict(), pack)]
    shown = {example.row for example in examples}
    for name, compiled in pack.tables.items():
        trouble += [
            f"{name}.csv, line {row.line}, column id: no example is decided by {row.id}; add one to examples.jsonl"
            for row in compiled.table.rows
            # What only catches the rest may be out of reach along the chain, so it needs none.
            if row.layer != DEFAULT_LAYER and f"{name}/{row.id}" not in shown
        ]
    report = {"examples": len(examples), "explanations": len(examples) * len(LOCALES) * len(AUDIENCES)}
    return Found(K.TESTS, V.FAIL if trouble else V.PASS, report, trouble)


def _untold(outcome: dict[str, Any], pack: Pack) -> Iterator[str]:
    """Explanations that do not read whole."""
    for locale in LOCALES:
        for audience in AUDIENCES:
            try:
                told = explain(outcome, locale, audience, pack=pack)
            except (LookupError, ValueError) as error:
                yield f"the {audience} text in {locale} cannot be told: {error}"
            else:
                if not told.summary:
                    yield f"the {audience} text in {locale} says nothing"


def diff_of(version: RuleVersion, pack: Pack, against: RuleVersion) -> Found:
    """What the text changes against the version it would follow, to the last case, and whether the law still stands."""
    before = pack_of(against)
    differs, weaker = diff_packs(before, pack), weakened(before, pack)
    report = {
        "against": {"id": against.pk, "version": str(against), "sha256": against.sha256},
        "changes": [each.as_dict() for each in changes(against.files, version.files)],
        "diff": differs.as_dict(),
        "weakened": [each.as_dict() for each in weaker],
    }
    trouble = [str(each) for each in weaker]
    if differs.not_proved:
        trouble.append("NOT PROVED: counting what changes ran out of its budget; change less at once")
    return Found(K.DIFF, V.FAIL if weaker else V.UNPROVED if differs.not_proved else V.PASS, report, trouble)


def all_of(version: RuleVersion, against: RuleVersion) -> list[Found]:
    """Everything that is looked at before a text is submitted. Raises PackError where it cannot be read."""
    pack = pack_of(version)
    return [proof_of(pack), tests_of(version, pack), diff_of(version, pack, against)]
