"""The report on complaints: figures and charts of a period, each a link to the very list behind it, and the same as CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
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
from aftersales.kernel.couriers import courier_name
from aftersales.kernel.policy import may
from aftersales.office import complaint_figures as figures
from aftersales.office import sheets
from aftersales.office.dashboard import Bar, Chart, Figure, Overview
from aftersales.office.scope import Scope, ScopeForm, read_scope
from tickets.models import ComplaintClass


def report(request: HttpRequest) -> TemplateResponse:
    """The page. Leads, managers and auditors."""
    scope, form, shown = _look(request, clock.now())
    context = {
        **admin.site.each_context(request),
        "title": _("Complaints"),
        "overview": shown,
        "scope": scope,
        "form": form,
    }
    return TemplateResponse(request, "office/complaints.html", context)


def report_csv(request: HttpRequest) -> HttpResponse:
    """Exactly what the page shows for the same address."""
    scope, _form, shown = _look(request, clock.now())
    return sheets.csv_answer(f"complaints-{scope.first}-{scope.last}.csv", _rows(scope, shown))


def _look(request: HttpRequest, now: dt.datetime) -> tuple[Scope, ScopeForm, Overview]:
    actor = actor_of(request)
    if not may(actor, "report.view"):
        raise PermissionDenied
    scope, form = read_scope(request.GET, clock.shop_date(now))
    return scope, form, Overview(figures=list(_figures(scope, actor, now)), charts=_charts(scope, actor))


def _figures(scope: Scope, actor: Actor, now: dt.datetime) -> Iterator[Figure]:
    counted = figures.totals(scope, actor, now)
    here = _list(scope)
    yield Figure(_("Complaints"), f"{counted.complaints:,}", here)
    rate = f"{counted.rate:.1f}" if counted.rate is not None else "–"
    yield Figure(
        _("For every 1,000 orders"),
        rate,
        here,
        _("%(orders)s orders in the period") % {"orders": f"{counted.orders:,}"},
    )
    share = round(100 * counted.in_time / counted.answered) if counted.answered else None
    yield Figure(
        _("Answered on their day"),
        f"{share} %" if share is not None else "–",
        _list(scope, answer="late"),
        _("%(late)s too late") % {"late": counted.answered - counted.in_time},
        "danger" if counted.in_time < counted.answered else "",
    )
    before, after = (f"{mean:.1f}" if mean is not None else "–" for mean in (counted.before, counted.after))
    yield Figure(_("Satisfaction before"), before, _list(scope, rated="before"), _("of 5"))
    yield Figure(_("Satisfaction after"), after, _list(scope, rated="after"), _("of 5"))
    waiting, late = figures.improvements(actor, now)
    where = reverse("admin:tickets_improvement_changelist")
    yield Figure(_("Improvements to make"), f"{waiting:,}", f"{where}?state=open")
    yield Figure(
        _("Improvements overdue"), f"{late:,}", f"{where}?state=late", _("should be none"), "danger" if late else ""
    )


def _charts(scope: Scope, actor: Actor) -> list[Chart]:
    groups = dict(ComplaintClass.Group.choices)
    by_group = [
        (str(groups[group]), n, _list(scope, classification__group__exact=group))
        for group, n in figures.by_group(scope, actor)
    ]
    by_kind = [
        (str(kind), n, _list(scope, classification__id__exact=str(kind.pk)))
        for kind, n in figures.by_kind(scope, actor)
    ]
    by_sku = [(words, n, _list(scope, line__sku__exact=str(pk))) for pk, words, n in figures.by_sku(scope, actor)]
    by_carrier = [
        (courier_name(carrier), n, _list(scope, classification__group__exact="logistics", carrier=carrier))
        for carrier, n in figures.by_carrier(scope, actor)
    ]
    return [
        _month_chart(scope, actor),
        _chart("groups", _("Complaints by class"), by_group),
        _chart("kinds", _("Complaints by kind"), by_kind),
        _chart("skus", _("Complaints by article"), by_sku),
        _chart("carriers", _("Complaints about delivery by carrier"), by_carrier),
    ]


def _month_chart(scope: Scope, actor: Actor) -> Chart:
    """How many each month, each bar with its rate for every 1,000 orders."""
    counted = []
    for month, complaints, orders in figures.by_month(scope, actor):
        following = (month + dt.timedelta(days=32)).replace(day=1)
        part = Scope(max(month, scope.first), min(following - dt.timedelta(days=1), scope.last), scope.shop)
        rate = f"{1000 * complaints / orders:.1f} ‰" if orders else "–"
        counted.append((f"{month:%Y-%m} · {rate}", complaints, _list(part)))
    return _chart("months", _("Complaints by month, with the rate for every 1,000 orders"), counted)


def _chart(key: str, title: str, counted: list[tuple[str, int, str]]) -> Chart:
    total, longest = sum(n for _label, n, _href in counted), max((n for _label, n, _href in counted), default=0)
    bars = [
        Bar(label, n, href, round(100 * n / longest, 2) if longest else 0, round(100 * n / total) if total else 0)
        for label, n, href in counted
    ]
    if not total:
        return Chart(key, title, _("No complaint in this period."), bars)
    most = max(bars, key=lambda bar: bar.count)
    sentence = _("Most: “%(label)s”, %(most)s of %(count)s (%(percent)s%%).")
    said = sentence % {"label": most.label, "most": most.count, "count": total, "percent": most.percent}
    return Chart(key, title, said, bars)


def _list(scope: Scope, **filters: str) -> str:
    """The list of complaints of this period and shop, narrowed as said."""
    shop = {"ticket__order__shop__exact": str(scope.shop.pk)} if scope.shop else {}
    period = {"received_at__gte": scope.begins.isoformat(), "received_at__lt": scope.ends.isoformat()}
    return f"{reverse('admin:tickets_complaint_changelist')}?{urlencode({**period, **filters, **shop})}"


def _rows(scope: Scope, shown: Overview) -> Iterator[list[str | int]]:
    yield [_("Part"), _("What"), _("Value"), _("Note")]
    yield [_("Period"), _("from"), str(scope.first), ""]
    yield [_("Period"), _("until"), str(scope.last), ""]
    yield [_("Shop"), "", str(scope.shop or _("all shops")), ""]
    for figure in shown.figures:
        yield [_("Figures"), figure.label, figure.value, figure.note]
    for chart in shown.charts:
        for bar in chart.bars:
            yield [chart.title, bar.label, bar.count, f"{bar.percent} %"]
