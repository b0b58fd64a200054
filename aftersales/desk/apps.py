"""Names the app for Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "aftersales.desk"
    default_auto_field = "django.db.models.BigAutoField"
