"""Make the shipped packs the first versions of their sets. Called after every migration, and before a first draft."""

from __future__ import annotations

from aftersales.kernel import clock
from returns.models import RuleVersion
from returns.models.rulebook import BEGINNING
from returns.rules.pack import PACKS, load_pack, shipped
from returns.rules.text import read_file

EXAMPLES = "examples.jsonl"


def seed_rule_sets() -> None:
    """Write version 1 of every shipped pack that has no versions yet; the rules in force never change by a release.

    One query where there is nothing to do, and harmless when several do it at once.
    """
    known = set(RuleVersion.objects.filter(number=1).values_list("rule_set", flat=True))
    missing = [load_pack(name) for name in shipped() if name not in known]
    if not missing:
        return
    now = clock.now().replace(microsecond=0)  # a dump keeps milliseconds only, and these rows accept no other instant
    RuleVersion.objects.bulk_create(
        [
            RuleVersion(
                rule_set=pack.name,
                number=1,
                status=RuleVersion.Status.PUBLISHED,
                files=shipped_files(pack.name),
                sha256=pack.sha256,
                shipped_sha256=pack.sha256,
                semantics=pack.semantics,
                effective_from=BEGINNING,
                created_at=now,
                published_at=now,
            )
            for pack in missing
        ],
        ignore_conflicts=True,
    )


def shipped_files(name: str) -> dict[str, str]:
    """The text of a shipped pack with its examples, which travel with a version but are no part of its hash."""
    files = dict(load_pack(name).files)
    examples = PACKS / name / EXAMPLES
    return {**files, EXAMPLES: read_file(examples)} if examples.is_file() else files
