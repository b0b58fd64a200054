"""Let go of what the shop holds of people: all rows of one person, and every night what has grown old by itself.

What goes, and after how long, stands in the registry (`aftersales.kernel.personal`) and in `settings.KEEP_DAYS`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from django.db import transaction

from aftersales.kernel.personal import Held, held
from aftersales.ledger.daily import daily

log = structlog.get_logger()

AT_ONCE = 500  # rows in one transaction
MOST = 100_000  # rows of one model in one night, so that a first night ends; the rest goes in the next


def let_go(each: Held, keys: Sequence[int], *, blanks: Mapping[str, Any] | None, gone: bool) -> int:
    """In the caller's transaction: blank or delete these rows, and before that what hangs on them and is no column."""
    rows = each.model._base_manager.filter(pk__in=keys)
    if each.undo is not None:
        each.undo(rows)
    if gone:
        rows.delete()
    elif blanks:
        rows.update(**blanks)
    return len(keys)


@daily("ledger.retention")
def clear_away(now: dt.datetime) -> None:
    """Everything whose time is over. Repeated after a crash it goes on where it was."""
    for each in held():
        if each.fades is not None and (count := _clear(each, now)):
            log.info("retention.cleared", model=each.label, rows=count)


def _clear(each: Held, now: dt.datetime) -> int:
    """In the order of the primary key, so that each row is looked at once a night."""
    fades, last, count = each.fades, 0, 0
    assert fades is not None
    while count < MOST:
        with transaction.atomic():
            old = fades.rows(each.model, now).filter(pk__gt=last).order_by("pk")
            keys = list(old.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
            count += let_go(each, keys, blanks=fades.blanks, gone=fades.blanks is None)
        if len(keys) < AT_ONCE:
            break
        last = keys[-1]
    return count
