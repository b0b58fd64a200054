"""Names the app for Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "aftersales.portal"
    default_auto_field = "django.db.models.BigAutoField"
