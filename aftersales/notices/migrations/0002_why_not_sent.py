from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_first_shop")]

    operations = [
        migrations.AddField(model_name="notice", name="why", field=models.JSONField(blank=True, default=dict)),
    ]
