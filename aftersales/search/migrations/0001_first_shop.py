"""The tables a first shop starts with; stands for all migrations before it, whose databases go on from here."""

import aftersales.search.fields
from aftersales.kernel.first_tables import FirstTables
from django.db import migrations, models

from aftersales.search.migrations import _index


class Migration(FirstTables):

    initial = True

    replaces = [
        ('search', '0001_index'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Rebuild',
            fields=[
                ('kind', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('last_key', models.BigIntegerField(default=0)),
                ('anew', models.BooleanField(default=False)),
                ('since', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'rebuild of the search index',
                'verbose_name_plural': 'rebuilds of the search index',
            },
        ),
        migrations.CreateModel(
            name='Touched',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('key', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'thing to index',
                'verbose_name_plural': 'things to index',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('key', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('team', models.BigIntegerField(null=True)),
                ('tokens', aftersales.search.fields.TokensField()),
                ('body', models.TextField()),
            ],
            options={
                'verbose_name': 'search entry',
                'verbose_name_plural': 'search entries',
                'indexes': [models.Index(fields=['kind', '-at', '-id'], name='entry_newest')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='one_entry_per_thing')],
            },
        ),
        migrations.RunPython(_index.make, _index.unmake),
    ]
