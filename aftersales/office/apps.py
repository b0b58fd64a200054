"""Names the app for Django."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "aftersales.office"
    default_auto_field = "django.db.models.BigAutoField"
