from django.db import migrations

from aftersales.kernel.replanning import seldom


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0003_sealed_links'),
    ]

    operations = [
        seldom('notices_notice'),
    ]
