"""How a shop arranges its work: queues, tags, own fields, checklists, skills."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from aftersales.ledger.configuration import ConfigurationPage
from tickets.forms import ChecklistForm, QueueForm, TicketFieldForm
from tickets.models import (
    Checklist,
    Queue,
    Skill,
    Tag,
    TicketField,
)


@admin.register(Queue)
class QueuePage(ConfigurationPage):
    """Four come with the shop, others are added, and retired again. Each may be renamed and sorted; its key stays, programs
    know it by that."""

    form = QueueForm
    list_display = ("key", "name_zh", "name_en", "position", "strategy", "team", "retired_at")
    list_filter = (("retired_at", admin.EmptyFieldListFilter),)
    list_select_related = ("team",)

    def get_fieldsets(self, request: HttpRequest, obj: Queue | None = None) -> Any:
        """What only a queue that is there can have, such as who was given a ticket last, is not asked of a new one."""
        later = ("last_given", "retired_at") if obj else ()
        silent = _(
            "Counted in the shop’s working days from the last word of the shop, on tickets that wait for the customer "
            "without a day to look again. An answer ends it; complaints and running requests are left to people."
        )
        return (
            (None, {"fields": ("key", "name_zh", "name_en", "position", "strategy", "team", *later)}),
            (
                _("When the customer no longer answers"),
                {"fields": ("remind_after", "close_after", "reminder_zh", "reminder_en"), "description": silent},
            ),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Queue | None = None) -> Any:
        """Addresses of lists, programs and the shop's own actions rely on the key."""
        return self.in_words(("key", "last_given") if obj else ("last_given",))


@admin.register(Tag)
class TagPage(ConfigurationPage):
    """A tag that is no longer used is retired: it stays on old tickets and is offered no more."""

    list_display = ("name", "retired_at")
    search_fields = ("name",)


@admin.register(TicketField)
class TicketFieldPage(ConfigurationPage):
    """What the shop wants to know of its tickets. One that is not asked any more is retired; its values stay to be read."""

    form = TicketFieldForm
    list_display = ("label_zh", "label_en", "key", "kind", "required_to_close", "position", "retired_at")
    list_filter = ("kind", "required_to_close", ("retired_at", admin.EmptyFieldListFilter))
    search_fields = ("key", "label_zh", "label_en")

    def get_readonly_fields(self, request: HttpRequest, obj: TicketField | None = None) -> Any:
        """Values on tickets rely on key and kind."""
        return self.in_words(("key", "kind") if obj else ())


@admin.register(Checklist)
class ChecklistPage(ConfigurationPage):
    """What is gone through. A change holds for tickets that get the list from then on; one not used any more is retired."""

    form = ChecklistForm
    list_display = ("title_zh", "title_en", "reasons", "position", "retired_at")
    list_filter = (("retired_at", admin.EmptyFieldListFilter),)
    search_fields = ("title_zh", "title_en", "items")


@admin.register(Skill)
class SkillPage(ConfigurationPage):
    """Who is good at what, for queues that assign by skill. One that no longer counts is kept."""

    list_display = ("user", "about", "value", "counts")
    list_filter = ("about", "counts")
    list_select_related = ("user",)
