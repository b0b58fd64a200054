"""Pages of the office for rows that are settings: people type them in, and every change is an event. Used by `admin.py` files.

Such a row (a shop, a product, a queue) has no road of its own, so the page saves it; what happened is recorded in the
same transaction, field by field, before and after.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest

from aftersales.kernel.admin import OfficePage, actor_of
from aftersales.ledger.record import record


class ConfigurationPage(OfficePage):
    """Managers add and change; nobody deletes, because orders and returns name these rows."""

    change_verb = "office.change"
    can_add = True

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        """Save what was changed and nothing else, so that a count moved meanwhile by an action stays moved."""
        chosen = {each.name for each in obj._meta.many_to_many}  # saved after the row, by `save_related`
        fields = [name for name in form.changed_data if name in form.cleaned_data and name not in chosen]
        if not change:
            obj.save()
            record("configuration.added", on=obj, actor=actor_of(request), what=str(obj), model=obj._meta.label_lower)
        elif fields:
            rows = type(obj)._base_manager.filter(pk=obj.pk).values(*fields)
            before = rows.get()
            obj.save(update_fields=fields)
            after = rows.all().get()
            record(
                "configuration.changed", on=obj, actor=actor_of(request),
                what=str(obj), model=obj._meta.label_lower, before=_plain(before), after=_plain(after),
            )  # fmt: skip

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """What a row chooses of other rows is saved after it, and told in an event of its own."""
        obj, before = form.instance, _sets(form.instance)
        super().save_related(request, form, formsets, change)
        after = _sets(obj)
        if change and after != before:
            told = {name: names for name, names in after.items() if names != before[name]}
            record(
                "configuration.changed", on=obj, actor=actor_of(request), what=str(obj), model=obj._meta.label_lower,
                before={name: before[name] for name in told}, after=told,
            )  # fmt: skip


def _sets(row: Model) -> dict[str, str]:
    """The rows it chooses, by field, in words."""
    fields = row._meta.many_to_many
    return {each.name: ", ".join(str(one) for one in getattr(row, each.name).order_by("pk")) for each in fields}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, str | int | bool | None) else str(value) for name, value in row.items()}
