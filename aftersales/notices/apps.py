"""Names the app for Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "aftersales.notices"
    default_auto_field = "django.db.models.BigAutoField"
