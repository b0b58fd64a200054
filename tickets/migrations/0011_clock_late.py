from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0010_printed_letters"),
    ]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="late_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="late since, before it was paused"),
        ),
    ]
