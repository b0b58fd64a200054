"""Save a policy of service levels: each save is a new version for what begins from now on; clocks that run keep theirs."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.models import Tier
from tickets.actions.calendars import NewerVersion
from tickets.models import PolicyVersion, SlaPolicy, WorkCalendar
from tickets.models.sla_policy import known_kinds, known_states
from tickets.models.sla_settings import BadPolicy, Settings, read_policy, write_length


@transaction.atomic
def save_policy(
    policy_id: int, settings: Any, *, actor: Actor, seen: int | None = None, note: str = ""
) -> PolicyVersion:
    """The settings as a new version; what is in force already changes nothing. `seen` is the number the person looked at.

    Raises `BadPolicy` and `NewerVersion`.
    """
    policy: SlaPolicy | None = SlaPolicy.objects.visible_to(actor).select_for_update().filter(pk=policy_id).first()
    if policy is None:
        raise NotFound
    check(actor, "sla.change")
    current = policy.current()
    if settings == current.settings:
        return current
    tried(settings)
    if seen is not None and seen != current.number:
        raise NewerVersion(version=str(current))
    now = clock.now()
    version = PolicyVersion.objects.create(
        policy=policy,
        number=current.number + 1,
        settings=settings,
        note=note[:200],
        created_at=now,
        created_by_id=(actor.owner or actor.id) if actor.kind in ("staff", "api") else None,
    )
    record("policy.saved", on=policy, actor=actor, at=now, version=str(version), note=note[:200])
    return version


def tried(settings: Any) -> Settings:
    """What the settings would mean, without saving: for previews. Raises `BadPolicy`.

    More than a version that is read must show: kinds, states, calendars and tiers exist, and each warning comes after the start.
    """
    calendars = set(WorkCalendar.objects.values_list("key", flat=True))
    tiers = set(Tier.objects.values_list("key", flat=True))
    read = read_policy(settings, kinds=known_kinds(), states=known_states(), calendars=calendars, tiers=tiers)
    for metric, points in read.warnings.items():
        lengths = [row.seconds for row in read.targets if row.metric == metric and row.seconds is not None]
        shortest = min(lengths, default=None)
        for point in points:
            if shortest is not None and point.left is not None and point.left >= shortest:
                raise BadPolicy(
                    _("A warning %(warning)s before the end lies beyond the target of %(target)s. Choose a shorter one."),
                    code="policy_warning_beyond", warning=write_length(point.left), target=write_length(shortest),
                    field=f"warnings_{metric}",
                )  # fmt: skip
    return read
