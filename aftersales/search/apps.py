"""Names the app for Django, keeps its triggers, and takes its turn in the sweep."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "aftersales.search"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Search")

    def ready(self) -> None:
        from aftersales.ledger import sweep
        from aftersales.search import jobs, personal, watch  # noqa: F401  the nightly comparison, what is held of people
        from aftersales.search.index import catch_up

        post_migrate.connect(watch.make_triggers, sender=self)
        sweep.takes_turns(catch_up)
