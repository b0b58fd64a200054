"""Where everything in the office stands: by task, not by app. Called by the navigation tag of the office's frame.

To add a page: one line in `PAGES`. A model appears by itself in the group of its app; `MODELS` moves single ones elsewhere.
What a person may not open is not in the admin's list and so not here either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
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
    "auth": "people",
    "account": "people",
    "mfa": "people",
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
    "files.attachment": "archive",
    "notices.notice": "work",
    "notices.webhook": "people",
    "returns.keptpack": "rules",
    "returns.rulepack": "rules",
    "returns.ruleversion": "rules",
    "returns.liabilityruling": "rules",
    "tickets.slapolicy": "sla",
    "tickets.calendar": "sla",
}


def groups(app_list: list[dict[str, Any]], path: str, actor: Actor) -> list[Group]:
    """The admin's list of apps (as `available_apps` has it) by task; `path` marks the line one is on. Empty groups fall out."""
    found = {key: Group(title) for key, title in TITLES.items()}
    for key, name, words, verb in PAGES:
        if not may(actor, verb):
            continue
        try:
            href = reverse(name)
        except NoReverseMatch:
            continue
        found[key].entries.append(
            Entry(str(words), href, path == href or (name != "admin:index" and path.startswith(href)))
        )
    for app in app_list:
        for model in app["models"]:
            href = model.get("admin_url")
            if not href:
                continue
            label = f"{app['app_label']}.{model['object_name'].lower()}"
            key = MODELS.get(label) or APPS.get(app["app_label"], "system")
            found[key].entries.append(Entry(model["name"], href, path.startswith(href)))
    return [group for group in found.values() if group.entries]
