"""Imports: what came in, and what could not be used and why."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficePage, column, moment
from customers.models import ImportRun


@admin.register(ImportRun)
class ImportRunPage(OfficePage):
    """What came in, and what could not be used and why."""

    list_display = (
        "source",
        "path",
        moment("started_at", _("started")),
        moment("finished_at", _("finished")),
        "orders",
        "bad_rows",
    )
    list_filter = ("source",)
    fields = ("source", "path", "started_at", "finished_at", "orders", "bad_rows", "rows_left_out", "remarks")
    readonly_fields = fields

    @column(_("orders"))
    def orders(self, run: ImportRun) -> str:
        if told := run.report.get("reviews"):
            return str(_("reviews: %(added)s new, %(changed)s changed, %(unchanged)s known already") % told)
        counts = run.report.get("orders")
        if not counts:
            return "–"
        return str(_("%(created)s new, %(changed)s changed, %(unchanged)s unchanged, %(left_out)s left out") % counts)

    @column(_("rows with a problem"))
    def bad_rows(self, run: ImportRun) -> int:
        return int(run.report.get("bad_rows_total", 0))

    @column(_("why"))
    def rows_left_out(self, run: ImportRun) -> SafeString | str:
        rows = (
            (bad["file"], bad["line"], bad["column"], bad["reason"]) for bad in run.report.get("bad_rows", [])[:200]
        )
        return format_html_join("", "<div>{}:{} {} – {}</div>", rows) or "–"

    @column(_("remarks"))
    def remarks(self, run: ImportRun) -> SafeString | str:
        return format_html_join("", "<div>{}</div>", ((text,) for text in run.report.get("remarks", []))) or "–"
