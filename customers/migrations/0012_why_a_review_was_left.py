from django.db import migrations, models

_WRITTEN = ('older than 30 days when it came in', '收到时已超过 30 天')


def to_code(apps, schema_editor):
    """The sentence was kept in the language of whoever imported; from now on it is said in the reader's."""
    reviews = apps.get_model('customers', 'Review').objects.using(schema_editor.connection.alias)
    left = reviews.filter(state='passed', passed_why__in=_WRITTEN)
    left.update(passed_code='old', passed_params={'days': 30}, passed_why='')


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0011_copies_and_erasures'),
    ]

    operations = [
        migrations.AddField(
            model_name='review',
            name='passed_code',
            field=models.CharField(blank=True, choices=[('old', 'older than %(days)s days when it came in')], max_length=10),
        ),
        migrations.AddField(
            model_name='review',
            name='passed_params',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.RunPython(to_code, migrations.RunPython.noop),
    ]
