"""The tables a first shop starts with; stands for all migrations before it, whose databases go on from here."""

from aftersales.kernel.first_tables import FirstTables
from django.db import migrations, models


class Migration(FirstTables):

    initial = True

    replaces = [
        ('files', '0001_initial'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=12, unique=True, verbose_name='reference')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('stored_name', models.CharField(max_length=80, unique=True)),
                ('content_type', models.CharField(max_length=20)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('width', models.PositiveIntegerField(verbose_name='width')),
                ('height', models.PositiveIntegerField(verbose_name='height')),
                ('by_kind', models.CharField(max_length=12)),
                ('by_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField(verbose_name='at')),
                ('hidden_at', models.DateTimeField(blank=True, null=True, verbose_name='hidden at')),
            ],
            options={
                'verbose_name': 'photo',
                'verbose_name_plural': 'photos',
                'ordering': ('id',),
                'indexes': [models.Index(fields=['subject_type', 'subject_id', 'id'], name='attachment_of_subject')],
            },
        ),
    ]
