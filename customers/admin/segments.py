"""The segments a manager makes of the scores, and who is in which: to filter, and to find the customers of a plan."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficePage, column, day
from aftersales.ledger.configuration import ConfigurationPage
from customers.admin import columns
from customers.models import Score, Segment


def _range(name: str, label: Any) -> Any:
    @column(label)
    def shown(self: Any, segment: Segment) -> str:
        least, most = getattr(segment, f"{name}_from"), getattr(segment, f"{name}_to")
        return str(least) if least == most else f"{least}–{most}"

    return shown


@admin.register(Segment)
class SegmentPage(ConfigurationPage):
    list_display = ("name", "recency", "frequency", "money", "people", "position", "in_use")
    list_filter = ("in_use",)
    search_fields = ("key", "name_zh", "name_en")
    fields = (
        ("key", "position"), ("name_zh", "name_en"), ("recency_from", "recency_to"), ("frequency_from", "frequency_to"),
        ("money_from", "money_to"), "in_use",
    )  # fmt: skip
    recency = _range("recency", _("how lately"))
    frequency = _range("frequency", _("how often"))
    money = _range("money", _("how much"))
    people = columns.people("score", "segment")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Segment]:
        rows: QuerySet[Segment] = super().get_queryset(request).annotate(people=Count("scores"))
        return rows

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        told = _("Score 5 is the fifth of all customers that bought last, most often or for most; 1 is the other end.")
        first = _(
            "A customer belongs to the first segment, by position, that fits. Changes hold from the next night on."
        )
        return super().get_form(request, obj, change, help_texts={"recency_to": told, "position": first}, **kwargs)

    @column(_("name"))
    def name(self, segment: Segment) -> str:
        return str(segment)


@admin.register(Score)
class ScorePage(OfficePage):
    view_verb = "order.view"
    list_display = (
        "customer", "segment", "recency", "frequency", "money", "orders", day("last_order_on", _("last order")),
        day("since", _("in it since")),
    )  # fmt: skip
    list_display_links = ("segment",)
    list_select_related = ("person", "segment")
    list_filter = ("segment", "recency", "frequency", "money")
    search_fields = ("=person__ref", "^person__name")
    search_help_text = _("Reference or name of the customer, from the beginning")
    fields = (
        "customer", "segment", "since", "recency", "frequency", "money", "orders", "last_order_on", "counted_at",
    )  # fmt: skip
    readonly_fields = fields
    customer = columns.customer()
