"""The tables a first shop starts with; stands for all migrations before it, whose databases go on from here."""

import django.db.models.deletion
from django.conf import settings
from aftersales.kernel.first_tables import FirstTables
from django.db import migrations, models

from aftersales.ledger.migrations import _events_stay


class Migration(FirstTables):

    initial = True

    replaces = [
        ('ledger', '0001_initial'),
        ('ledger', '0002_events_stay'),
        ('ledger', '0003_names_and_stuck'),
        ('ledger', '0004_stops_and_lateness'),
        ('ledger', '0005_selfcheck'),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Breaker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('destination', models.CharField(max_length=60, unique=True, verbose_name='far side')),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='failures in a row')),
                ('open_until', models.DateTimeField(blank=True, null=True, verbose_name='nothing is sent until')),
                ('failed_at', models.DateTimeField(blank=True, null=True, verbose_name='last failure')),
                ('last_error', models.CharField(blank=True, max_length=500, verbose_name='last error')),
            ],
            options={
                'verbose_name': 'circuit breaker',
                'verbose_name_plural': 'circuit breakers',
            },
        ),
        migrations.CreateModel(
            name='SelfCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, unique=True, verbose_name='self-check')),
                ('at', models.DateTimeField(verbose_name='checked at')),
                ('rows', models.PositiveIntegerField(default=0, verbose_name='rows that break it')),
                ('examples', models.JSONField(blank=True, default=list, verbose_name='examples')),
            ],
            options={
                'verbose_name': 'self-check',
                'verbose_name_plural': 'self-checks',
            },
        ),
        migrations.CreateModel(
            name='SweepRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('trigger', models.CharField(max_length=20, unique=True, verbose_name='rung by')),
                ('at', models.DateTimeField(verbose_name='last pass')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='rows done')),
                ('skew_ms', models.IntegerField(default=0, verbose_name='clock ahead by (ms)')),
            ],
            options={
                'verbose_name': 'sweep',
                'verbose_name_plural': 'sweeps',
            },
        ),
        migrations.CreateModel(
            name='DailyRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('status', models.CharField(choices=[('pending', 'pending'), ('done', 'done'), ('cancelled', 'cancelled'), ('failed', 'failed'), ('unknown', 'possibly done'), ('quarantined', 'set aside'), ('expired', 'too late, not done')], default='pending', max_length=12, verbose_name='status')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='tries')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='tries that failed')),
                ('abandoned', models.PositiveSmallIntegerField(default=0, verbose_name='tries broken off')),
                ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='being worked on until')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
                ('last_error', models.CharField(blank=True, max_length=500, verbose_name='last error')),
                ('job', models.CharField(max_length=60, verbose_name='job')),
                ('day', models.DateField(verbose_name='day')),
            ],
            options={
                'verbose_name': 'daily run',
                'verbose_name_plural': 'daily runs',
                'indexes': [models.Index(condition=models.Q(('status', 'pending')), fields=['due_at'], name='dailyrun_due')],
                'constraints': [models.UniqueConstraint(fields=('job', 'day'), name='one_run_per_day')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='event')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('actor_kind', models.CharField(max_length=12, verbose_name='who, by kind')),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor_label', models.CharField(blank=True, max_length=120)),
                ('data', models.JSONField(default=dict, verbose_name='details')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'ordering': ('id',),
                'indexes': [models.Index(fields=['subject_type', 'subject_id', 'id'], name='event_timeline'), models.Index(fields=['name', 'at'], name='event_by_name')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('principal', models.CharField(max_length=80)),
                ('endpoint', models.CharField(max_length=120)),
                ('key', models.CharField(max_length=120)),
                ('request_sha256', models.CharField(max_length=64)),
                ('response', models.JSONField(default=dict)),
                ('status_code', models.PositiveSmallIntegerField(default=200)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'idempotency key',
                'verbose_name_plural': 'idempotency keys',
                'constraints': [models.UniqueConstraint(fields=('principal', 'endpoint', 'key'), name='one_answer_per_key')],
            },
        ),
        migrations.CreateModel(
            name='Inbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=40)),
                ('external_id', models.CharField(max_length=120)),
                ('payload', models.JSONField(default=dict)),
                ('received_at', models.DateTimeField()),
                ('processed_at', models.DateTimeField(blank=True, null=True)),
                ('result', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'verbose_name': 'inbox message',
                'verbose_name_plural': 'inbox',
                'constraints': [models.UniqueConstraint(fields=('source', 'external_id'), name='one_row_per_message')],
            },
        ),
        migrations.CreateModel(
            name='Outbound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('status', models.CharField(choices=[('pending', 'pending'), ('done', 'done'), ('cancelled', 'cancelled'), ('failed', 'failed'), ('unknown', 'possibly done'), ('quarantined', 'set aside'), ('expired', 'too late, not done')], default='pending', max_length=12, verbose_name='status')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='tries')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='tries that failed')),
                ('abandoned', models.PositiveSmallIntegerField(default=0, verbose_name='tries broken off')),
                ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='being worked on until')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
                ('last_error', models.CharField(blank=True, max_length=500, verbose_name='last error')),
                ('useful_until', models.DateTimeField(blank=True, null=True, verbose_name='of use until')),
                ('channel', models.CharField(max_length=20, verbose_name='channel')),
                ('topic', models.CharField(blank=True, max_length=60, verbose_name='template')),
                ('destination', models.CharField(blank=True, max_length=60, verbose_name='far side')),
                ('key', models.CharField(max_length=120, unique=True, verbose_name='key')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('payload', models.JSONField(default=dict)),
                ('payload_sha256', models.CharField(max_length=64)),
                ('sending_since', models.DateTimeField(blank=True, null=True, verbose_name='being sent since')),
                ('repeats', models.PositiveSmallIntegerField(default=0, verbose_name='tries in spite of doubt')),
                ('first_tried_at', models.DateTimeField(blank=True, null=True, verbose_name='first tried at')),
                ('provider_ref', models.CharField(blank=True, max_length=200, verbose_name='number at the provider')),
            ],
            options={
                'verbose_name': 'outbound message',
                'verbose_name_plural': 'outbound messages',
                'indexes': [models.Index(condition=models.Q(('status', 'pending')), fields=['due_at'], name='outbound_due'), models.Index(fields=['subject_type', 'subject_id'], name='outbound_subject'), models.Index(condition=models.Q(('status__in', ('quarantined', 'unknown'))), fields=['status'], name='outbound_stuck'), models.Index(condition=models.Q(('status', 'done')), fields=['done_at'], name='outbound_done')],
            },
        ),
        migrations.CreateModel(
            name='Timer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('status', models.CharField(choices=[('pending', 'pending'), ('done', 'done'), ('cancelled', 'cancelled'), ('failed', 'failed'), ('unknown', 'possibly done'), ('quarantined', 'set aside'), ('expired', 'too late, not done')], default='pending', max_length=12, verbose_name='status')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='tries')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='tries that failed')),
                ('abandoned', models.PositiveSmallIntegerField(default=0, verbose_name='tries broken off')),
                ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='being worked on until')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
                ('last_error', models.CharField(blank=True, max_length=500, verbose_name='last error')),
                ('useful_until', models.DateTimeField(blank=True, null=True, verbose_name='of use until')),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('data', models.JSONField(blank=True, default=dict, verbose_name='details')),
                ('source', models.CharField(default='shop', max_length=12, verbose_name='set by')),
                ('set_at', models.DateTimeField(verbose_name='set at')),
                ('paused_at', models.DateTimeField(blank=True, null=True, verbose_name='standing still since')),
                ('paused_seconds', models.PositiveBigIntegerField(default=0, verbose_name='seconds it stood still')),
            ],
            options={
                'verbose_name': 'timer',
                'verbose_name_plural': 'timers',
                'indexes': [models.Index(condition=models.Q(('paused_at', None), ('status', 'pending')), fields=['due_at'], name='timer_due'), models.Index(fields=['subject_type', 'subject_id'], name='timer_subject'), models.Index(condition=models.Q(('status__in', ('quarantined', 'unknown'))), fields=['status'], name='timer_stuck'), models.Index(condition=models.Q(('status', 'done')), fields=['done_at'], name='timer_done')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'pending')), fields=('kind', 'subject_type', 'subject_id'), name='one_pending_timer_per_kind')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('status', models.CharField(choices=[('pending', 'pending'), ('done', 'done'), ('cancelled', 'cancelled'), ('failed', 'failed'), ('unknown', 'possibly done'), ('quarantined', 'set aside'), ('expired', 'too late, not done')], default='pending', max_length=12, verbose_name='status')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='tries')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='tries that failed')),
                ('abandoned', models.PositiveSmallIntegerField(default=0, verbose_name='tries broken off')),
                ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='being worked on until')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
                ('last_error', models.CharField(blank=True, max_length=500, verbose_name='last error')),
                ('listener', models.CharField(max_length=60, verbose_name='listener')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='ledger.event', verbose_name='event')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(condition=models.Q(('status', 'pending')), fields=['due_at'], name='delivery_due'), models.Index(condition=models.Q(('status__in', ('quarantined', 'unknown'))), fields=['status'], name='delivery_stuck'), models.Index(condition=models.Q(('status', 'done')), fields=['done_at'], name='delivery_done')],
                'constraints': [models.UniqueConstraint(fields=('event', 'listener'), name='one_delivery_per_listener')],
            },
        ),
        migrations.CreateModel(
            name='Stop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=80, verbose_name='what is stopped')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='since')),
                ('restored_to', models.DateTimeField(blank=True, null=True, verbose_name='the backup is of')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='stopped by')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
            ],
            options={
                'verbose_name': 'stop',
                'verbose_name_plural': 'stops',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('what',), name='one_standing_stop')],
            },
        ),
        migrations.RunPython(_events_stay.refuse, _events_stay.release),
    ]
