"""Columns that lead on: from a row to its customer's page, from a range of customers to the list of who is in it."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import column


def customer(label: str | Promise = "", *, field: str = "person") -> Any:
    """The customer in `field`, with the way to their page at the desk; read along by `list_select_related`."""

    @column(label or _("customer"))
    def shown(self: Any, row: Any) -> SafeString:
        person = getattr(row, field)
        return format_html('<a href="/desk/people/{}/">{}</a>', person.ref, str(person))

    return shown


def people(listed: str, by: str) -> Any:
    """How many customers there are (`people` of the row), with the way to the list `listed` filtered `by` the row."""

    @column(_("customers"))
    def shown(self: Any, row: Any) -> SafeString:
        where = f"/office/customers/{listed}/?{by}__id__exact={row.pk}"
        return format_html('<a href="{}">{}</a>', where, f"{row.people:,}")

    return shown
