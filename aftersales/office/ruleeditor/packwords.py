"""What is wrong with the text of a pack, in the reader's language. The reader of packs knows no catalogue and speaks
English; its sentences are found again here by their fixed words. One that is not listed is told as it came.
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.office.ruletelling import language
from returns.rules.text import PackError

_SENTENCES: tuple[tuple[str, Promise], ...] = (
    (r"(?P<text>.+) looks like a spreadsheet formula; write a plain value",
     _("%(text)s looks like a spreadsheet formula; write a plain value.")),
    (r"must begin with the line .*; (?P<text>'.*'): did you mean (?P<near>.+)",
     _("There is no column %(text)s; did you mean %(near)s?")),
    (r"must begin with the line (?P<text>.+)", _("The first line must be: %(text)s")),
    (r"has (?P<has>\d+) fields where (?P<needs>\d+) are needed",
     _("This line has %(has)s fields where %(needs)s are needed.")),
    (r"uses the id (?P<text>.+) again; line (?P<line>\d+) has it",
     _("Row %(text)s is there twice, also on line %(line)s; give one of them another id.")),
    (r"has a row without an id", _("A row has no id; give it one.")),
    (r"write 0 \(law\).*", _("Write 0 (law), 1 (contract), 2 (policy) or 3 (default).")),
    (r"'(?P<text>.*)' is empty: its start lies after its end",
     _("“%(text)s” is no range: it ends before it begins; write the smaller number first.")),
    (r"(?P<text>.+) is outside (?P<lo>-?\d+)\.\.(?P<hi>-?\d+) of .+", _("%(text)s lies outside %(lo)s to %(hi)s.")),
    (r"write \*, =3, <=7, >=8 or 3\.\.9 instead of (?P<text>.+)", _("Write *, =3, <=7, >=8 or 3..9 instead of %(text)s.")),
    (r"write yes, no or \* instead of (?P<text>.+)", _("Write yes, no or * instead of %(text)s.")),
    (r"(?P<text>'.*') is not (?:a value|an outcome) of .+?; it has (?P<known>.+)",
     _("%(text)s is not known here; choose from %(known)s.")),
    (r"names no source", _("The row rests on no source; name at least one.")),
    (r"names the unknown source (?P<text>'.*'); did you mean (?P<near>.+)",
     _("There is no source %(text)s; did you mean %(near)s?")),
    (r"names the unknown source (?P<text>'.*?');.*", _("There is no source %(text)s; add it to sources.toml.")),
    (r"rests on (?P<text>.+), which ended on (?P<day>.+)", _("Source %(text)s ended on %(day)s; name one that still holds.")),
    (r"is marked (?P<text>.+), but none of its sources is", _("The row is marked %(text)s, but none of its sources is.")),
    (r"has no \[(?P<reader>.+)\] text (?P<text>'.*'), which (?P<file>.+) row (?P<row>.+) needs",
     _("The text %(text)s in [%(reader)s] is missing; %(file)s, row %(row)s needs it.")),
    (r"needs \[(?P<text>contested\..+)\] with question and taken", _("[%(text)s] with question and taken is missing.")),
    (r"is too large.*?: (?P<most>\d+) MB is the most.*", _("It is too large; %(most)s MB is the most, all files together.")),
    (r"is not UTF-8; .*", _("It is not UTF-8; save it as UTF-8.")),
    (r"cannot be opened as a ZIP; .*", _("It cannot be opened as a ZIP; make it anew without a password.")),
    (r"is missing from the pack", _("It is missing from the pack.")),
    (r"is not a file of .*", _("It is no file of this pack.")),
    (r"has no file of a pack; .*", _("Choose a ZIP or files that end in .toml, .csv or .jsonl.")),
    (r"(?:comes|stands) twice.*", _("It is there twice; leave one of them out.")),
    (r"is not valid TOML: (?P<text>.+)", _("It is not valid TOML: %(text)s")),
    (r"has no rows", _("It has no rows.")),
)  # fmt: skip


def packwords(error: PackError) -> str:
    """What to do about the error; its place is shown beside it."""
    if language() != "zh":
        return error.why
    for pattern, sentence in _SENTENCES:
        if found := re.fullmatch(pattern, error.why, re.DOTALL):
            return str(sentence) % found.groupdict() if found.groupdict() else str(sentence)
    return error.why
