"""The address of an evidence pack: signed, for two hours. Who opens it is asked again at the door."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from tickets.models import EvidencePack

_GOOD_FOR = 2 * 3600  # seconds


def _signer() -> TimestampSigner:
    return TimestampSigner(key=settings.LINK_KEY, salt="complaint.pack")


def address_of(pack: EvidencePack) -> str:
    """Where a pack that is ready is taken from; "" for another."""
    if pack.status != EvidencePack.Status.DONE:
        return ""
    return reverse("desk:complaint-pack", args=[_signer().sign(str(pack.pk))])


def key_of(token: str) -> int | None:
    """The primary key in a token that is ours and not too old."""
    try:
        return int(_signer().unsign(token, max_age=_GOOD_FOR))
    except (BadSignature, ValueError):
        return None
