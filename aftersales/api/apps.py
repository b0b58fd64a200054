"""Names the app for Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "aftersales.api"
    default_auto_field = "django.db.models.BigAutoField"
