"""Names the app for Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "aftersales.files"
    default_auto_field = "django.db.models.BigAutoField"
