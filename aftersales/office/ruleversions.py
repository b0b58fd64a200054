"""Versions of the rules in the office: the timeline of a set, one version with everything known of it, two side by side."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import Refusal
from aftersales.kernel.policy import may
from aftersales.ledger.catalogue import event_type
from aftersales.ledger.models import Event
from aftersales.ledger.record import timeline
from aftersales.office.ruleconcerned import concerned
from aftersales.office.ruletelling import fact, language, word
from returns.actions.rulebook.refusals import ConcernedUnseen
from returns.models import RuleVersion
from returns.models.timeline import pack_of, version_at
from returns.rules.changes import changes
from returns.rules.diff import diff_packs
from returns.rules.pack import load_pack, shipped
from returns.rules.statute import weakened
from returns.rules.text import PackError

MOST_BOXES = 30  # of one table; the largest come first
S = RuleVersion.Status


def versions(request: HttpRequest, name: str) -> HttpResponse:
    """Every version of a set, newest first, with the time for which each holds; and whether a release brought other rules."""
    found = list(_seen(request).filter(rule_set=name).select_related("author").order_by("-number"))
    if not found:
        raise Http404
    now = clock.now()
    in_force = version_at(name, now)
    spans = _spans(found)
    rows = [(each, spans.get(each.pk), in_force is not None and each.pk == in_force.pk) for each in found]
    return page(
        request, "versions/list.html", _("Versions of the rules"),
        name=name, rows=rows, pack_title=title_of(name), shipped_changed=_shipped_changed(name, found),
        may_draft=may(actor_of(request), "rules.draft"),
    )  # fmt: skip


def version(request: HttpRequest, pk: int, refusal: Refusal | None = None) -> HttpResponse:
    """One version: what was proved, what it changes, who said what, and what may be done with it now."""
    found = find(request, pk)
    actor = actor_of(request)
    evidence = list(found.evidence.filter(sha256=found.sha256))
    diff = next((each.report for each in reversed(evidence) if each.kind == "diff"), None)
    involved = actor.id in (found.author_id, found.submitted_by_id) or found.edits.filter(editor=actor.id).exists()
    context = {
        "version": found,
        "pack_title": title_of(found.rule_set),
        "in_force": (now_held := version_at(found.rule_set, clock.now())) is not None and now_held.pk == found.pk,
        "evidence": evidence,
        "tables": _in_words(diff["diff"]) if diff and "diff" in diff else None,
        "diff": diff,
        "approvals": list(found.approvals.select_related("approver")),
        "edits": list(found.edits.select_related("editor")),
        "history": _history(found),
        "others": _seen(request).filter(rule_set=found.rule_set).exclude(pk=found.pk).order_by("-number"),
        "editor": _editor(found),
        "may_draft": may(actor, "rules.draft"),
        "may_approve": may(actor, "rules.approve") and not involved,
        "own_work": may(actor, "rules.approve") and involved,
        "may_publish": may(actor, "rules.publish"),
        "may_retire": found.number > 1 and found.effective_from is not None and found.effective_from > clock.now(),
        "refusal": refusal,
        # Rules that reach back: what they concern is seen before they are published.
        "concerned": concerned(found, refusal.params["since"]) if isinstance(refusal, ConcernedUnseen) else (),
        "typed": request.POST.get("effective_from", ""),
    }
    answer = page(request, "versions/one.html", _("Version %(version)s") % {"version": found}, **context)
    answer.status_code = refusal.status if refusal else 200
    return answer


def compare(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """Any two versions of a set: every case that is decided otherwise, and every word."""
    before, after = find(request, one), find(request, other)
    if before.rule_set != after.rule_set:
        raise Http404
    context: dict[str, Any] = {"before": before, "after": after, "pack_title": title_of(after.rule_set)}
    try:
        old, new = pack_of(before), pack_of(after)
    except PackError as error:
        context["unreadable"] = str(error)
    else:
        told = diff_packs(old, new).as_dict()
        context |= {
            "diff": {"diff": told, "weakened": [each.as_dict() for each in weakened(old, new)]},
            "tables": _in_words(told),
        }
    context["changes"] = [each.as_dict() for each in changes(before.files, after.files)]
    return page(request, "versions/compare.html", _("Compare"), **context)


def find(request: HttpRequest, pk: int) -> RuleVersion:
    """The version, or 404: what one may not see does not exist."""
    seen = _seen(request).select_related("base", "author", "submitted_by")
    found: RuleVersion | None = seen.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def title_of(rule_set: str) -> str:
    """What the set is called, by its shipped pack."""
    return load_pack(rule_set).title[language()] if rule_set in shipped() else rule_set


def page(request: HttpRequest, template: str, title: Any, **context: Any) -> TemplateResponse:
    frame = {**admin.site.each_context(request), "title": title}
    return TemplateResponse(request, f"office/rules/{template}", {**frame, **context})


def _seen(request: HttpRequest) -> Any:
    return RuleVersion.objects.visible_to(actor_of(request))


def _spans(found: list[RuleVersion]) -> dict[int, tuple[dt.datetime | None, dt.datetime | None]]:
    """From when to when each published version holds; the first has no beginning, the last no end."""
    line = sorted(
        (each for each in found if each.status == S.PUBLISHED and each.effective_from),
        key=lambda each: each.effective_from or clock.now(),
    )
    ends = [each.effective_from for each in line[1:]] + [None]
    return {
        each.pk: (None if each.number == 1 else each.effective_from, end) for each, end in zip(line, ends, strict=True)
    }


def _shipped_changed(name: str, found: list[RuleVersion]) -> bool:
    """Whether the release holds rules that were not offered as a draft yet."""
    if name not in shipped():
        return False
    known = {sha for each in found if each.status != S.WITHDRAWN for sha in (each.sha256, each.shipped_sha256)}
    return load_pack(name).sha256 not in known


def _editor(found: RuleVersion) -> str:
    """Where the draft is changed."""
    try:
        table = pack_of(found).chain[0]
    except PackError:
        table = "cause"
    try:
        return reverse("admin:rule_draft_table", args=[found.pk, table])
    except NoReverseMatch:
        return ""


def _history(found: RuleVersion) -> list[tuple[Event, str]]:
    return [(event, str(event_type(event.name).text) % event.data) for event in reversed(timeline(found))]


def _in_words(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The diff of each table with its boxes in the reader's words."""
    shown = []
    for table in told["tables"]:
        boxes = [
            {
                **box,
                "when": [(fact(name), _condition(name, text)) for name, text in box["cells"].items()],
                "case": [(fact(name), word(name, value)) for name, value in box["witness"].items()],
            }
            for box in table["boxes"][:MOST_BOXES]
        ]
        shown.append({**table, "boxes": boxes, "hidden": len(table["boxes"]) - len(boxes), "title": table["table"]})
    return shown


def _condition(name: str, text: str) -> str:
    negated = text.startswith("not ")
    words = " / ".join(word(name, each) for each in text.removeprefix("not ").removeprefix("=").split("|"))
    return (str(_("not: %s")) % words) if negated else words
