"""Policies of service levels: save one as a new version, add one, put it in or out of use, say in which order they are asked.

Whatever is done is for what begins from now on; clocks that run keep theirs.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.models import Tier
from tickets.actions.calendars import NewerVersion
from tickets.models import PolicyVersion, SlaPolicy, WorkCalendar
from tickets.models.sla_policy import DEFAULT, known_kinds, known_states
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
        created_by_id=_saved_by(actor),
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


class PolicyKeyTaken(BadInput):
    code = "policy_key_taken"
    sentence = _("There is a policy with the key %(key)s already. Choose another.")


class LastInUse(Conflict):
    """Without any policy no ticket would have a deadline."""

    code = "last_policy_in_use"
    sentence = _("One policy stays in use, or no ticket would have a deadline. Put another one in use first.")


@transaction.atomic
def create_policy(key: str, *, name_zh: str, name_en: str, actor: Actor) -> SlaPolicy:
    """A further policy, last in order and not in use until somebody says so. It begins with what the shop's own policy says.

    Raises `BadInput` for a name that is empty, and `PolicyKeyTaken`.
    """
    check(actor, "sla.change")
    names = {"name_zh": " ".join(name_zh.split()), "name_en": " ".join(name_en.split())}
    for field, name in names.items():
        if not name:
            raise BadInput(_("Give the policy a name in both languages."), field=field, code="empty")
    known = list(SlaPolicy.objects.select_for_update().order_by("pk"))
    if key in {each.key for each in known}:
        raise PolicyKeyTaken(field="key", key=key)
    now, like = clock.now(), next((each for each in known if each.key == DEFAULT), known[0])
    place = max(each.position for each in known) + 1
    policy: SlaPolicy = SlaPolicy.objects.create(key=key, position=place, in_use=False, **names)
    version = PolicyVersion.objects.create(
        policy=policy, number=1, settings=like.current().settings, created_at=now, created_by_id=_saved_by(actor)
    )
    record("policy.created", on=policy, actor=actor, at=now, version=str(version))
    return policy


@transaction.atomic
def put_in_use(policy_id: int, in_use: bool, *, actor: Actor) -> SlaPolicy:
    """Let new clocks begin by this policy, or no longer; clocks that run keep theirs. So already, nothing changes.

    Raises `LastInUse`.
    """
    check(actor, "sla.change")
    known = {each.pk: each for each in SlaPolicy.objects.visible_to(actor).select_for_update().order_by("pk")}
    if policy_id not in known:
        raise NotFound
    policy: SlaPolicy = known[policy_id]
    if policy.in_use == in_use:
        return policy
    if not in_use and not any(each.in_use for each in known.values() if each != policy):
        raise LastInUse
    policy.in_use = in_use
    policy.save(update_fields=["in_use"])
    record("policy.used" if in_use else "policy.retired", on=policy, actor=actor, policy=policy.key)
    return policy


@transaction.atomic
def place_policy(policy_id: int, place: int, *, actor: Actor) -> SlaPolicy:
    """Ask this policy as the `place`-th, from 1; the others keep their order. There already, nothing changes.

    Raises `BadInput`.
    """
    check(actor, "sla.change")
    rows = list(SlaPolicy.objects.visible_to(actor).select_for_update().order_by("pk"))
    order = sorted(rows, key=lambda each: (each.position, each.pk))
    policy: SlaPolicy | None = next((each for each in order if each.pk == policy_id), None)
    if policy is None:
        raise NotFound
    if not 1 <= place <= len(order):
        raise BadInput(_("There are places 1 to %(last)s. Choose one of them."), field="place", last=len(order))
    before = order.index(policy) + 1
    if before == place:
        return policy
    order.remove(policy)
    order.insert(place - 1, policy)
    for position, each in enumerate(order):
        if each.position != position:
            each.position = position
            each.save(update_fields=["position"])
    record("policy.placed", on=policy, actor=actor, policy=policy.key, was=before, place=place)
    return policy


def _saved_by(actor: Actor) -> int | None:
    return (actor.owner or actor.id) if actor.kind in ("staff", "api") else None
