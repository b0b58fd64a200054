"""Make the shipped packs the first versions of their sets. Called after every migration, and before a first draft."""

from __future__ import annotations

from aftersales.kernel import clock
from returns.models import RuleVersion
from returns.models.rulebook import BEGINNING
from returns.rules.pack import load_pack, shipped


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
                files=dict(pack.files),
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
