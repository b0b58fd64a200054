"""The office's own admin site: who may enter, which addresses it has, and the dashboard as its first page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from aftersales.kernel.admin import OfficePage, actor_of
from aftersales.kernel.clock import shop_zone
from aftersales.kernel.policy import may


class OfficeSite(AdminSite):
    """Signing in, signing out and passwords are `accounts`' business, with its limits and second factor; not the admin's."""

    site_header = _("Office")
    site_title = _("Office")
    index_title = _("Overview")
    enable_nav_sidebar = False  # ours is in templates/admin/base_site.html
    final_catch_all_view = False
    site_url = "/desk/"

    def has_permission(self, request: HttpRequest) -> bool:
        return may(actor_of(request), "office.enter")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """To the one sign-in page; whoever is signed in already and may not enter is told so instead of asked again."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Who may enter, enters; whoever is signed in otherwise gets 403; everybody else goes to the sign-in and back.

        Django's own version knows two of these three, and asks for the address of a sign-out that is not the admin's here.
        """

        @csrf_protect
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not self.has_permission(request):
                if request.user.is_authenticated:
                    raise PermissionDenied
                return redirect_to_login(request.get_full_path())
            with timezone.override(shop_zone()):  # the admin's own fields say instants in the active zone
                answer = view(request, *args, **kwargs)
                if isinstance(answer, TemplateResponse) and not answer.is_rendered:
                    answer.render()
            return answer

        return update_wrapper(inner if cacheable else never_cache(inner), view)

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Only pages that ask our policy table. What other packages register by themselves asks Django's permissions,
        which nobody here has, and would only be addresses that lead nowhere."""
        if admin_class is not None and issubclass(admin_class, OfficePage):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from aftersales.office import (  # they read models, which are not loaded when the site is made
            absences,
            backtests,
            complaints,
            dashboard,
            imports,
            rulebook,
            ruledeeds,
            ruleversions,
            visits,
        )
        from aftersales.office.noticewords.addresses import addresses as noticewords
        from aftersales.office.operations.addresses import addresses as operations
        from aftersales.office.ruleeditor.addresses import addresses
        from aftersales.office.servicelevels.addresses import addresses as servicelevels
        from aftersales.office.worktime.addresses import addresses as worktime

        theirs = [each for each in super().get_urls() if getattr(each, "name", None) not in _NOT_OURS]
        ours: list[URLPattern | URLResolver] = [
            path("figures.csv", self.admin_view(dashboard.figures_csv), name="figures_csv"),
            path("complaints/", self.admin_view(complaints.report), name="complaint_report"),
            path("complaints/complaints.csv", self.admin_view(complaints.report_csv), name="complaint_report_csv"),
            path("visits/", self.admin_view(visits.report), name="visit_report"),
            path("visits/visits.csv", self.admin_view(visits.report_csv), name="visit_report_csv"),
            path("absences/", self.admin_view(absences.absences), name="absences"),
            path("imports/new/", self.admin_view(imports.start), name="import_start"),
            path("imports/run/", self.admin_view(imports.run), name="import_run"),
            path("backtests/", self.admin_view(backtests.backtests), name="backtests"),
            path("backtests/<int:pk>/", self.admin_view(backtests.backtest), name="backtest"),
            path(
                "backtests/<int:pk>/cancellation/",
                self.admin_view(backtests.cancellation),
                name="backtest_cancellation",
            ),
            *noticewords(self.admin_view),
            *operations(self.admin_view),
            *servicelevels(self.admin_view),
            *worktime(self.admin_view),
            path("rules/", self.admin_view(rulebook.packs), name="rulebook"),
            *addresses(self.admin_view),
            path("rules/versions/<int:pk>/", self.admin_view(ruleversions.version), name="rule_version"),
            path("rules/versions/<int:pk>/<slug:deed>/", self.admin_view(ruledeeds.do), name="rule_deed"),
            path("rules/compare/<int:one>/<int:other>/", self.admin_view(ruleversions.compare), name="rule_compare"),
            path("rules/<slug:name>/versions/", self.admin_view(ruleversions.versions), name="rule_versions"),
            path("rules/<slug:name>/versions/new/", self.admin_view(ruledeeds.start), name="rule_start"),
            path("rules/<slug:name>/", self.admin_view(rulebook.pack), name="rulebook_pack"),
            path("rules/<slug:name>/sources/", self.admin_view(rulebook.sources), name="rulebook_sources"),
            path("rules/<slug:name>/<slug:table>/", self.admin_view(rulebook.table), name="rulebook_table"),
        ]
        return [*ours, *theirs]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """That of one app, for its page. The whole list is asked for every page and shown nowhere: `navigation` has its own."""
        return super().get_app_list(request, app_label) if app_label else []

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from aftersales.office import dashboard

        return dashboard.overview(request)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """As Django's, which fails on an address without its three names instead of saying that there is nothing."""
        if not {"app_label", "model_name", "field_name"} <= set(request.GET):
            raise Http404
        return super().autocomplete_view(request)

    def get_log_entries(self, request: HttpRequest) -> Any:
        """The pages show events instead; this spares a query."""
        return super().get_log_entries(request).none()


# Signing out and passwords go through `accounts`; "view on site" would name addresses the policy table does not know.
_NOT_OURS = frozenset({"logout", "password_change", "password_change_done", "view_on_site"})
