"""What must hold of attachments: every row has its file, byte for byte. Looked at every hour by the self-check."""

from __future__ import annotations

import datetime as dt
import hashlib
import random

from django.utils.translation import gettext_lazy as _

from aftersales.files import store
from aftersales.files.models import Attachment
from aftersales.ledger.models import SelfCheck
from aftersales.ledger.selfcheck import Broken, must_hold

NEWEST, OTHERS = 100, 100  # looked for every hour; files without a row are cleared away by `jobs`
MOST_BYTES = 100 * 1_048_576  # read again of each hundred in one look; what is beyond is looked for only
_CHUNK = 1_048_576


@must_hold(
    "I12",
    _("Every attachment has its file, byte for byte."),
    _("Bring the files back from the backup of the data folder; until then the attachment cannot be opened."),
)
def without_file(now: dt.datetime) -> Broken:
    """What was found last, some of the newest, and others by chance: after a month of hours most have been looked at."""
    rows = Attachment.objects.order_by("-pk")
    chance = random.Random(now.timestamp())  # noqa: S311  a choice of samples, no secret
    newest = list(rows[:NEWEST])
    below = newest[-1].pk if newest else 1
    others = list(rows.filter(pk__in=chance.sample(range(1, below), min(below - 1, OTHERS))))
    chance.shuffle(newest)
    known = list(rows.filter(pk__in=_found_last()))
    lost = {row.pk for few in (known, newest, others) for row in _lost(few)}
    return [list(rows.filter(pk__in=lost))]  # read anew: one that was taken away while we looked lacks nothing


def _found_last() -> list[int]:
    examples = SelfCheck.objects.filter(code="I12").values_list("examples", flat=True).first() or []
    return [pk for _label, pk, _words in examples]


def _lost(rows: list[Attachment]) -> list[Attachment]:
    left, lost = MOST_BYTES, []
    for row in rows:
        left -= row.size
        if not _is_there(row, whole=left >= 0):
            lost.append(row)
    return lost


def _is_there(row: Attachment, *, whole: bool) -> bool:
    try:
        with store.read(row.stored_name, small=False) as file:
            digest = hashlib.sha256()
            while whole and (chunk := file.read(_CHUNK)):
                digest.update(chunk)
            return not whole or digest.hexdigest() == row.sha256
    except OSError:
        return False
