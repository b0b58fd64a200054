from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "aftersales.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from aftersales.accounts import (  # noqa: F401  declares the event types, registers the daily job, names addresses in logs
            events,
            jobs,
            logged,
        )
