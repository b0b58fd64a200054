"""The report on service levels: what was promised in a period and kept, by metric, team and agent; each number leads to its
tickets, and the same is there as CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aftersales.accounts.models import Team, User
from aftersales.kernel import clock, datewords
from aftersales.kernel.actor import Actor
from aftersales.kernel.admin import actor_of
from aftersales.kernel.policy import may
from aftersales.office import sheets
from aftersales.office.dashboard import Figure
from aftersales.office.scope import Scope, ScopeForm, read_scope
from aftersales.office.servicelevels import figures
from aftersales.office.servicelevels.figures import KEPT, MISSED, OPEN, Kept, Line, Report
from aftersales.office.servicelevels.pages import framed
from tickets.models import Clock
from tickets.models.sla_settings import FIRST

A_PAGE = 50
NOBODY = "none"  # in an address: of no team, with no agent
OUTCOMES = {
    KEPT: pgettext_lazy("promises", "kept"),
    MISSED: pgettext_lazy("promises", "missed"),
    OPEN: pgettext_lazy("promises", "not decided yet"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Of one metric, by its name: `share` in words, how many of how many were missed, and the lists behind both."""

    metric: str
    share: str
    decided: int
    missed: int
    href: str
    missed_href: str


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: list[Cell]
    first: str


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the page shows."""

    figures: list[Figure]
    tables: list[Table]


def report(request: HttpRequest) -> HttpResponse:
    """The page. Leads, managers and auditors."""
    scope, form, shown = _look(request, clock.now())
    metrics = [label for _name, label in Clock.Metric.choices]
    return framed(
        request, "report.html", _("Report on service levels"), shown=shown, scope=scope, form=form, metrics=metrics
    )


def report_csv(request: HttpRequest) -> HttpResponse:
    """Exactly what the page shows for the same address."""
    scope, _form, shown = _look(request, clock.now())
    return sheets.csv_answer(f"service-levels-{scope.first}-{scope.last}.csv", _rows(scope, shown))


def clocks(request: HttpRequest) -> HttpResponse:
    """The tickets behind one number: a row for each clock, the latest first."""
    now, actor = clock.now(), _reader(request)
    scope, _form = read_scope(request.GET, clock.shop_date(now))
    asked = {name: request.GET.get(name, "") for name in ("metric", "outcome", "team", "agent")}
    whole = Report(scope, actor, now)
    rows = whole.rows
    if asked["outcome"]:
        if asked["outcome"] not in (*OUTCOMES, "decided"):
            raise Http404
        rows = whole.of(KEPT) | whole.of(MISSED) if asked["outcome"] == "decided" else whole.of(asked["outcome"])
    if asked["metric"]:
        rows = rows.filter(metric=asked["metric"])
    for name, column in (("team", "ticket__team"), ("agent", "ticket__assignee")):
        if asked[name] == NOBODY:
            rows = rows.filter(**{f"{column}__isnull": True})
        elif asked[name]:
            if not asked[name].isdecimal() or len(asked[name]) > 9:
                raise Http404
            rows = rows.filter(**{column: int(asked[name])})
    seen = rows.select_related("ticket__team", "ticket__assignee").told().order_by("-started_at", "-pk")  # type: ignore[attr-defined]
    page = Paginator(seen, A_PAGE).get_page(request.GET.get("page"))
    listed = [(each, each.breached_at(now), _used(each, now)) for each in page]
    query = request.GET.copy()
    query.pop("page", None)
    return framed(
        request, "clocks.html", _told(asked), page=page, listed=listed, scope=scope, query=query.urlencode(),
        back=f"{reverse('admin:service_report')}?{scope.query()}",
    )  # fmt: skip


def _used(each: Clock, now: dt.datetime) -> str:
    return datewords.span(each.elapsed(now), in_days=each.hours().never_close, least=0)


def _told(asked: dict[str, str]) -> str:
    """What the list is of, in words."""
    words = [
        str(dict(Clock.Metric.choices).get(asked["metric"], "")),
        str(OUTCOMES.get(asked["outcome"], "")),
        *(str(each) for each in Team.objects.filter(pk=asked["team"] if asked["team"].isdecimal() else 0)),
        *(str(each) for each in User.objects.filter(pk=asked["agent"] if asked["agent"].isdecimal() else 0)),
    ]
    return capfirst(" · ".join(word for word in words if word)) or _("All clocks of this period")


def _reader(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not may(actor, "report.view"):
        raise PermissionDenied
    return actor


def _look(request: HttpRequest, now: dt.datetime) -> tuple[Scope, ScopeForm, Shown]:
    actor = _reader(request)
    scope, form = read_scope(request.GET, clock.shop_date(now))
    told = Report(scope, actor, now)
    responses = list(figures.first_responses(told))
    whole = figures.with_medians(told.lines(), responses, lambda _each: None).get(None, Line())
    teams = figures.with_medians(told.lines("ticket__team"), responses, lambda each: each[0])
    agents = figures.with_medians(told.lines("ticket__assignee"), responses, lambda each: each[1])
    names = {each.pk: str(each) for each in Team.objects.filter(pk__in=[pk for pk in teams if pk])}
    people = {each.pk: str(each) for each in User.objects.filter(pk__in=[pk for pk in agents if pk])}
    tables = [
        Table("teams", _("By team"), _table(scope, "team", teams, names, _("no team"))),
        Table("agents", _("By whose ticket it is"), _table(scope, "agent", agents, people, _("nobody’s"))),
    ]
    return scope, form, Shown(list(_figures(scope, whole)), tables)


def _figures(scope: Scope, whole: Line) -> Iterator[Figure]:
    for metric, label in Clock.Metric.choices:
        kept = whole.by.get(metric, Kept())
        note = _("%(missed)s of %(decided)s missed, %(open)s not decided yet") % {
            "missed": f"{kept.missed:,}", "decided": f"{kept.decided:,}", "open": f"{kept.open:,}",
        }  # fmt: skip
        href = _list(scope, metric=metric, outcome=MISSED)
        yield Figure(str(label).capitalize(), _share(kept), href, note, "danger" if kept.missed else "")
    median = datewords.span(whole.first, in_days=False, least=0) if whole.first is not None else "–"
    href = _list(scope, metric=FIRST, outcome="decided")
    yield Figure(_("Median first response"), median, href, _("of opening hours"))


def _share(kept: Kept) -> str:
    return f"{kept.percent} %" if kept.percent is not None else "–"


def _table(scope: Scope, name: str, lines: dict[int | None, Line], names: dict[int, str], nobody: str) -> list[Row]:
    """A line each, by name, what is nobody's at the end."""
    rows = []
    for pk in sorted(lines, key=lambda pk: (pk is None, names.get(pk or 0, ""), pk or 0)):
        who = {name: str(pk) if pk is not None else NOBODY}
        cells = []
        for metric, word in Clock.Metric.choices:
            kept = lines[pk].by.get(metric, Kept())
            href, missed = (_list(scope, metric=metric, outcome=each, **who) for each in ("decided", MISSED))
            cells.append(Cell(str(word), _share(kept), kept.decided, kept.missed, href, missed))
        first = lines[pk].first
        label = names.get(pk, "–") if pk is not None else nobody
        rows.append(Row(label, cells, datewords.span(first, in_days=False, least=0) if first is not None else "–"))
    return rows


def _list(scope: Scope, **narrowed: str) -> str:
    """The list of this period and shop, narrowed as said."""
    return f"{reverse('admin:service_report_clocks')}?{scope.query()}&{urlencode(narrowed)}"


def _rows(scope: Scope, shown: Shown) -> Iterator[list[str | int]]:
    yield [_("Part"), _("What"), _("Metric"), _("Value"), _("Note")]
    yield [_("Period"), _("from"), "", str(scope.first), ""]
    yield [_("Period"), _("until"), "", str(scope.last), ""]
    yield [_("Shop"), "", "", str(scope.shop or _("all shops")), ""]
    for figure in shown.figures:
        yield [_("Figures"), figure.label, "", figure.value, figure.note]
    missed = gettext_lazy("%(missed)s of %(decided)s missed")
    for table in shown.tables:
        for row in table.rows:
            for cell in row.cells:
                note = str(missed) % {"missed": cell.missed, "decided": cell.decided}
                yield [table.title, row.label, cell.metric, cell.share, note]
            yield [table.title, row.label, _("Median first response"), row.first, ""]
