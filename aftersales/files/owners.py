"""Who knows which files of a folder have a row. Attachments lie below the year; other apps name a folder of their own.

    owners.register("packs", lambda names: set(EvidencePack.objects.filter(stored_name__in=names).values_list(…)))

in `AppConfig.ready`. The daily job clears away what nobody knows; a folder that nobody registered is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aftersales.files.models import Attachment

Known = Callable[[list[str]], set[str]]
_registered: dict[str, Known] = {}


def register(folder: str, known: Known) -> None:
    """`known` gets stored names and returns those of them that have a row."""
    _registered[folder] = known


def all_owners() -> Iterator[tuple[str, Known]]:
    """Each folder, "" for that of attachments, and who knows its files."""
    yield "", _attachments
    yield from _registered.items()


def _attachments(names: list[str]) -> set[str]:
    return set(Attachment.objects.filter(stored_name__in=names).values_list("stored_name", flat=True))
