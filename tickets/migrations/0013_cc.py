import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0012_queue_of_a_mailbox'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='cc',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='message',
            name='writer',
            field=models.CharField(blank=True, default='', max_length=120, verbose_name='name of the writer'),
        ),
        migrations.AlterField(
            model_name='message',
            name='by',
            field=models.CharField(choices=[('customer', 'Customer'), ('staff', 'Shop'), ('system', 'System'), ('other', 'Somebody in Cc')], max_length=8, verbose_name='by'),
        ),
        migrations.AlterField(
            model_name='reopening',
            name='cause',
            field=models.CharField(choices=[('customer', 'the customer wrote'), ('staff', 'opened by staff'), ('request', 'the request goes on'), ('unmerged', 'the merge was undone'), ('cc', 'somebody in Cc wrote')], max_length=12, verbose_name='cause'),
        ),
        migrations.CreateModel(
            name='Cc',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=254, verbose_name='address')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ccs', to='tickets.message', verbose_name='message')),
            ],
            options={
                'verbose_name': 'Cc',
                'verbose_name_plural': 'Cc',
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('message', 'address'), name='one_cc_per_address')],
            },
        ),
    ]
