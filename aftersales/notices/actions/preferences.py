"""Choose by which channels somebody is told. Called by the desk."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Model

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from aftersales.notices.models import Notice, Preference


@transaction.atomic
def choose(person: Model, *, channel: Notice.Channel, kind: Preference.Kind, allowed: bool, actor: Actor) -> Preference:
    """Allow or refuse one channel for one kind of notice. The caller has found `person` within the actor's scope."""
    check(actor, "preference.choose")
    now = clock.now()
    choice, created = Preference.objects.select_for_update().get_or_create(
        recipient_type=person._meta.label_lower,
        recipient_id=person.pk,
        channel=channel,
        kind=kind,
        defaults={"allowed": allowed, "changed_at": now},
    )
    if not created and choice.allowed == allowed:
        return choice
    choice.allowed, choice.changed_at = allowed, now
    choice.save(update_fields=["allowed", "changed_at"])
    record("preference.changed", on=person, actor=actor, at=now, channel=channel, kind=kind, allowed=allowed)
    return choice
