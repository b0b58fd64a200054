from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReturnsConfig(AppConfig):
    name = "returns"
    label = "returns"
    verbose_name = _("Returns")

    def ready(self) -> None:
        from aftersales.ledger import outbox
        from returns import events, jobs  # noqa: F401  declares the event types, registers the clocks
        from returns.refund_channel import RefundChannel

        outbox.register(RefundChannel())
