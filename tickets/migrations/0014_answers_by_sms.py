from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0013_cc'),
    ]

    operations = [
        migrations.AlterField(
            model_name='arrival',
            name='channel',
            field=models.CharField(choices=[('email', 'e-mail'), ('chat', 'chat'), ('sms', 'SMS')], default='email', max_length=8, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='arrival',
            name='reason',
            field=models.CharField(blank=True, choices=[('answer', 'Answers a message of ours'), ('thread', 'Continues a conversation of the same sender'), ('reference', 'Names a ticket of the sender'), ('new', 'A new ticket'), ('bounce', 'Says that a mail of ours did not arrive'), ('by_hand', 'Placed by hand'), ('unknown_sender', 'The sender is not in the archive'), ('no_sender', 'It names no sender, or several'), ('own_address', 'It says it comes from our own address'), ('forged', 'The mail server holds the sender for forged'), ('flood', 'The sender wrote too often within an hour'), ('stray_bounce', 'A report about a mail we do not know'), ('unreadable', 'It cannot be read'), ('not_handed_over', 'The mail server has it and does not hand it over'), ('too_large', 'It is too large; only its header was taken'), ('own_mail', 'A mail of ours came back'), ('automatic', 'Written by a machine'), ('duplicate', 'The same mail is here already'), ('declined', 'Put aside by hand'), ('stop', 'A stop word; their consents have ended')], max_length=16, verbose_name='why'),
        ),
    ]
