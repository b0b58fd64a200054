from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    label = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        from aftersales.files import access
        from tickets import events, finders, jobs, notices  # noqa: F401  register events, search, timers and notices
        from tickets.models import Draft, Message

        access.register("tickets.message", lambda actor, pk: Message.objects.visible_to(actor).filter(pk=pk).exists())
        access.register(
            "tickets.draft",
            lambda actor, pk: actor.kind == "staff" and Draft.objects.filter(pk=pk, user=actor.id).exists(),
        )
