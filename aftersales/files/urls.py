"""Stored photos, each under its reference, signature and size."""

from django.urls import re_path

from aftersales.files.views import open_file

app_name = "files"
urlpatterns = [
    re_path(
        r"^(?P<ref>A-[0-9A-Z]{9})/(?P<token>[0-9a-f]{1,12}-[\w-]{43})/(?P<size>full|thumb)/$", open_file, name="open"
    ),
]
