"""Import orders or reviews from files in the browser: a trial run that writes nothing, then the same files for real."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import actor_of
from aftersales.kernel.days import DayField
from aftersales.kernel.errors import Refusal
from aftersales.kernel.policy import may
from aftersales.office import uploads
from customers.importers.registry import SOURCES
from customers.importers.report import Report
from customers.importers.reviews import import_reviews
from customers.importers.run import Wish, import_orders
from customers.models import Review

MOST_BYTES = 20 * 1_048_576  # in all; larger exports are the command's, which a browser does not wait for
MOST_SHOWN = 200  # rows with a problem; the run keeps more of them
REVIEWS = "reviews"  # a source of its own kind beside those of orders
_SESSION_KEY = "import_waiting"  # what the trial run was about: token of the files and the wish


class ManyFiles(forms.FileField):
    """Several files in one field, which is how platforms export: orders in one, lines in another."""

    widget = type("ManyFilesInput", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files: list[UploadedFile] = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if not files:
            raise ValidationError(self.error_messages["required"], "required")
        if empty := [file.name or "" for file in files if not file.size]:
            told = _("“%(name)s” is empty. Export it again, or choose another file.")
            raise ValidationError([ValidationError(told, "empty", {"name": name}) for name in empty])
        size = sum(file.size or 0 for file in files)
        if size > MOST_BYTES:
            raise ValidationError(
                _(
                    "These files have %(size)s; %(most)s is the most here. Use the command import_orders for larger ones."
                ),
                params={"size": filesizeformat(size), "most": filesizeformat(MOST_BYTES)},
            )
        return files


class ImportForm(forms.Form):
    source = forms.ChoiceField(
        label=_("source"), choices=lambda: [*((name, name) for name in SOURCES), (REVIEWS, _("reviews of a platform"))]
    )
    files = ManyFiles(  # type: ignore[assignment]  # a form has `files` too
        label=_("files"),
        help_text=_("CSV, CSV.GZ or XLSX, together at most 20 MB."),
        error_messages={
            "required": _("No file was chosen. Choose the export as CSV, CSV.GZ or XLSX; several at once are welcome.")
        },
    )
    shop_name = forms.CharField(
        label=_("shop"), required=False, max_length=80, help_text=_("Empty: the source's usual shop.")
    )
    platform = forms.ChoiceField(
        label=_("platform of the reviews"), required=False, choices=[("", "–"), *Review.Platform.choices],
        help_text=_("For reviews only: where the file has no column for it."),
    )  # fmt: skip
    rebase_to = DayField(
        label=_("move all dates so that the newest delivery falls on"),
        required=False,
        help_text=_("For old sample data only. Leave empty for real orders."),
    )


def start(request: HttpRequest) -> HttpResponse:
    """Choose files; the answer is the report of a trial run."""
    _may(request)
    form = ImportForm(request.POST or None, request.FILES or None) if request.method == "POST" else ImportForm()
    report = None
    if request.method == "POST" and form.is_valid():
        report = _try_out(request, form)
    return _page(request, form=form, report=report, waiting=bool(report and _could_be_read(report)))


def run(request: HttpRequest) -> HttpResponse:
    """The files of the trial run, for real. A second press finds nothing waiting and changes nothing."""
    _may(request)
    waiting = request.session.pop(_SESSION_KEY, None) if request.method == "POST" else None
    paths = uploads.found(waiting["token"]) if waiting else []
    if not waiting or not paths:
        messages.info(request, _("There are no files waiting any more. Choose them again."))
        return redirect(reverse("admin:import_start"))
    try:
        report = _report(request, waiting, dry_run=False)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("admin:import_start"))
    finally:
        uploads.forget(waiting["token"])
    return _page(request, form=ImportForm(), report=report, waiting=False)


def _try_out(request: HttpRequest, form: ImportForm) -> Report | None:
    data = form.cleaned_data
    waiting = {
        "token": uploads.keep(data["files"]),
        "source": data["source"],
        "shop_name": data["shop_name"],
        "platform": data["platform"],
        "rebase_to": data["rebase_to"].isoformat() if data["rebase_to"] else "",
    }
    try:
        report = _report(request, waiting, dry_run=True)
    except Refusal as refusal:
        uploads.forget(waiting["token"])
        form.add_error("files", ValidationError(str(refusal)))
        return None
    if _could_be_read(report):
        request.session[_SESSION_KEY] = waiting
    else:
        uploads.forget(waiting["token"])
    return report


def _could_be_read(report: Report) -> bool:
    """Whether there is an order or a review in the files: without one the real run would do nothing, and is not offered."""
    return report.records > 0


def _report(request: HttpRequest, waiting: dict[str, str], *, dry_run: bool) -> Report:
    """Read the files that wait, as orders or as reviews. Raises `Refusal`."""
    actor = actor_of(request)
    if waiting["source"] == REVIEWS:
        paths = uploads.found(waiting["token"])
        return import_reviews(paths, actor=actor, platform=waiting["platform"], dry_run=dry_run)
    return import_orders(_wish(waiting, dry_run=dry_run), actor=actor)


def _wish(waiting: dict[str, str], *, dry_run: bool) -> Wish:
    return Wish(
        source=SOURCES[waiting["source"]],
        paths=uploads.found(waiting["token"]),
        shop_name=waiting["shop_name"],
        dry_run=dry_run,
        rebase_to=dt.date.fromisoformat(waiting["rebase_to"]) if waiting["rebase_to"] else None,
    )


def _may(request: HttpRequest) -> None:
    if not may(actor_of(request), "order.import"):
        raise PermissionDenied


def _page(request: HttpRequest, *, form: ImportForm, report: Report | None, waiting: bool) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Import orders or reviews"),
        "form": form,
        "report": report,
        "lines": list(report.summary()) if report else [],
        "bad_rows": report.bad_rows[:MOST_SHOWN] if report else [],
        "waiting": waiting,
        "unread": report is not None and not _could_be_read(report),
    }
    return TemplateResponse(request, "office/import.html", context)
