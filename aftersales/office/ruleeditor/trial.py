"""A case tried before and after the change: a form of facts, the verdict of both texts, the words of both."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales.kernel.admin import actor_of
from aftersales.office.ruleeditor import drafts
from aftersales.office.ruleeditor.drafts import Draft
from aftersales.office.ruletelling import language
from returns.rules.derive import derived_vocabulary
from returns.rules.explain import explain
from returns.rules.facts import BadFact, Fact, validate, vocabulary
from returns.rules.pack import Pack
from returns.rules.rehearsal import answer, said
from returns.rules.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Field:
    """One fact to fill in. `type` is the input's; an enum or yes/no has `options` instead."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    type: str = "text"
    lo: int = 0
    hi: int = 0


def trial(request: HttpRequest, version: int, table: str) -> HttpResponse:
    """The form, and once it is filled in what both texts say. The case stands in the address, so that it can be shared."""
    draft = drafts.find(request, version, table)
    first = _first(draft)
    fields = {name: _field(fact, request.GET.get(name, "")) for name, fact in vocabulary().items()}
    context: dict[str, Any] = {
        "first": [fields[name] for name in fields if name in first],
        "rest": [fields[name] for name in fields if name not in first],
        "rest_open": any(fields[name].value for name in fields if name not in first),
        "asked": bool(request.GET),
    }
    if request.GET:
        context |= _decided(draft, request.GET)
    return TemplateResponse(
        request, "office/rules/editor/try.html",
        {
            **admin.site.each_context(request), "title": draft.title_of(table), "draft": draft,
            "here": reverse("admin:rule_draft_table", args=[draft.id, table]),
            "may_change": drafts.may_change(actor_of(request), draft), **context,
        },
    )  # fmt: skip


def _decided(draft: Draft, query: QueryDict) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    try:
        for name, fact in vocabulary().items():
            if text := query.get(name, "").strip():
                facts[name] = _read(fact, text)
        validate(facts)
    except BadFact as bad:
        known = vocabulary().get(bad.name)
        label = known.label(language()) if known else bad.name
        return {"bad": _("%(fact)s: please check what was entered.") % {"fact": label} + f" ({bad.why})"}
    before, why_before = answer(draft.before, facts)
    after, why = answer(draft.pack, facts) if draft.pack else (None, draft.trouble)
    rows = _fired(draft, after)
    sides = [
        {"title": _("Before"), "why": why_before, "row": ", ".join(_fired(draft, before)),
         "texts": _texts(before, draft.before)},
        {"title": _("With this draft"), "why": why, "row": ", ".join(rows), "texts": _texts(after, draft.pack)},
    ]  # fmt: skip
    return {
        "same": said(before) == said(after) and sides[0]["texts"] == sides[1]["texts"],
        "sides": sides,
        "row": rows[0] if rows else "",
        "facts_text": json.dumps(facts, ensure_ascii=False),
    }  # fmt: skip


def _texts(verdict: Verdict | None, pack: Pack | None) -> list[tuple[str, str]]:
    if verdict is None or pack is None:
        return []
    plain = verdict.as_dict()
    return [
        (words, " ".join(explain(plain, language(), reader, pack=pack).summary))
        for reader, words in (("customer", _("the customer reads")), ("staff", _("staff read")))
    ]


def _fired(draft: Draft, verdict: Verdict | None) -> list[str]:
    """The rows of the draft's table that decided."""
    rows = verdict.rows if verdict else {}
    return list(dict.fromkeys(row for label, row in rows.items() if label.split(":")[0] == draft.table))


def _first(draft: Draft) -> set[str]:
    """The facts that the table reads itself, or through a derived one; the reason always."""
    derived, known = derived_vocabulary(), vocabulary()
    read = {"reason"}
    for column in draft.read().columns:
        read |= set(derived[column.name].comes_from) if column.name in derived else {column.name} & set(known)
    return read


def _field(fact: Fact, value: str) -> Field:
    label = fact.label(language())
    if fact.values:
        return Field(fact.name, label, value, tuple((each, fact.value_label(each, language())) for each in fact.values))
    if fact.kind == "bool":
        return Field(fact.name, label, value, (("yes", _("yes")), ("no", _("no"))))
    if fact.kind in ("int", "money"):
        return Field(fact.name, label, value, type="number", lo=fact.lo, hi=fact.hi)
    return Field(fact.name, label, value, type="date" if fact.kind == "date" else "text")


def _read(fact: Fact, text: str) -> str | int | bool:
    """A fact as it was typed; `validate` judges it."""
    if fact.kind == "bool":
        return text == "yes"
    if fact.kind in ("int", "money"):
        try:
            return int(text)
        except ValueError:
            raise BadFact(fact.name, text, "must be a whole number") from None
    return text
