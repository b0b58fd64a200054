from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    label = "customers"
    verbose_name = _("Customer archive")

    def ready(self) -> None:
        from aftersales.files import owners
        from aftersales.ledger import outbox, sweep
        from aftersales.notices import recipients
        from customers import (  # noqa: F401  declares the event types, registers timers and listeners
            events,
            finders,
            jobs,
            listeners,
            notices,
            personal,
        )
        from customers.actions import copying
        from customers.enquiry_channel import EnquiryChannel
        from customers.gather.belongings import belongs

        post_migrate.connect(_seed, sender=self)
        recipients.register("customers.person", notices.reach)
        outbox.register(EnquiryChannel())
        belongs(
            "customers.Address.person",
            "customers.Note.person",
            "customers.Order.person",
            "customers.Gift.person",
            "customers.PersonCopy.person",
            "customers.Promise.person",
            "customers.Review.person",
            "customers.Testimonial.person",
        )
        owners.register(copying.FOLDER, copying.known)
        sweep.takes_turns(jobs.ask_carriers)


def _seed(apps: Any = installed, **_told: Any) -> None:
    """What a shop starts with, once its tables are there; a migration back to before them brings none."""
    from customers.actions.care.segment_seeding import seed_segments
    from customers.actions.tiers.seeding import seed_tiers

    there = {(each._meta.app_label, each._meta.model_name) for each in apps.get_models()}
    if ("customers", "segment") in there:
        seed_segments()
    if ("customers", "tier") in there:
        seed_tiers()
