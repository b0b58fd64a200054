"""`manage.py rules export NAME[@N] FOLDER|-` and `manage.py rules import FOLDER --as-draft --by E-MAIL`: rules as text.

What is exported and imported again is the same to the byte. A text becomes a draft and nothing else: only people publish.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.errors import Refusal
from returns.actions.rulebook import start_draft
from returns.models import RuleVersion
from returns.models.timeline import version_at
from returns.rules.pack import read_folder, read_pack, shipped
from returns.rules.text import PackError


class Command(BaseCommand):
    help = "Write a version of the rules as text, or begin a draft from a text."

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True, metavar="export|import")
        out = deeds.add_parser("export", help="write the files of a version")
        out.add_argument("version", metavar="NAME[@N]", help="rule set; without a number the version in force")
        out.add_argument("folder", metavar="FOLDER|-", help="a new or empty folder, or - for one stream")
        back = deeds.add_parser("import", help="begin a draft from a folder")
        back.add_argument("folder", metavar="FOLDER")
        back.add_argument("--as-draft", action="store_true", required=True, help="the only way in: people approve it")
        back.add_argument("--by", required=True, metavar="E-MAIL", help="the lead or manager whose draft it is")
        back.add_argument("--note", default="", help="what changes and why")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["deed"] == "export":
            self._export(options["version"], options["folder"])
        else:
            self._import(Path(options["folder"]), options["by"], options["note"])

    def _export(self, named: str, folder: str) -> None:
        version = _version(named)
        if folder == "-":
            for name, text in sorted(version.files.items()):
                self.stdout.write(f"==> {name} <==\n{text}", ending="" if text.endswith("\n") else "\n")
            return
        place = Path(folder)
        if place.is_dir() and any(place.iterdir()):
            raise CommandError(f"{folder} is not empty. Name a new folder, so that nothing is mixed or lost.")
        place.mkdir(parents=True, exist_ok=True)
        for name, text in version.files.items():
            (place / name).write_bytes(text.encode())
        self.stdout.write(f"{version}: {len(version.files)} files, sha256 {version.sha256}")

    def _import(self, folder: Path, email: str, note: str) -> None:
        author = User.objects.filter(email=email.lower(), is_active=True).first()
        if author is None:
            raise CommandError(f"Nobody signs in as {email}.")
        try:
            files = read_folder(folder)
            pack = read_pack(files)
        except (PackError, OSError) as error:
            raise CommandError(str(error)) from None
        try:
            draft = start_draft(pack.name, actor=author.as_actor(), note=note, files=files)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Draft {draft} begun; a lead or manager submits it at /office/rules/versions/{draft.pk}/")


def _version(named: str) -> RuleVersion:
    """The version that is named, or the one in force. Raises CommandError."""
    name, _at, number = named.partition("@")
    if number and not number.isdecimal():
        raise CommandError(f"{number!r} is not the number of a version; write {name}@2.")
    found = RuleVersion.objects.filter(rule_set=name, number=int(number)).first() if number else None
    if not number and (held := version_at(name, clock.now())) is not None:
        found = RuleVersion.objects.get(pk=held.pk)
    if found is None:
        raise CommandError(f"There is no version {named}. Rule sets: {', '.join(shipped())}.")
    return found
