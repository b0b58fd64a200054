"""Care plans to type in, with what they would do before they do it; the messages they brought about, to read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import ManyToManyField
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.admin import OfficePage, column, day, moment
from aftersales.ledger.configuration import ConfigurationPage
from aftersales.notices.sms_rules import WAY_OUT
from customers.gather.outlook import outlook
from customers.models import CareMessage, CarePlan
from customers.models.care import PLACEHOLDERS


@admin.register(CarePlan)
class CarePlanPage(ConfigurationPage):
    list_display = ("name", "occasion", "category", "days", "active")
    list_select_related = ("category",)
    list_filter = ("occasion", "active")
    search_fields = ("name",)
    fields = (
        "name", "occasion", "category", "days", "date", "segments", "subject_zh", "text_zh", "subject_en", "text_en",
        "sms_zh", "sms_code_zh", "sms_en", "sms_code_en", "active", "ahead",
    )  # fmt: skip
    readonly_fields = ("ahead",)
    formfield_overrides: ClassVar[Any] = {
        **ConfigurationPage.formfield_overrides, ManyToManyField: {"widget": CheckboxSelectMultiple},
    }  # fmt: skip

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
        told = _("May name %(known)s. Who sends it and how to end it stands below every message.") % {"known": known}
        helps = {"text_zh": told, "text_en": told}
        for language, way_out in WAY_OUT.items():
            helps[f"sms_{language}"] = _(
                "For who has no e-mail address and agreed to SMS. Word for word as registered with the carrier as an"
                " advertisement; ends with “%(way_out)s”. May name {date}, and {order} for warranties and refills. Left empty"
                " in both languages, the plan goes by e-mail only."
            ) % {"way_out": way_out}  # fmt: skip
        return super().get_form(request, obj, change, help_texts=helps, **kwargs)

    @column(_("the next 30 days"))
    def ahead(self, plan: CarePlan) -> SafeString | str:
        if plan._state.adding:
            return "–"
        return render_to_string("office/care_outlook.html", {"ahead": outlook(plan, clock.now()), "plan": plan})


@admin.register(CareMessage)
class CareMessagePage(OfficePage):
    view_verb = "order.view"
    list_display = ("plan", "person", day("day", _("day")), "state", "why", moment("decided_at", _("decided at")))
    list_select_related = ("plan", "person")
    list_filter = ("state", "why", "plan")
    search_fields = ("=person__ref", "^person__name")
    search_help_text = _("Reference or name of the customer, from the beginning")
    fields = ("plan", "person", "key", "order", "goods", "day", "state", "why", "planned_at", "decided_at", "notice")
    readonly_fields = fields
