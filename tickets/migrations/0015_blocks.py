import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0014_answers_by_sms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='arrival',
            name='reason',
            field=models.CharField(blank=True, choices=[('answer', 'Answers a message of ours'), ('thread', 'Continues a conversation of the same sender'), ('reference', 'Names a ticket of the sender'), ('new', 'A new ticket'), ('bounce', 'Says that a mail of ours did not arrive'), ('by_hand', 'Placed by hand'), ('unknown_sender', 'The sender is not in the archive'), ('no_sender', 'It names no sender, or several'), ('own_address', 'It says it comes from our own address'), ('forged', 'The mail server holds the sender for forged'), ('flood', 'The sender wrote too often within an hour'), ('stray_bounce', 'A report about a mail we do not know'), ('unreadable', 'It cannot be read'), ('not_handed_over', 'The mail server has it and does not hand it over'), ('too_large', 'It is too large; only its header was taken'), ('own_mail', 'A mail of ours came back'), ('automatic', 'Written by a machine'), ('duplicate', 'The same mail is here already'), ('declined', 'Put aside by hand'), ('stop', 'A stop word; their consents have ended'), ('blocked', 'Its sender is blocked')], max_length=16, verbose_name='why'),
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sender', models.CharField(max_length=254, verbose_name='sender')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
            ],
            options={
                'verbose_name': 'block',
                'verbose_name_plural': 'blocks',
                'indexes': [models.Index(fields=['-at'], name='block_by_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('sender',), name='one_block_per_sender')],
            },
        ),
    ]
