"""The address of a pack: signed, for two hours. Who opens it is asked again at the door."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from aftersales.files.packs import Pack
from customers.models import PersonCopy
from tickets.models import EvidencePack

_GOOD_FOR = 2 * 3600  # seconds
# What each kind is signed as, so that the link to one opens no other, and its door.
_KINDS: dict[type[Pack], tuple[str, str]] = {
    EvidencePack: ("complaint.pack", "desk:complaint-pack"),
    PersonCopy: ("person.copy", "desk:person-copy"),
}


def _signer(kind: type[Pack]) -> TimestampSigner:
    return TimestampSigner(key=settings.LINK_KEY, salt=_KINDS[kind][0])


def address_of(pack: Pack) -> str:
    """Where a pack that is ready is taken from; "" for another."""
    if pack.status != Pack.Status.DONE:
        return ""
    return reverse(_KINDS[type(pack)][1], args=[_signer(type(pack)).sign(str(pack.pk))])


def key_of(kind: type[Pack], token: str) -> int | None:
    """The primary key in a token that is ours, of this kind, and not too old."""
    try:
        return int(_signer(kind).unsign(token, max_age=_GOOD_FOR))
    except (BadSignature, ValueError):
        return None
