"""The pages of the editor: the grid of one table, its pickers, its examples. A view fetches, calls one thing, answers."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import Refusal
from aftersales.office.ruleeditor import drafts, preview
from aftersales.office.ruleeditor.drafts import Draft
from aftersales.office.ruleeditor.edits import edit, typed_words
from aftersales.office.ruleeditor.findings import headline
from aftersales.office.ruleeditor.grid import draw
from aftersales.office.ruleeditor.packwords import packwords
from aftersales.office.ruleeditor.pickers import pick
from aftersales.office.ruleeditor.rehearsed import examples_of
from aftersales.office.ruletelling import language
from aftersales.office.rulewords import LAYERS
from returns.actions.rulebook.refusals import DraftChanged
from returns.rules.editing.refused import EditError
from returns.rules.live import look
from returns.rules.statute import Weakening, weakened_in
from returns.rules.text import PackError


def table(request: HttpRequest, version: int, table: str) -> HttpResponse:
    """The grid of one table of a draft. `q` and `layer` narrow it. A POST is one change, answered with the grid as it then is."""
    draft = drafts.find(request, version, table)
    return _change(request, draft) if request.method == "POST" else _grid(request, draft)


def picker(request: HttpRequest, version: int, table: str) -> HttpResponse:
    """What one may choose for one place. A POST shows how an explanation that is being typed would read."""
    draft = drafts.find(request, version, table, to_change=True)
    row, key = request.GET.get("row", ""), request.GET.get("key", "")
    if request.method == "POST":
        return _answer(request, "preview.html", draft, told=preview.told(draft, row, typed_words(request.POST)))
    try:
        picked = pick(draft.files, draft.read(), draft.sources(), row, key)
    except (EditError, PackError) as error:
        return _refused(request, draft, error)
    return _answer(request, "picker.html", draft, picker=picked, alone=not request.headers.get("HX-Request"))


def examples(request: HttpRequest, version: int, table: str) -> HttpResponse:
    """The examples of a table under the draft, and those of other tables that come out otherwise than before."""
    draft = drafts.find(request, version, table)
    return _answer(request, "examples.html", draft, alone=not request.headers.get("HX-Request"), **examples_of(draft))


def _change(request: HttpRequest, draft: Draft) -> HttpResponse:
    drafts.must_change(request, draft)
    revision = int(request.POST.get("revision", "")) if request.POST.get("revision", "").isdecimal() else 0
    try:
        if request.POST.get("edit") == "undo":
            files, focus = drafts.before_last(request, draft, revision), "rule-undo"
        else:
            files, focus = edit(draft.files, draft.table, request.POST)
    except (EditError, PackError) as error:
        return _refused(request, draft, error)
    try:
        after = drafts.keep(request, draft, files, revision)
    except DraftChanged as clash:
        return _grid(request, drafts.find(request, draft.id, draft.table), status=409, clash=clash)
    except Refusal as refusal:
        return _grid(request, drafts.find(request, draft.id, draft.table), status=409, error=str(refusal))
    if request.headers.get("HX-Request"):
        return _grid(request, after, focus=focus)
    return redirect(f"{request.get_full_path()}#{focus}")


def _grid(
    request: HttpRequest,
    draft: Draft,
    *,
    status: int = 200,
    focus: str = "",
    error: str = "",
    clash: DraftChanged | None = None,
) -> HttpResponse:
    query, layer = request.GET.get("q", "")[:100], request.GET.get("layer", "")
    context: dict[str, Any] = {"query": query, "layer": layer, "layers": LAYERS, "focus": focus, "error": error}
    started = time.perf_counter()
    try:
        state = look(draft.files, draft.table, draft.effective)
    except (PackError, EditError) as unreadable:
        context["unreadable"] = _sentence(unreadable)
    else:
        context |= {
            "milliseconds": round((time.perf_counter() - started) * 1000),
            "state": state,
            "headline": headline(state),
            "weakened": _law_taken_away(draft),
            "grid": draw(draft.files, state, draft.sources(), query=query, layer=layer),
        }
    if clash:
        context |= {
            "clash": str(clash),
            "changes": clash.params["changes"],
            "again": [(name, value) for name, values in request.POST.lists() for value in values
                      if name not in ("revision", "csrfmiddlewaretoken")],
        }  # fmt: skip
    template = "editor.html" if request.headers.get("HX-Request") else "page.html"
    return _answer(request, template, draft, status=status, undo=drafts.can_undo(request, draft), **context)


def _law_taken_away(draft: Draft) -> tuple[Weakening, ...]:
    """Where this table gives less than mandatory law gave in the version it was begun from, told at once and not only
    when it is submitted. Nothing while the pack as a whole cannot be read, or for a table that is new."""
    if draft.pack is None or draft.table not in draft.before.tables:
        return ()
    return weakened_in(draft.before, draft.pack, draft.table)


def _sentence(error: EditError | PackError) -> str:
    if isinstance(error, EditError):
        return _(error.sentence) % error.params
    return f"{str(error).removesuffix(error.why)}{packwords(error)}"


def _refused(request: HttpRequest, draft: Draft, error: EditError | PackError) -> HttpResponse:
    """The sentence of a refusal: in the open picker, where what was typed still stands, else above the grid."""
    sentence = _sentence(error)
    if not request.headers.get("HX-Request"):
        return _grid(request, draft, status=422, error=sentence)
    answer = _answer(request, "refused.html", draft, status=422, sentence=sentence)
    answer["HX-Retarget"] = "#rule-refused"
    answer["HX-Reswap"] = "innerHTML"
    return answer


def _answer(request: HttpRequest, template: str, draft: Draft, *, status: int = 200, **context: Any) -> HttpResponse:
    here = reverse("admin:rule_draft_table", args=[draft.id, draft.table])
    query = (
        request.GET.urlencode()
        if request.resolver_match and request.resolver_match.url_name == "rule_draft_table"
        else ""
    )
    frame = {} if request.headers.get("HX-Request") else admin.site.each_context(request)
    return TemplateResponse(
        request, f"office/rules/editor/{template}",
        {
            **frame, "title": draft.title_of(draft.table), "draft": draft, "here": f"{here}?{query}" if query else here,
            "language": language(), "may_change": drafts.may_change(actor_of(request), draft), **context,
        },
        status=status,
    )  # fmt: skip
