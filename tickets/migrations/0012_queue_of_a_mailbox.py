import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0011_clock_late'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailaccount',
            name='is_sender',
            field=models.BooleanField(default=False, help_text='Only where your mail server lets the desk write from it. Else they leave under the desk’s own address; what is answered to them arrives here all the same.', verbose_name='answers leave under this address'),
        ),
        migrations.AddField(
            model_name='mailaccount',
            name='queue',
            field=models.ForeignKey(blank=True, help_text='Where its mail becomes tickets, and so whose they are. Without one, the queue for questions.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mail_accounts', to='tickets.queue', verbose_name='queue'),
        ),
        migrations.AddField(
            model_name='mailaccount',
            name='sender_name',
            field=models.CharField(blank=True, help_text='Stands before the address in what leaves from here, such as Returns team.', max_length=60, verbose_name='name of the sender'),
        ),
    ]
