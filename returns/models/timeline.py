"""Which version of a rule set holds at an instant. Asked for every verdict; the timeline is one small query.

A published version holds from its beginning until the next one begins, and the first from the beginning of time, so
that every instant has exactly one. A database without versions (nothing was seeded yet) is judged by the shipped pack.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from returns.models.pack import KeptPack, read_kept
from returns.models.rulebook import RuleVersion
from returns.rules.pack import Pack, load_pack, read_pack, shipped


class TamperedRules(RuntimeError):
    """The stored text of a version is not the one its hash was taken of. Nothing is decided by it."""


def version_at(rule_set: str, at: dt.datetime) -> RuleVersion | None:
    """The version in force at an instant, without its text; None where the set has no versions yet."""
    published = RuleVersion.objects.published().filter(rule_set=rule_set).defer("files")
    begun: RuleVersion | None = published.filter(effective_from__lte=at).order_by("-effective_from").first()
    return begun or published.order_by("effective_from").first()


def pack_for(rule_set: str, at: dt.datetime) -> Pack:
    """The rules in force at an instant, ready to decide. Raises PackError for a set that does not exist."""
    version = version_at(rule_set, at)
    return pack_of(version) if version else load_pack(rule_set)


def pack_of(version: RuleVersion) -> Pack:
    """The rules of a version that can be read, remembered by hash for the life of the process.

    Raises PackError for a draft that does not hold together and `TamperedRules` where text and hash disagree.
    """
    if not version.sha256:
        return read_pack(version.files)
    if version.rule_set in shipped() and load_pack(version.rule_set).sha256 == version.sha256:
        return load_pack(version.rule_set)
    return _read(version.sha256)


def pack_by_hash(sha256: str) -> Pack | None:
    """A pack that is or was a version, or decided something before there were any; else None."""
    try:
        return _read(sha256)
    except RuleVersion.DoesNotExist:
        pass
    try:
        return read_kept(sha256)
    except KeptPack.DoesNotExist:
        return None


def governing_instant(
    fact: str, *, placed_at: dt.datetime, received_at: dt.datetime | None, requested_at: dt.datetime
) -> dt.datetime:
    """The instant that chooses the version, by the `governing_fact` of the set.

    Goods that have not arrived are judged by the rules of the day of the request.
    """
    if fact == "order_placed_at":
        return placed_at
    return (received_at or requested_at) if fact == "received_at" else requested_at


@lru_cache(maxsize=32)
def _read(sha256: str) -> Pack:
    """A version's text by its hash. Raises `RuleVersion.DoesNotExist`, which is not remembered."""
    found = RuleVersion.objects.filter(sha256=sha256).values_list("files", flat=True).order_by("id").first()
    if found is None:
        raise RuleVersion.DoesNotExist
    pack = read_pack(found, kept=True)
    if pack.sha256 != sha256:
        raise TamperedRules(f"Rules {pack.name}: the text has the hash {pack.sha256}, not {sha256}.")
    return pack
