"""What every model page of the office is: read-only unless it says otherwise, permitted by the policy table, scoped, masked.

Used by each app's `admin.py`. To add a page: a subclass with `view_verb`, and `change_verb` only where the rows are settings
that people type in. Rows that stand for something that happened are changed by actions, never here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from aftersales.kernel import datewords
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Refusal
from aftersales.kernel.money import Money
from aftersales.kernel.policy import may

_COMPARISONS = frozenset({"exact", "in", "gt", "gte", "lt", "lte", "isnull", "range", "year", "month", "day"})


def actor_of(request: HttpRequest) -> Actor:
    """Who is at the keyboard, as the middleware found out."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


class InstantsInWords:
    """Read-only instants and days are said as on every other page of ours, not in Django's own form."""

    model: type[Model]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.in_words(super().get_readonly_fields(request, obj))  # type: ignore[misc]

    def in_words(self, names: Iterable[Any]) -> list[Any]:
        """The read-only names and, beside them, what says those of instants and days. For pages that name their own."""
        names = list(names)
        return [*names, *(said for name in names if (said := _in_words(self.model, name)) is not None)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        readonly = self.get_readonly_fields(request, obj)
        may_type = self.has_change_permission(request, obj)  # type: ignore[attr-defined]

        def said(name: Any) -> Any:
            return (_in_words(self.model, name) or name) if name in readonly or not may_type else name

        return [(title, {**options, "fields": [said(name) for name in options["fields"]]}) for title, options in sets]


class OfficePage(InstantsInWords, admin.ModelAdmin):
    """Lists and pages of one model. Nothing is ever deleted here; adding and changing need `change_verb`.

    `open_lookups` names the fields that may be filtered on by address besides those of `list_filter`: Django lets an
    address ask about any column otherwise, a password hash letter by letter included.
    """

    view_verb: ClassVar[str] = "office.enter"
    change_verb: ClassVar[str | None] = None
    can_add: ClassVar[bool] = False
    open_lookups: ClassVar[frozenset[str]] = frozenset()

    # One control with one label: the second of Django's two boxes, for day and time, has none.
    formfield_overrides: ClassVar[Any] = {
        DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"}),
        }
    }
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    save_on_top = False
    actions: Sequence[str] | None = None
    view_on_site = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(actor_of(request), "office.enter") and may(actor_of(request), self.view_verb)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.change_verb is not None and may(actor_of(request), self.change_verb)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.can_add and self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.visible_to(actor_of(request)) if hasattr(rows, "visible_to") else rows

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        plain, _sep, last = lookup.rpartition("__")
        name = plain if last in _COMPARISONS and plain else lookup
        return name in self.open_lookups or name in self._filtered()

    def _filtered(self) -> set[str]:
        names = {self.date_hierarchy} if self.date_hierarchy else set()
        for each in self.list_filter:
            if isinstance(each, str):
                names |= {each, f"{each}__id"}
            elif isinstance(each, tuple):
                names |= {str(each[0]), f"{each[0]}__id"}
            elif parameter := getattr(each, "parameter_name", None):
                names.add(parameter)
        return names

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Headed by what the list holds: nothing is selected on most of them."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """As Django's; a refusal of the action behind a form is told in its own sentence, and nothing is kept."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())

    def said(self, request: HttpRequest, count: int, sentence: str) -> None:
        """Tell how many rows an action changed. `sentence` holds `%(count)d`."""
        messages.success(request, sentence % {"count": count})

    def each_of(self, request: HttpRequest, rows: QuerySet[Any], do: Callable[[Any], Any]) -> int:
        """Do something to each chosen row; a refusal is told in its own sentence and stops only its row."""
        done = 0
        for row in rows:
            try:
                do(row)
            except Refusal as refusal:
                messages.error(request, f"{row}: {refusal}")
            else:
                done += 1
        return done


class OfficeInline(InstantsInWords, admin.TabularInline):
    """Rows that belong to the one on the page, to look at. Not for generic relations."""

    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(actor_of(request), "office.enter")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


Column = TypeVar("Column", bound=Callable[..., Any])


def column(label: str | Promise, *, order: str | None = None) -> Callable[[Column], Column]:
    """Name a computed column, `order` being the field it sorts by."""
    return admin.display(description=label, ordering=order)  # type: ignore[arg-type]  # any lazy text will do


class Figure:
    """A column made of one field, for `list_display` and as an attribute of a page. Not a function, which would be bound."""

    def __init__(self, field: str, label: str | Promise, show: Callable[[Any], SafeString | str]) -> None:
        self.__name__ = field
        self.short_description = label
        self.admin_order_field = field
        self.show = show

    def __call__(self, row: Any) -> SafeString | str:
        return self.show(row)

    def __str__(self) -> str:
        return self.__name__


def money(field: str, label: str | Promise, *, currency: str = "currency") -> Figure:
    """An amount: `field` holds minor units, `currency` is the path to its currency (`order__currency`)."""

    def shown(row: Any) -> SafeString | str:
        minor = getattr(row, field)
        code: Any = row
        for part in currency.split("__"):
            code = getattr(code, part)
        return "–" if minor is None else format_html('<span class="figure nowrap">{}</span>', str(Money(minor, code)))

    return Figure(field, label, shown)


def moment(field: str, label: str | Promise) -> Figure:
    """An instant, in the shop's zone and the reader's words."""

    def shown(row: Any) -> SafeString | str:
        at: dt.datetime | None = getattr(row, field)
        if at is None:
            return "–"
        machine = at.astimezone(dt.UTC).isoformat(timespec="seconds")
        words = datewords.exact(at, timezone.now())
        return format_html('<time class="nowrap" datetime="{}">{}</time>', machine, words)

    return Figure(field, label, shown)


def day(field: str, label: str | Promise) -> Figure:
    """A day of the calendar in the reader's words."""

    def shown(row: Any) -> SafeString | str:
        date: dt.date | None = getattr(row, field)
        if date is None:
            return "–"
        return format_html('<time class="nowrap" datetime="{}">{}</time>', date, datewords.day(date, timezone.now()))

    return Figure(field, label, shown)


@cache
def _in_words(model: type[Model], name: Any) -> Figure | None:
    """The column that says this instant or day; None for everything else. The same object each time, as the admin compares."""
    try:
        field = model._meta.get_field(name) if isinstance(name, str) else None
    except FieldDoesNotExist:
        return None
    label: Any = getattr(field, "verbose_name", "")
    if isinstance(field, DateTimeField):
        return moment(name, label)
    return day(name, label) if isinstance(field, DateField) else None
