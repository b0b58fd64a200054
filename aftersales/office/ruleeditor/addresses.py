"""The addresses of the editor, for the office's site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from aftersales.office.ruleeditor import pages, textform, trial


def addresses(guarded: Callable[[Any], Any]) -> list[URLPattern]:
    """Every page behind `guarded`, the site's own check of who may enter."""
    draft = "rules/drafts/<int:version>/"
    table = f"{draft}<slug:table>/"
    return [
        path(f"{draft}text/", guarded(textform.page), name="rule_draft_text"),
        path(f"{draft}text.zip", guarded(textform.as_zip), name="rule_draft_zip"),
        path(f"{draft}<slug:table>.csv", guarded(textform.as_csv), name="rule_draft_csv"),
        path(table, guarded(pages.table), name="rule_draft_table"),
        path(f"{table}pick/", guarded(pages.picker), name="rule_draft_picker"),
        path(f"{table}examples/", guarded(pages.examples), name="rule_draft_examples"),
        path(f"{table}try/", guarded(trial.trial), name="rule_draft_try"),
    ]
