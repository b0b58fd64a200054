"""The addresses of the policies of service levels and of their report. Called by the office's site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from aftersales.office.servicelevels import arranging, moves, pages, report


def addresses(entered: Callable[[Any], Any]) -> list[URLPattern]:
    """`entered` lets those in who may enter the office."""
    return [
        path("service-report/", entered(report.report), name="service_report"),
        path("service-report/service-levels.csv", entered(report.report_csv), name="service_report_csv"),
        path("service-report/clocks/", entered(report.clocks), name="service_report_clocks"),
        path("service-levels/", entered(arranging.policies), name="policies"),
        path("service-levels/<slug:key>/", entered(pages.policy), name="policy"),
        path("service-levels/<slug:key>/use/", entered(arranging.use), name="policy_use"),
        path("service-levels/<slug:key>/place/", entered(arranging.place), name="policy_place"),
        path("service-levels/<slug:key>/move/", entered(moves.move), name="policy_move"),
        path(
            "service-levels/<slug:key>/move/<int:pk>/cancellation/",
            entered(moves.cancellation),
            name="policy_move_cancellation",
        ),
    ]
