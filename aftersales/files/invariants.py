"""What must hold of photos: every row has its file, byte for byte. Looked at every hour by the self-check."""

from __future__ import annotations

import datetime as dt
import hashlib
import random

from django.utils.translation import gettext_lazy as _

from aftersales.files import store
from aftersales.files.models import Attachment
from aftersales.ledger.selfcheck import Broken, must_hold

NEWEST, OTHERS = 100, 100  # looked at every hour; files without a row are cleared away by `jobs`


@must_hold(
    "I12",
    _("Every photo has its file, byte for byte."),
    _("Bring the files back from the backup of the data folder; until then the photo cannot be shown."),
)
def without_file(now: dt.datetime) -> Broken:
    """The newest, and others by chance: after a month of hours most have been looked at."""
    newest = Attachment.objects.order_by("-pk")
    rows = list(newest[:NEWEST])
    if rows and rows[-1].pk > 1:
        chance = random.Random(now.timestamp())  # noqa: S311  a choice of samples, no secret
        below = rows[-1].pk
        keys = chance.sample(range(1, below), min(below - 1, OTHERS))
        rows += newest.filter(pk__in=keys)
    return [[row for row in rows if not _is_there(row)]]


def _is_there(row: Attachment) -> bool:
    try:
        with store.read(row.stored_name, small=False) as file:
            return hashlib.sha256(file.read()).hexdigest() == row.sha256
    except OSError:
        return False
