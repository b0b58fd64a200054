from django.db import migrations

from aftersales.ledger.migrations import _events_lose_words


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_why_not_sent")]

    operations = [migrations.RunPython(_events_lose_words.let, _events_lose_words.refuse)]
