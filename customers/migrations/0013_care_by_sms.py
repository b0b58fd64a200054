from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0012_why_a_review_was_left'),
    ]

    operations = [
        migrations.AddField(
            model_name='careplan',
            name='sms_code_en',
            field=models.CharField(blank=True, max_length=40, verbose_name='number at the carrier (English)'),
        ),
        migrations.AddField(
            model_name='careplan',
            name='sms_code_zh',
            field=models.CharField(blank=True, max_length=40, verbose_name='number at the carrier (Chinese)'),
        ),
        migrations.AddField(
            model_name='careplan',
            name='sms_en',
            field=models.TextField(blank=True, max_length=200, verbose_name='SMS (English)'),
        ),
        migrations.AddField(
            model_name='careplan',
            name='sms_zh',
            field=models.TextField(blank=True, max_length=200, verbose_name='SMS (Chinese)'),
        ),
        migrations.AlterField(
            model_name='caremessage',
            name='why',
            field=models.CharField(blank=True, choices=[('', '–'), ('consent', 'no consent any more'), ('complaint', 'a complaint is open'), ('case', 'a case is open'), ('cap', 'too many messages within 30 days'), ('unreachable', 'no e-mail address, and no SMS agreed to'), ('bought', 'bought again meanwhile'), ('referral', 'the recommendation was taken back'), ('segment', "in none of the plan's segments any more"), ('plan', 'the plan was ended')], default='', max_length=12, verbose_name='why'),
        ),
        migrations.AlterField(
            model_name='consent',
            name='purpose',
            field=models.CharField(choices=[('news', 'News and offers'), ('occasions', 'Greetings and thanks'), ('goods', 'Reminders about what was bought'), ('visits', 'Follow-up calls and visits'), ('at_home', 'Visits at home'), ('sms', 'SMS of our own accord'), ('quoted', 'Being quoted')], max_length=40, verbose_name='purpose'),
        ),
    ]
