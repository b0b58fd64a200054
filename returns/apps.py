from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReturnsConfig(AppConfig):
    name = "returns"
    label = "returns"
    verbose_name = _("Returns")

    def ready(self) -> None:
        from aftersales.files import access
        from aftersales.ledger import outbox
        from customers.gather import belongings
        from returns import (  # noqa: F401  register events, search, self-checks, clocks, notices, what is held of people
            events,
            finders,
            invariants,
            jobs,
            listeners,
            notices,
            personal,
        )
        from returns.evidence import verdicts_of
        from returns.models import Return, ReturnDraft
        from returns.models.timeline import pack_by_hash
        from returns.queries import FINAL
        from returns.refund_channel import RefundChannel
        from returns.rules import explain
        from tickets.actions import kept_open
        from tickets.actions.complaints import packing

        post_migrate.connect(_seed, sender=self)
        packing.chapters.append(verdicts_of)
        outbox.register(RefundChannel())
        belongings.belongs("returns.Return.person")
        explain.finders.append(pack_by_hash)
        kept_open.keeps_open(lambda ticket: getattr(ticket, "goods_return", None) is not None
                             and ticket.goods_return.status not in FINAL)  # fmt: skip
        access.register("returns.return", lambda actor, pk: Return.objects.visible_to(actor).filter(pk=pk).exists())
        access.register(
            "returns.returndraft", lambda actor, pk: ReturnDraft.objects.visible_to(actor).filter(pk=pk).exists()
        )


def _seed(apps: Any = installed, **_told: Any) -> None:
    """The shipped packs become versions once their table is there; a migration back to before it brings none."""
    from returns.actions.rulebook.seeding import seed_rule_sets

    if ("returns", "ruleversion") in {(model._meta.app_label, model._meta.model_name) for model in apps.get_models()}:
        seed_rule_sets()
