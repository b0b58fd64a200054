from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    label = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        from aftersales.files import access, owners
        from aftersales.ledger import outbox
        from aftersales.notices import envelope, recipients
        from customers.gather import belongings, obstacles
        from tickets import (  # noqa: F401  register events, search, self-checks, timers, notices, what is held of people
            events,
            finders,
            invariants,
            jobs,
            listeners,
            notices,
            personal,
        )
        from tickets.actions.complaints import evidence
        from tickets.actions.mail import answering
        from tickets.actions.phrases import doing  # noqa: F401  registers the steps
        from tickets.chat_channel import ChatChannel
        from tickets.gather import busy
        from tickets.models import Arrival, Draft, Message

        post_migrate.connect(_seed, sender=self)
        envelope.register_answers(answering.box_for)
        recipients.register("tickets.cc", notices.reach_in_cc)
        outbox.register(ChatChannel())
        obstacles.register(busy)
        belongings.belongs("tickets.Ticket.person", "tickets.Visit.person")
        owners.register(evidence.FOLDER, evidence.known)
        access.register(
            "tickets.message",
            lambda actor, pk: Message.objects.visible_to(actor).filter(pk=pk).exists(),
            tells_on=lambda message: message.ticket,
        )
        access.register("tickets.arrival", lambda actor, pk: Arrival.objects.visible_to(actor).filter(pk=pk).exists())
        access.register(
            "tickets.draft",
            lambda actor, pk: actor.kind == "staff" and Draft.objects.filter(pk=pk, user=actor.id).exists(),
        )


def _seed(apps: Any = installed, **_told: Any) -> None:
    """What a shop starts with, once its tables are there; a migration back to before them brings none."""
    from tickets.actions.calendar_seeding import seed_calendars
    from tickets.actions.complaints.classes import seed_classes
    from tickets.actions.phrases.seeding import seed_phrases
    from tickets.actions.queue_seeding import seed_queues
    from tickets.actions.sla_seeding import seed_policy
    from tickets.actions.visits.seeding import seed_plans

    there = {(each._meta.app_label, each._meta.model_name) for each in apps.get_models()}
    if ("tickets", "calendarversion") in there:
        seed_calendars()
    if ("tickets", "complaintclass") in there:
        seed_classes()
    if ("tickets", "wordingterm") in there and ("tickets", "phrase") in there:
        seed_phrases()
    if ("tickets", "queue") in there:
        seed_queues()
    if ("tickets", "clock") in there:
        seed_policy()
    if ("tickets", "visitquestion") in there:
        seed_plans()
