"""The tables a first shop starts with; stands for all migrations before it, whose databases go on from here."""

import django.db.models.deletion
from django.conf import settings
from aftersales.kernel.first_tables import FirstTables
from django.db import migrations, models


class Migration(FirstTables):

    initial = True

    replaces = [
        ('notices', '0001_initial'),
        ('notices', '0002_stops_and_lateness'),
        ('notices', '0003_template_versions'),
        ('notices', '0004_keeping_customers'),
        ('notices', '0005_robots'),
    ]

    dependencies = [
        ('ledger', '0001_first_shop'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Posted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('to', models.CharField(max_length=254)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField()),
                ('message_id', models.CharField(blank=True, max_length=120)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'posted message',
                'verbose_name_plural': 'posted messages',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=12, unique=True, verbose_name='reference')),
                ('url', models.URLField(max_length=300, verbose_name='address')),
                ('kind', models.CharField(choices=[('program', 'a program (signed call)'), ('robot', 'a robot in a group chat (WeCom, DingTalk)')], default='program', max_length=8, verbose_name='receiver is')),
                ('events', models.JSONField(default=list, verbose_name='events')),
                ('added_at', models.DateTimeField(verbose_name='added at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient_type', models.CharField(max_length=60)),
                ('recipient_id', models.BigIntegerField()),
                ('channel', models.CharField(choices=[('email', 'e-mail'), ('sms', 'SMS'), ('inapp', 'in the desk')], max_length=8, verbose_name='channel')),
                ('kind', models.CharField(choices=[('service', 'about my orders and requests'), ('marketing', 'offers and news')], default='service', max_length=10, verbose_name='kind')),
                ('allowed', models.BooleanField(verbose_name='allowed')),
                ('changed_at', models.DateTimeField(verbose_name='changed at')),
            ],
            options={
                'verbose_name': 'preference',
                'verbose_name_plural': 'preferences',
                'constraints': [models.UniqueConstraint(fields=('recipient_type', 'recipient_id', 'channel', 'kind'), name='one_choice_per_channel')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('channel', models.CharField(choices=[('email', 'e-mail'), ('sms', 'SMS'), ('inapp', 'in the desk')], max_length=8, verbose_name='channel')),
                ('template', models.CharField(max_length=60, verbose_name='template')),
                ('locale', models.CharField(max_length=10, verbose_name='language')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='version of the words')),
                ('params', models.JSONField(default=dict)),
                ('recipient_type', models.CharField(max_length=60)),
                ('recipient_id', models.BigIntegerField()),
                ('to_masked', models.CharField(blank=True, max_length=120, verbose_name='to')),
                ('to_sha256', models.CharField(blank=True, max_length=64)),
                ('about_type', models.CharField(blank=True, max_length=60)),
                ('about_id', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('pending', 'being sent'), ('sent', 'sent'), ('shown', 'shown here, not sent'), ('failed', 'not sent'), ('unknown', 'possibly sent'), ('capped', 'held back: too many in a day'), ('stopped', 'taken back before it was sent'), ('expired', 'not sent: too late to be of use')], default='pending', max_length=8, verbose_name='state')),
                ('error', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read at')),
                ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='ledger.event')),
                ('outbound', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notice', to='ledger.outbound')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'indexes': [models.Index(fields=['recipient_type', 'recipient_id', '-at'], name='notice_inbox'), models.Index(condition=models.Q(('channel', 'inapp'), ('read_at', None)), fields=['recipient_id'], name='notice_unread'), models.Index(fields=['to_sha256', 'at'], name='notice_by_address'), models.Index(fields=['about_type', 'about_id', 'at'], name='notice_about')],
            },
        ),
        migrations.CreateModel(
            name='TemplateVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('template', models.CharField(max_length=60, verbose_name='template')),
                ('channel', models.CharField(choices=[('email', 'e-mail'), ('sms', 'SMS')], max_length=8, verbose_name='channel')),
                ('locale', models.CharField(choices=[('zh-hans', '简体中文'), ('en', 'English')], max_length=10, verbose_name='language')),
                ('number', models.PositiveIntegerField(blank=True, null=True, verbose_name='version')),
                ('subject', models.CharField(blank=True, max_length=120, verbose_name='subject')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='text')),
                ('provider_code', models.CharField(blank=True, max_length=40, verbose_name='template number at the carrier')),
                ('saved_at', models.DateTimeField(verbose_name='saved at')),
                ('tested_at', models.DateTimeField(blank=True, null=True, verbose_name='tested at')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='saved by')),
            ],
            options={
                'verbose_name': 'template version',
                'verbose_name_plural': 'template versions',
                'ordering': ('template', 'channel', 'locale', '-number'),
                'constraints': [models.UniqueConstraint(fields=('template', 'channel', 'locale', 'number'), name='one_template_version_per_number'), models.UniqueConstraint(condition=models.Q(('number', None)), fields=('template', 'channel', 'locale'), name='one_draft_per_template'), models.CheckConstraint(condition=models.Q(models.Q(('number', None), ('published_at', None)), models.Q(('number__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='published_templates_have_a_time')],
            },
        ),
    ]
