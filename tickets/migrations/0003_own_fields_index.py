from django.db import migrations

from tickets.migrations import _own_fields


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0002_late_parcels'),
    ]

    operations = [
        migrations.RunPython(_own_fields.make, _own_fields.unmake),
    ]
