"""Names the app for Django."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "aftersales.search"
    default_auto_field = "django.db.models.BigAutoField"
