"""The first page of the office: eight figures and three charts, each a link to the very rows behind it, and the same as CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.admin import actor_of
from aftersales.kernel.money import Money
from aftersales.kernel.policy import may
from aftersales.office import figures, sheets
from aftersales.office.scope import Scope, ScopeForm, read_scope
from aftersales.office.servicelevels.figures import first_kept
from returns import policy
from returns.admin.words import PAYERS
from returns.models import Return
from returns.rules import reasons


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `note` compares it with something; `tone` is `danger` where somebody should look now."""

    label: str
    value: str
    href: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart. `share` is its part of the longest bar, `percent` of all, both 0 to 100."""

    label: str
    count: int
    href: str
    share: float
    percent: int


@dataclass(frozen=True, slots=True)
class Chart:
    key: str
    title: str
    sentence: str
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Overview:
    figures: list[Figure]
    charts: list[Chart]


def overview(request: HttpRequest) -> TemplateResponse:
    """The page. Leads, managers and auditors; nobody else enters the office at all."""
    now = clock.now()
    scope, form, shown, stuck = _look(request, now)
    context = {
        **admin.site.each_context(request),
        "title": _("Overview"),
        "overview": shown,
        "scope": scope,
        "form": form,
        "stuck": stuck,
        "flooded": figures.is_flooded(now),
    }
    return TemplateResponse(request, "office/dashboard.html", context)


def figures_csv(request: HttpRequest) -> HttpResponse:
    """Exactly what the page shows for the same address."""
    scope, _form, shown, _stuck = _look(request, clock.now())
    name = f"figures-{scope.first}-{scope.last}.csv"
    return sheets.csv_answer(name, _rows(scope, shown))


def _look(request: HttpRequest, now: dt.datetime) -> tuple[Scope, ScopeForm, Overview, int]:
    actor = actor_of(request)
    if not may(actor, "dashboard.view"):
        raise PermissionDenied
    scope, form = read_scope(request.GET, clock.shop_date(now))
    by_status = figures.open_by_status(scope, actor, now)
    shown = Overview(
        figures=[
            *_standing(scope, by_status, figures.refunds_due(scope, actor)),
            *_moving(scope, actor),
            *_promised(scope, actor, now),
        ],
        charts=[
            _open_chart(scope, [(status, count) for status, count, _late in by_status]),
            _reason_chart(scope, figures.by_reason_group(scope, actor)),
            _payer_chart(scope, figures.by_return_payer(scope, actor)),
        ],
    )
    return scope, form, shown, figures.stuck()


def _standing(scope: Scope, by_status: list[tuple[str, int, int]], due: tuple[int, list[Money]]) -> Iterator[Figure]:
    """How things are now, whatever the period."""
    late = sum(late for _status, _count, late in by_status)
    count, sums = due
    yield Figure(
        gettext("Open returns"), f"{sum(count for _status, count, _late in by_status):,}", _returns(scope, state="open")
    )
    yield Figure(
        gettext("Overdue"),
        f"{late:,}",
        _returns(scope, state="overdue"),
        gettext("should be none"),
        "danger" if late else "",
    )
    yield Figure(
        gettext("Refunds due"),
        " + ".join(map(str, sums)) or "0",
        _refunds(scope, status__exact="due"),
        gettext("%(count)s refunds") % {"count": f"{count:,}"},
    )


def _moving(scope: Scope, actor: Actor) -> Iterator[Figure]:
    """What the period brought."""
    flow = figures.flow(scope, actor)
    median = figures.median_hours_to_decision(scope, actor)
    target = policy.FIRST_DECISION.total_seconds() / 3600
    yield Figure(
        gettext("Opened"), f"{flow.opened:,}", _in_period(scope), _trend(flow.opened, flow.opened_before, scope.days)
    )
    settled = _returns(scope, status__exact="closed", closed_from=str(scope.first), closed_until=str(scope.last))
    yield Figure(
        gettext("Settled"), f"{flow.settled:,}", settled, _trend(flow.settled, flow.settled_before, scope.days)
    )
    yield Figure(
        gettext("Median time to decision"),
        gettext("%(hours).1f h") % {"hours": median} if median is not None else "–",
        _in_period(scope),
        gettext("target: %(hours)d h at most") % {"hours": target},
        "danger" if median is not None and median > target else "",
    )


def _promised(scope: Scope, actor: Actor, now: dt.datetime) -> Iterator[Figure]:
    """Service levels: what is late at this moment, read off the tickets, and first responses of the period."""
    late = figures.overdue_tickets(scope, actor, now)
    shop = {"order__shop": str(scope.shop.pk)} if scope.shop else {}
    href = f"{reverse('admin:tickets_ticket_changelist')}?{urlencode({'overdue': '1', **shop})}"
    yield Figure(gettext("Tickets overdue"), f"{late:,}", href, gettext("should be none"), "danger" if late else "")
    kept = first_kept(scope, actor, now)
    yield Figure(
        gettext("First responses in time"),
        f"{kept.percent} %" if kept.percent is not None else "–",
        f"{reverse('admin:service_report')}?{scope.query()}",
        gettext("%(missed)s of %(decided)s missed") % {"missed": f"{kept.missed:,}", "decided": f"{kept.decided:,}"},
        "danger" if kept.missed else "",
    )


def _trend(now: int, before: int, days: int) -> str:
    return gettext("%(before)s in the %(days)s days before (%(change)s)") % {
        "before": f"{before:,}",
        "days": days,
        "change": f"{now - before:+,}",
    }


def _open_chart(scope: Scope, counts: list[tuple[str, int]]) -> Chart:
    words = dict(Return.Status.choices)
    bars = _bars([(str(words[status]), count, _returns(scope, status__exact=status)) for status, count in counts])
    sentence = (
        gettext("%(count)s returns are open; most of them (%(most)s) are “%(label)s”.")
        if bars
        else gettext("No return is open.")
    )
    return Chart("open", gettext("Open returns by status"), _said(sentence, bars), bars)


def _reason_chart(scope: Scope, counts: list[tuple[str, int]]) -> Chart:
    language = get_language() or "zh-hans"
    words = {group.code: group.zh if language.startswith("zh") else group.en for group in reasons.groups()}
    bars = _bars(
        [(words.get(group, gettext("other")), count, _in_period(scope, reason_group=group)) for group, count in counts]
    )
    sentence = (
        gettext("The most frequent reason is “%(label)s”: %(most)s of %(count)s (%(percent)s%%).")
        if bars
        else gettext("Nothing was sent back in this period.")
    )
    return Chart("reasons", gettext("Returns by reason"), _said(sentence, bars), bars)


def _payer_chart(scope: Scope, counts: list[tuple[str, int]]) -> Chart:
    bars = _bars([(str(PAYERS.get(payer, payer)), count, _in_period(scope, payer=payer)) for payer, count in counts])
    sentence = (
        gettext("The return freight is most often borne by: %(label)s, %(most)s of %(count)s (%(percent)s%%).")
        if bars
        else gettext("No freight was decided in this period.")
    )
    return Chart("payers", gettext("Returns by who pays the way back"), _said(sentence, bars), bars)


def _bars(counted: list[tuple[str, int, str]]) -> list[Bar]:
    total = sum(count for _label, count, _href in counted) or 1
    longest = max((count for _label, count, _href in counted), default=0) or 1
    return [
        Bar(label, count, href, round(100 * count / longest, 2), round(100 * count / total))
        for label, count, href in counted
    ]


def _said(sentence: str, bars: list[Bar]) -> str:
    if not bars:
        return sentence
    most = max(bars, key=lambda bar: bar.count)
    return sentence % {
        "count": f"{sum(bar.count for bar in bars):,}",
        "most": f"{most.count:,}",
        "label": most.label,
        "percent": most.percent,
    }


def _in_period(scope: Scope, **filters: str) -> str:
    return _returns(scope, **{"from": str(scope.first), "until": str(scope.last)}, **filters)


def _returns(scope: Scope, **filters: str) -> str:
    shop = {"order__shop__id__exact": str(scope.shop.pk)} if scope.shop else {}
    return f"{reverse('admin:returns_return_changelist')}?{urlencode({**filters, **shop})}"


def _refunds(scope: Scope, **filters: str) -> str:
    shop = {"of__order__shop__id__exact": str(scope.shop.pk)} if scope.shop else {}
    return f"{reverse('admin:returns_refund_changelist')}?{urlencode({**filters, **shop})}"


def _rows(scope: Scope, shown: Overview) -> Iterator[list[str | int]]:
    yield [gettext("Part"), gettext("What"), gettext("Value"), gettext("Note")]
    yield [gettext("Period"), gettext("from"), str(scope.first), ""]
    yield [gettext("Period"), gettext("until"), str(scope.last), ""]
    yield [gettext("Shop"), "", str(scope.shop or gettext("all shops")), ""]
    for figure in shown.figures:
        yield [gettext("Figures"), figure.label, figure.value, figure.note]
    for chart in shown.charts:
        for bar in chart.bars:
            yield [chart.title, bar.label, bar.count, f"{bar.percent} %"]
