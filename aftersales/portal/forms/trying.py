"""From a form to an action and back: what was typed, and a refusal shown where it belongs. Used by every view with a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from aftersales.kernel.errors import BadInput, NotFound, NotPermitted, Refusal, TooMany
from aftersales.portal.doors import Visit

T = TypeVar("T")


def typed(request: Visit) -> QueryDict | None:
    """What was sent now, or what waited while the order was proven again; None for a fresh page."""
    return request.POST if request.method == "POST" else request.held


def files_of(request: Visit) -> MultiValueDict[str, UploadedFile] | None:
    """The files that were sent. None for a fresh page: to Django a form with any files, even no files, is one that was sent."""
    return request.FILES if request.method == "POST" else None


def attempt(form: forms.Form, work: Callable[[], T]) -> T | None:
    """Do what a good form asks for. None says that the form now holds an error; a refusal stands at the field it names."""
    if not form.is_valid():
        return None
    try:
        return work()
    except (NotFound, NotPermitted, TooMany):
        raise
    except Refusal as refusal:
        blame(form, refusal)
        return None


def blame(form: forms.Form, refusal: Refusal) -> None:
    """Make a refusal an error of the form."""
    field = refusal.field if isinstance(refusal, BadInput) else None
    form.add_error(field if field in form.fields else None, str(refusal))


def status_of(form: forms.Form) -> int:
    """422 for a form that was sent back, so that nobody's program takes it for done."""
    return 422 if form.errors else 200
