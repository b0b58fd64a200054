"""Every address of the desk, grouped by face; each app keeps its own under its prefix."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

handler400 = "aftersales.kernel.badrequest.bad_request"

urlpatterns: list[URLPattern | URLResolver] = [
    # Machines: probes and figures
    path("", include("aftersales.health.urls")),
    # Carriers and other services that call us, at times hundreds of times a second, so before the long lists
    path("hooks/", include("aftersales.hooks.urls")),
    # Customers: prove an order, ask, follow
    path("", include("aftersales.portal.urls")),
    # Words: the language switch posts here
    path("i18n/", include("django.conf.urls.i18n")),
    # Staff sign-in, second factor
    path("account/", include("aftersales.accounts.urls")),
    # Photos people sent, by signed links
    path("files/", include("aftersales.files.urls")),
    # Staff
    path("desk/", include("aftersales.desk.urls")),
    # The demo's mailbox
    path("", include("aftersales.notices.urls")),
    # Programs
    path("api/v1/", include("aftersales.api.urls")),
    # Office
    path("office/", admin.site.urls),
]
