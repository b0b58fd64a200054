from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0016_count_late'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='phrase',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.AddField(
            model_name='draft',
            name='steps',
            field=models.JSONField(blank=True, default=list),
        ),
    ]
