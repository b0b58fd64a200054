from functools import partial

from django.db import migrations

from aftersales.ledger.migrations import _only_words_go

_MORE = (*_only_words_go.WORDS, "claim.refused why")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_seldom_analysed")]

    operations = [migrations.RunPython(partial(_only_words_go.let, words=_MORE), _only_words_go.let)]
