from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_gifts'),
    ]

    operations = [
        migrations.CreateModel(
            name='TrackingService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20, unique=True, verbose_name='source')),
                ('day', models.DateField(verbose_name='day')),
                ('asked', models.PositiveIntegerField(default=0, verbose_name='asked on that day')),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='last chosen at')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='last answer at')),
                ('failed_at', models.DateTimeField(blank=True, null=True, verbose_name='last failure at')),
                ('last_error', models.CharField(blank=True, max_length=300, verbose_name='last error')),
            ],
            options={
                'verbose_name': 'tracking service',
                'verbose_name_plural': 'tracking services',
            },
        ),
        migrations.AddField(
            model_name='shipment',
            name='asked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='carrier asked at'),
        ),
        migrations.AddIndex(
            model_name='shipment',
            index=models.Index(condition=models.Q(models.Q(('number', ''), _negated=True), models.Q(('status__in', ('signed', 'signed_by_other', 'returned')), _negated=True)), fields=['asked_at'], name='shipment_to_ask'),
        ),
    ]
