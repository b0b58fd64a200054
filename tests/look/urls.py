"""The product's addresses and one more: a page that holds the parts with behaviours, so that Chromium can touch them."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from aftersales.urls import urlpatterns as of_the_product

GALLERY = Path(__file__).with_name("gallery.html")


def gallery(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string(GALLERY.read_text(encoding="utf-8"))
    steps = [
        {"label": "Items", "state": "done", "href": "#"},
        {"label": "Why", "state": "current"},
        {"label": "Check", "state": "ahead"},
    ]
    cards = [
        {"value": "a", "title": "Faulty", "icon": "broken", "example": "Does not work"},
        {"value": "b", "title": "Other"},
    ]
    return HttpResponse(template.render({"steps": steps, "cards": cards, "posted": request.POST}, request))


urlpatterns = [*of_the_product, path("gallery/", gallery)]
