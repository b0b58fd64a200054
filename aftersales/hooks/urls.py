"""Addresses that other programs call, below `/hooks/`."""

from django.urls import path

from aftersales.hooks import chat, sms, tracking

app_name = "hooks"
urlpatterns = [
    # Chat tools
    path("chat/<slug:key>/", chat.chat, name="chat"),
    # Carriers of SMS
    path("sms/<slug:carrier>/<str:secret>/", sms.reply, name="sms"),
    # Carriers
    path("tracking/generic/", tracking.generic, name="tracking-generic"),
    path("tracking/kuaidi100/", tracking.kuaidi100, name="tracking-kuaidi100"),
    path("tracking/kdniao/", tracking.kdniao, name="tracking-kdniao"),
]
