"""The office, and the Django admin with the office as its site: model pages register as usual and stand in our frame."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    name = "aftersales.office"
    label = "office"
    verbose_name = _("Office")
    default = True


class OfficeAdminConfig(AdminConfig):
    """The admin whose default site is ours, so that no app has to import a face to register its pages."""

    default_site = "aftersales.office.site.OfficeSite"
    default = False
