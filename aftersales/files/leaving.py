"""Files that leave with a message: read when it is sent, and what is missing is said."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from aftersales.files import store
from aftersales.files.models import Attachment

log = structlog.get_logger()


def read_to_send(refs: Sequence[str]) -> tuple[list[tuple[Attachment, bytes]], str]:
    """The attachments of these references with their bytes, and words for the outbox's row about those the disk lost.

    One hidden meanwhile stays here. A message goes out without a lost file; each is logged by its reference, to alert on.
    """
    found: list[tuple[Attachment, bytes]] = []
    lost = []
    for each in Attachment.objects.filter(ref__in=refs, hidden_at=None):
        try:
            with store.read(each.stored_name, small=False) as file:
                found.append((each, file.read()))
        except FileNotFoundError:
            log.error("files.lost", attachment=each.ref)
            lost.append(each.ref)
    return found, f", without the lost {' '.join(lost)}" if lost else ""
