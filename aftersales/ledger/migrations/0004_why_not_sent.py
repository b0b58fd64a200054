from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_send_limits")]

    operations = [
        migrations.AddField(model_name="outbound", name="why", field=models.JSONField(blank=True, default=dict)),
    ]
