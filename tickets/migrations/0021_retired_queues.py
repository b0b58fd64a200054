from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0020_seldom_analysed'),
    ]

    operations = [
        migrations.AddField(
            model_name='queue',
            name='retired_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='retired at'),
        ),
    ]
