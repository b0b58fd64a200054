from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    label = "customers"
    verbose_name = _("Customer archive")

    def ready(self) -> None:
        from aftersales.notices import recipients
        from customers import (  # noqa: F401  declares the event types, registers timers and listeners
            events,
            finders,
            jobs,
            listeners,
            notices,
        )

        recipients.register("customers.person", notices.reach)
