"""The queues a shop starts with. They may be renamed, not removed: actions put tickets into them by key."""

from django.db import migrations

QUEUES = (("returns", "退换货", "Returns"), ("questions", "咨询", "Questions"))


def make_queues(apps, schema_editor):
    queue = apps.get_model("tickets", "Queue")
    for position, (key, zh, en) in enumerate(QUEUES):
        queue.objects.get_or_create(key=key, defaults={"name_zh": zh, "name_en": en, "position": position})


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [migrations.RunPython(make_queues, migrations.RunPython.noop)]
