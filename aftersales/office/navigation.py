"""Where everything in the office stands: by task, not by app. Called by the navigation tag of the office's frame.

To add a page: one line in `PAGES`. A model appears by itself in the group of its app; `MODELS` moves single ones elsewhere.
What a person may not open is not here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.addresses import address
from aftersales.kernel.admin import actor_of
from aftersales.kernel.policy import may


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation."""

    label: str
    href: str
    current: bool


@dataclass(slots=True)
class Group:
    """A task and its lines."""

    title: str | Promise
    entries: list[Entry] = field(default_factory=list)


TITLES: dict[str, Promise] = {
    "today": _("Today"),
    "archive": _("Archive"),
    "rules": _("Rules"),
    "sla": _("Service levels"),
    "keeping": _("Keeping customers"),
    "work": _("Work"),
    "people": _("People"),
    "system": _("System"),
}
# Pages that are no model's: (group, name of the address, words, verb one needs). One that does not exist in this
# installation is left out.
PAGES: tuple[tuple[str, str, Promise, str], ...] = (
    ("today", "admin:index", _("Overview"), "dashboard.view"),
    ("today", "admin:complaint_report", _("Report on complaints"), "report.view"),
    ("today", "admin:service_report", _("Report on service levels"), "report.view"),
    ("work", "admin:operations", _("Operations"), "dashboard.view"),
    ("today", "admin:visit_report", _("Report on visits"), "report.view"),
    ("rules", "admin:rulebook", _("Rule packs"), "office.enter"),
    ("rules", "admin:backtests", _("Back-tests"), "rules.view"),
    ("sla", "admin:policies", _("Policies"), "sla.view"),
    ("sla", "admin:calendars", _("Work calendars"), "calendar.view"),
    ("sla", "admin:working_days", _("Working days"), "calendar.view"),
    ("people", "admin:absences", _("Absences"), "office.enter"),
    ("people", "admin:templates", _("Templates of notices"), "template.view"),
    ("archive", "admin:import_start", _("Import orders or reviews"), "order.import"),
    ("people", "api:docs", _("API reference"), "desk.enter"),
)
APPS = {
    "returns": "today",
    "tickets": "today",
    "customers": "archive",
    "accounts": "people",
}
MODELS = {
    "returns.verdict": "rules",
    "returns.inspection": "work",
    "returns.carrierclaim": "work",
    "tickets.queue": "work",
    "tickets.complaintclass": "work",
    "tickets.improvement": "work",
    "tickets.visitplan": "work",
    "tickets.visitstep": "work",
    "tickets.visitquestion": "work",
    "tickets.tag": "work",
    "tickets.checklist": "work",
    "tickets.ticketfield": "work",
    "tickets.skill": "people",
    "tickets.mailaccount": "system",
    "tickets.phrase": "work",
    "tickets.wordingterm": "work",
    "tickets.chatsource": "system",
    "ledger.timer": "work",
    "ledger.delivery": "work",
    "ledger.outbound": "work",
    "ledger.dailyrun": "work",
    "customers.shop": "system",
    "customers.careplan": "keeping",
    "customers.caremessage": "keeping",
    "customers.gift": "keeping",
    "customers.testimonial": "keeping",
    "customers.referral": "keeping",
    "customers.segment": "keeping",
    "customers.score": "keeping",
    "customers.tier": "keeping",
    "customers.membership": "keeping",
    "files.attachment": "archive",
    "notices.notice": "work",
    "notices.webhook": "people",
    "returns.keptpack": "rules",
}


def groups(request: HttpRequest) -> list[Group]:
    """By task what the person who asks may open; the line of the page one is on is marked. Empty groups fall out.

    Reads the admin's registry: its own `available_apps` asks four permissions and two addresses of every model, and sorts
    words of a language, for every page.
    """
    found = {key: Group(title) for key, title in TITLES.items()}
    path, actor = request.path, actor_of(request)
    for key, name, words, verb in PAGES:
        if may(actor, verb) and (href := address(name)):
            is_here = path == href or (name != "admin:index" and path.startswith(href))
            found[key].entries.append(Entry(str(words), href, is_here))
    for key, name, model in _lists():
        if (href := address(name)) and admin.site.get_model_admin(model).has_view_permission(request):
            label = capfirst(str(model._meta.verbose_name_plural))
            found[key].entries.append(Entry(label, href, path.startswith(href)))
    return [group for group in found.values() if group.entries]


@cache
def _lists() -> list[tuple[str, str, type[Model]]]:
    """Every model with a list of its own: (group, name of the address, model), app by app."""
    return [
        (
            MODELS.get(model._meta.label_lower) or APPS.get(model._meta.app_label, "system"),
            f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist",
            model,
        )
        for model in sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
    ]
