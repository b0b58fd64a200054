"""Sheets and scripts are written as many small files and sent as one: a phone on its first visit asks twice, not eighty times.

Nothing is built: the finder stands first in STATICFILES_FINDERS and joins anew whenever a source has changed, so one machine,
`collectstatic` and tests send the same. An import or export in a form that it cannot read is refused by name.
"""

from __future__ import annotations

import os
import posixpath
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

ENTRIES = {"main.css": "css/main.css", "office.css": "css/office.css", "main.js": "js/main.js"}  # as sent: as written

_SHEET = re.compile(r'^@import url\("([^"]+)"\)(?: layer\((\w+)\))?(?: (\w+))?;$', re.MULTILINE)
_ADDRESS = re.compile(r'(?<!@import )url\("(?!data:)([^"]+)"\)')
_IMPORT = re.compile(r'^import (?:\* as (\w+)|(\{ \w+(?:, \w+)* \})) from "([^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|class|const(?!.*, \w+ =)) (\w+)", re.MULTILINE)
_LEFT = re.compile(r"^.*(?:^import\b|\bimport\(|^export\b|@import\b|url\((?!\")).*", re.MULTILINE)


class CannotJoin(ImproperlyConfigured):
    """Names the file and the line in it."""


def joined(root: Path, source: str) -> str:
    """The text of `source`, a path below `root`, with what it imports. Raises `CannotJoin`, `FileNotFoundError`."""
    return _Scripts(root).joined(source) if source.endswith(".js") else _sheet(root, source)


def _sheet(root: Path, source: str) -> str:
    """Each imported sheet in the place of its import, in its layer and for its medium."""

    def put(found: re.Match[str]) -> str:
        file, layer, medium = found.groups()
        text = _sheet(root, _beside(source, file))
        for head in (f"@media {medium}" if medium else "", f"@layer {layer}" if layer else ""):
            text = f"{head} {{\n{text}}}\n" if head else text
        return text

    text = (root / source).read_text(encoding="utf-8")
    text = _ADDRESS.sub(lambda found: f'url("{_beside(source, found[1])}")', text)  # it is sent from the root
    _refuse(source, _SHEET.sub("", text))
    return _SHEET.sub(put, text)


class _Scripts:
    """Each module once, before those that import it, as a function that returns what it exports."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.numbers: dict[str, int] = {}
        self.done: list[str] = []

    def joined(self, source: str) -> str:
        last = self._read(source)
        return "".join([*self.done, f"(() => {{\n{last}\n}})();\n"])  # what it calls `print` is nobody else's

    def _read(self, source: str) -> str:
        def put(found: re.Match[str]) -> str:
            whole, some, file = found.groups()
            return f"const {whole or some} = module{self._number(_beside(source, file), source)};"

        text = (self.root / source).read_text(encoding="utf-8")
        _refuse(source, _EXPORT.sub("", _IMPORT.sub("", text)))
        return _IMPORT.sub(put, text)

    def _number(self, source: str, asker: str) -> int:
        if source not in self.numbers:
            self.numbers[source] = 0
            text = self._read(source)
            exported = ", ".join(name for _kind, name in _EXPORT.findall(text))
            inner = _EXPORT.sub(r"\1 \2", text)
            number = self.numbers[source] = len(self.done) + 1
            self.done.append(
                f"/* {source} */\nconst module{number} = (() => {{\n{inner}\nreturn {{ {exported} }};\n}})();\n"
            )
        if not self.numbers[source]:
            raise CannotJoin(f"{asker} and {source} import each other.")
        return self.numbers[source]


def _refuse(source: str, text: str) -> None:
    if found := _LEFT.search(text):
        raise CannotJoin(f"{source}: {found[0]} is written in a form that cannot be joined.")


def _beside(source: str, file: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), file))


class JoinedFinder(BaseFinder):
    """Finds each of ENTRIES below `DATA_DIR/joined`."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=str(Path(settings.DATA_DIR) / "joined"))
        self.made: dict[str, float] = {}  # when the newest source of it was changed

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """A source that cannot be joined stops the start, not the first page. Nothing is written: production serves others."""
        try:
            for source in ENTRIES.values():
                joined(settings.BASE_DIR / "static", source)
        except (CannotJoin, OSError) as error:
            return [Error(str(error), id="desk.E008")]
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Where the joined file lies; an empty list for any other."""
        if path not in ENTRIES:
            return []
        self._make(path)
        found = self.storage.path(path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for sent in ENTRIES:
            self._make(sent)
            yield sent, self.storage

    def _make(self, sent: str) -> None:
        """Written beside and moved into its place: other processes make the same."""
        source = ENTRIES[sent]
        folder = settings.BASE_DIR / "static"
        changed = max(path.stat().st_mtime for path in (folder / source).parent.rglob("*"))
        place = Path(self.storage.path(sent))
        if self.made.get(sent) == changed and place.exists():
            return
        text = joined(folder, source)
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(beside).replace(place)
        self.made[sent] = changed
