from django.db import migrations

from aftersales.notices.migrations import _sealed_links


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0002_why_not_sent'),
    ]

    operations = [
        migrations.RunPython(_sealed_links.take_out, migrations.RunPython.noop),
    ]
