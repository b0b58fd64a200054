"""The tables a first shop starts with; stands for all migrations before it, whose databases go on from here."""

import django.db.models.deletion
from django.conf import settings
from aftersales.kernel.first_tables import FirstTables
from django.db import migrations, models


class Migration(FirstTables):

    initial = True

    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0002_handover'),
        ('accounts', '0003_closed_teams'),
        ('accounts', '0004_signatures'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='name')),
                ('is_closed', models.BooleanField(default=False, help_text='Agents of other teams do not see its tickets and returns; leads and managers see all.', verbose_name='closed team')),
                ('signature', models.CharField(blank=True, max_length=200, verbose_name='signature')),
            ],
            options={
                'verbose_name': 'team',
                'verbose_name_plural': 'teams',
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('role', models.CharField(choices=[('agent', 'Agent'), ('warehouse', 'Warehouse'), ('lead', 'Lead'), ('manager', 'Manager'), ('auditor', 'Auditor')], default='agent', max_length=12, verbose_name='role')),
                ('signature', models.CharField(blank=True, max_length=200, verbose_name='signature')),
                ('locale', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='since')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='accounts.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'member of staff',
                'verbose_name_plural': 'members of staff',
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('prefix', models.CharField(db_index=True, max_length=12, verbose_name='begins with')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('role', models.CharField(choices=[('agent', 'Agent'), ('warehouse', 'Warehouse'), ('lead', 'Lead'), ('manager', 'Manager'), ('auditor', 'Auditor')], default='agent', max_length=12, verbose_name='role')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='made at')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_keys', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
            ],
            options={
                'verbose_name': 'API key',
                'verbose_name_plural': 'API keys',
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('sealed', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'secret to be shown',
                'verbose_name_plural': 'secrets to be shown',
                'constraints': [models.UniqueConstraint(fields=('subject_type', 'subject_id'), name='one_secret_to_show')],
            },
        ),
    ]
