from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0017_steps_of_a_draft'),
    ]

    operations = [
        migrations.AddField(
            model_name='bulkrun',
            name='language',
            field=models.CharField(default='zh-hans', max_length=10, verbose_name='language'),
        ),
    ]
