from django.db import migrations

from aftersales.ledger.migrations import _only_words_go


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_events_lose_words")]

    operations = [migrations.RunPython(_only_words_go.let, _only_words_go.let_all)]
