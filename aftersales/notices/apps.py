"""Names the app for Django and registers its channels, checks and listeners."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "aftersales.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from aftersales.ledger import outbox
        from aftersales.notices import checks, events, listeners, personal  # noqa: F401  register themselves
        from aftersales.notices.channels import EmailChannel, RobotChannel, SmsChannel, WebhookChannel

        for channel in (EmailChannel(), SmsChannel(), WebhookChannel(), RobotChannel()):
            outbox.register(channel)
