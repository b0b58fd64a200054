"""Names the app for Django, so that `manage.py up` is found."""

from django.apps import AppConfig


class SupervisorConfig(AppConfig):
    name = "aftersales.supervisor"
