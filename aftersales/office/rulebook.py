"""The shop's rules to read: every pack, table, row, source and sentence, with the proof. `ruleversions` has their versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.office.ruletelling import cell_words, fact, language, said
from aftersales.office.rulewords import LAYERS, MARKS
from returns.models.timeline import pack_for
from returns.rules.analysis import TableReport, prove, proved
from returns.rules.language import Row, Table
from returns.rules.pack import Pack, shipped
from returns.rules.sources import KINDS, Source

_BLANK = re.compile(r"\{\w+\}")  # what a sentence is filled with once there is a case


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One rule as people read it: when these hold, then this, because, by these sources."""

    id: str
    layer: Promise
    conditions: list[tuple[str, str]]
    outcome: list[tuple[str, str]]
    why: str
    sources: list[Source]
    mark: Promise | str
    contested: dict[str, str] | None

    def mentions(self, words: list[str]) -> bool:
        """Whether every word stands somewhere in the row."""
        pairs = [*self.conditions, *self.outcome]
        text = " ".join([self.id, self.why, *(f"{name} {value}" for name, value in pairs)])
        text += " ".join(f"{source.key} {source.zh} {source.en}" for source in self.sources)
        return all(word in text.casefold() for word in words)


def packs(request: HttpRequest) -> HttpResponse:
    """Every pack that may be chosen for a shop."""
    return _page(request, "packs.html", _("Rules"), packs=[(each, _title(each)) for each in map(_pack, shipped())])


def pack(request: HttpRequest, name: str) -> HttpResponse:
    """One pack: its tables in the order in which they are asked, and what was proved of each."""
    found = _pack(name)
    reports = _proof(found)
    titles = {key: _in_words(compiled.table.title, key) for key, compiled in found.tables.items()}
    return _page(
        request,
        "pack.html",
        _title(found),
        pack=found,
        tables=[(report, titles[report.name]) for report in reports],
        proved=proved(reports),
    )


def sources(request: HttpRequest, name: str) -> HttpResponse:
    """Every law, platform rule and policy that a row of the pack rests on."""
    found = _pack(name)
    spoken = 0 if language() == "zh" else 1
    shown = [(source, KINDS[source.kind][spoken], MARKS[source.mark]) for source in found.sources.values()]
    return _page(request, "sources.html", _title(found), pack=found, sources=shown)


def table(request: HttpRequest, name: str, table: str) -> HttpResponse:
    """One table, row by row. `q` finds words, `layer` and `contested` narrow it."""
    found = _pack(name)
    if table not in found.tables:
        raise Http404
    read = found.table(table)
    query, layer, contested = request.GET.get("q", ""), request.GET.get("layer", ""), "contested" in request.GET
    rows = [
        _shown(found, read, row)
        for row in read.rows
        if layer in ("", str(row.layer)) and (row.contested or not contested)
    ]
    matching = [row for row in rows if row.mentions(query.casefold().split())]
    return _page(
        request, "table.html", _in_words(read.title, table),
        pack=found, pack_title=_title(found), table=read, rows=matching, total=len(read.rows),
        query=query, layer=layer, contested=contested, layers=LAYERS,
    )  # fmt: skip


@lru_cache(maxsize=16)
def _proof(pack: Pack) -> tuple[TableReport, ...]:
    """The proof of one version of a pack, which is read once and never changes."""
    return prove(pack)


def _pack(name: str) -> Pack:
    """The rules of that name that are in force now."""
    if name not in shipped():
        raise Http404
    return pack_for(name, clock.now())


def _shown(pack: Pack, table: Table, row: Row) -> ShownRow:
    pairs = zip(table.columns, row.cells, strict=True)
    outcomes = zip(table.outcomes, row.outcome, strict=True)
    return ShownRow(
        id=row.id,
        layer=LAYERS[row.layer],
        conditions=[(fact(column.name), cell_words(column, cell)) for column, cell in pairs if cell is not None],
        outcome=[(fact(outcome.name), said(outcome.name, value)) for outcome, value in outcomes],
        why=_BLANK.sub("…", pack.words[language()]["staff"].get(row.why, row.why)),
        sources=[pack.sources[key] for key in row.sources],
        mark=MARKS.get(row.mark, row.mark),
        contested=dict(pack.questions[language()][row.contested]) if row.contested else None,
    )


def _title(pack: Pack) -> str:
    return pack.title[language()]


def _in_words(title: dict[str, str], name: str) -> str:
    return title.get(language(), name)


def _page(request: HttpRequest, template: str, title: str | Promise, **context: Any) -> HttpResponse:
    frame = {**admin.site.each_context(request), "title": title}
    return TemplateResponse(request, f"office/rules/{template}", {**frame, **context})
