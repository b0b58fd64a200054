from django.db import migrations

from aftersales.kernel.replanning import seldom


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0006_only_words_go'),
    ]

    operations = [
        seldom('ledger_event', 'ledger_timer'),
    ]
