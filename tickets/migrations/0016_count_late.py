from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from aftersales.kernel.worktime import BusinessHours
from aftersales.kernel.worktime_form import hours_as_written
from tickets import sla


def count_those_that_stand(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """What `clockwork` writes from now on whenever a clock is paused. One that has gone on meanwhile is left alone."""
    rows = apps.get_model("tickets", "Clock").objects.filter(state="paused", late_at=None)
    clocks = rows.select_related("calendar_version")
    read: dict[int, BusinessHours] = {}

    def hours_of(version: Any) -> BusinessHours:
        if version.pk not in read:
            read[version.pk] = hours_as_written(version.hours)
        return read[version.pk]

    for clock in clocks.prefetch_related("segments__calendar_version").iterator(chunk_size=500):
        told = [
            sla.Segment(row.kind, row.at, hours=hours_of(row.calendar_version) if row.calendar_version else None)
            for row in sorted(clock.segments.all(), key=lambda row: row.pk)
        ]
        late_at = sla.reached_at(told, hours_of(clock.calendar_version), clock.target_s)
        if late_at is not None:
            rows.filter(pk=clock.pk).update(late_at=late_at)


class Migration(migrations.Migration):
    atomic = False  # a shop has many; nothing is held meanwhile, and it may be begun again

    dependencies = [
        ("tickets", "0015_blocks"),
    ]

    operations = [migrations.RunPython(count_those_that_stand, migrations.RunPython.noop)]
