"""Gets the database ready before the first visitor: tables, and in the demo three people and a sample shop."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from aftersales.accounts.actions.demo_staff import make_demo_staff
from customers.models import Order

Tell = Callable[[str], None]


def prepare(tell: Tell) -> None:
    """Make what is missing. Safe to repeat: a second start finds everything in place and changes nothing."""
    _migrate(tell)
    if settings.DEMO:
        make_demo_staff()
        _fill(tell)
    connection.close()


def _migrate(tell: Tell) -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        tell(f"Preparing the database: {len(plan)} migrations.")
        call_command("migrate", verbosity=0, interactive=False)


def _fill(tell: Tell) -> None:
    """A shop to look at. An own shop, even with one order, is left alone."""
    if Order.objects.exists() or "load_sample" not in get_commands():
        return
    tell("Making a sample shop.")
    with translation.override(settings.LANGUAGE_CODE):
        call_command("load_sample")
