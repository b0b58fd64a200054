"""Names the app for Django, declares its events and its daily job."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "aftersales.files"
    label = "files"
    verbose_name = _("Files")

    def ready(self) -> None:
        from aftersales.files import events, invariants, jobs, personal  # noqa: F401  register themselves
