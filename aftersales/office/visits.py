"""The report on visits: who was reached, how content they are, what they suggest, who did how much; and the same as CSV."""

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
from django.utils.translation import gettext as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.admin import actor_of
from aftersales.kernel.policy import may
from aftersales.kernel.reader import of_two
from aftersales.office import sheets
from aftersales.office import visit_figures as figures
from aftersales.office.dashboard import Bar, Chart, Figure
from aftersales.office.scope import Scope, ScopeForm, read_scope
from tickets.models import Visit

Counted = list[tuple[str, int, str]]  # words, how many, the list behind


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page shows."""

    figures: list[Figure]
    charts: list[Chart]
    suggestions: list[Visit]


def report(request: HttpRequest) -> TemplateResponse:
    """The page. Leads, managers and auditors."""
    scope, form, shown = _look(request, clock.now())
    context = {**admin.site.each_context(request), "title": _("Visits"), "report": shown, "scope": scope, "form": form}
    return TemplateResponse(request, "office/visits.html", context)


def report_csv(request: HttpRequest) -> HttpResponse:
    """Exactly what the page shows for the same address."""
    scope, _form, shown = _look(request, clock.now())
    return sheets.csv_answer(f"visits-{scope.first}-{scope.last}.csv", _rows(scope, shown))


def _look(request: HttpRequest, now: dt.datetime) -> tuple[Scope, ScopeForm, Report]:
    actor = actor_of(request)
    if not may(actor, "report.view"):
        raise PermissionDenied
    scope, form = read_scope(request.GET, clock.shop_date(now))
    told = Report(list(_figures(scope, actor, now)), _charts(scope, actor), figures.suggestions(scope, actor))
    return scope, form, told


def _figures(scope: Scope, actor: Actor, now: dt.datetime) -> Iterator[Figure]:
    counted = figures.totals(scope, actor, now)
    yield Figure(_("Visits done"), f"{counted.done:,}", _list(scope))
    rate = f"{counted.rate} %" if counted.rate is not None else "–"
    missed = _("%(count)s not reached") % {"count": counted.done - counted.reached}
    yield Figure(_("Reached"), rate, _list(scope, reached="no"), missed)
    mean = f"{counted.satisfaction:.1f}" if counted.satisfaction is not None else "–"
    yield Figure(_("Satisfaction"), mean, _list(scope, reached="yes"), _("of 5"))
    yield Figure(_("Answered by customers"), f"{counted.by_customer:,}", _list(scope, by_customer__exact="1"))
    yield Figure(_("Tickets for help"), f"{counted.helped:,}", _list(scope, outcome__exact="help"))
    yield Figure(_("Suggestions"), f"{counted.suggestions:,}", _list(scope, suggested="yes"))
    yield Figure(
        _("Visits overdue"), f"{counted.late:,}", reverse("desk:visits") + "?whose=all", _("should be none"),
        "danger" if counted.late else "",
    )  # fmt: skip
    visited, again, others, others_again = figures.bought_again(scope, actor)
    yield Figure(
        _("Bought again after a visit"), _percent(again, visited), reverse("admin:customers_order_changelist"),
        _("%(share)s without one") % {"share": _percent(others_again, others)},
    )  # fmt: skip


def _charts(scope: Scope, actor: Actor) -> list[Chart]:
    outcomes, channels = dict(Visit.Outcome.choices), dict(Visit.Channel.choices)
    by_outcome: Counted = [
        (str(outcomes[key]), n, _list(scope, outcome__exact=key)) for key, n in figures.by_outcome(scope, actor)
    ]
    by_channel: Counted = [
        (f"{channels[key]} · {_reached(reached, n)}", n, _list(scope, channel__exact=key))
        for key, n, reached in figures.by_channel(scope, actor)
    ]
    by_category: Counted = [
        (
            f"{of_two(zh, en)} · {mean:.1f}",
            n,
            _by_category(scope, key),
        )
        for key, zh, en, n, mean in figures.by_category(scope, actor)
    ]
    by_person: Counted = [
        (f"{name} · {_reached(reached, n)}", n, _list(scope, by=str(key)))
        for key, name, n, reached in figures.by_person(scope, actor)
    ]
    return [
        _chart("outcomes", _("What came of the visits"), by_outcome),
        _chart("channels", _("Visits by channel, with how many were reached"), by_channel),
        _chart("categories", _("Answers by category, with the mean satisfaction, least content first"), by_category),
        _chart("people", _("Visits by colleague, with how many were reached"), by_person),
    ]


def _by_category(scope: Scope, key: int) -> str:
    """Those that were rated, about an order with something of the category."""
    return _list(scope, order__lines__sku__product__category=str(key), satisfaction__isnull="False")


def _reached(reached: int, of: int) -> str:
    return _("%(share)s reached") % {"share": _percent(reached, of)}


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else "–"


def _chart(key: str, title: str, counted: Counted) -> Chart:
    total, longest = sum(n for _words, n, _href in counted), max((n for _words, n, _href in counted), default=0)
    if not total:
        return Chart(key, title, _("No visit in this period."), [])
    bars = [Bar(words, n, href, round(100 * n / longest, 2), round(100 * n / total)) for words, n, href in counted]
    most = max(bars, key=lambda bar: bar.count)
    sentence = _("Most: “%(label)s”, %(most)s of %(count)s (%(percent)s%%).")
    said = sentence % {"label": most.label, "most": most.count, "count": total, "percent": most.percent}
    return Chart(key, title, said, bars)


def _list(scope: Scope, **filters: str) -> str:
    """The list of visits done in this period and shop, narrowed as said."""
    shop = {"order__shop__exact": str(scope.shop.pk)} if scope.shop else {}
    period = {"ended_at__gte": scope.begins.isoformat(), "ended_at__lt": scope.ends.isoformat()}
    query = {"state__exact": Visit.State.DONE.value, **period, **filters, **shop}
    return f"{reverse('admin:tickets_visit_changelist')}?{urlencode(query)}"


def _rows(scope: Scope, shown: Report) -> Iterator[list[str | int]]:
    yield [_("Part"), _("What"), _("Value"), _("Note")]
    yield [_("Period"), _("from"), str(scope.first), ""]
    yield [_("Period"), _("until"), str(scope.last), ""]
    yield [_("Shop"), "", str(scope.shop or _("all shops")), ""]
    for figure in shown.figures:
        yield [_("Figures"), figure.label, figure.value, figure.note]
    for chart in shown.charts:
        for bar in chart.bars:
            yield [chart.title, bar.label, bar.count, f"{bar.percent} %"]
    for visit in shown.suggestions:
        yield [_("Suggestions"), str(visit.plan), visit.suggestion, visit.ref]
