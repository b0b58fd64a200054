from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_selfcheck_next'),
    ]

    operations = [
        migrations.AddField(
            model_name='breaker',
            name='next_send_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='next send not before'),
        ),
        migrations.AddIndex(
            model_name='outbound',
            index=models.Index(condition=models.Q(('lease_until__isnull', False), ('status', 'pending')), fields=['lease_until'], name='outbound_under_way'),
        ),
    ]
