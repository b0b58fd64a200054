from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "aftersales.ledger"
    label = "ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        from aftersales.ledger import (  # noqa: F401  declares the event types, registers the self-checks, says what is held of people
            events,
            invariants,
            personal,
            retention,
        )
