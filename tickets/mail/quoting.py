"""Tell what somebody wrote from what they quote below it. Pure."""

from __future__ import annotations

import re

# Lines with which mail programs begin the mail that is answered, in the languages our customers write.
_BEGINNINGS = (
    re.compile(
        r"^-{2,} ?(original message|original|原始邮件|原始郵件|forwarded message|转发邮件|ursprüngliche nachricht) ?-{2,}.*$",
        re.I,
    ),
    re.compile(r"^on .{4,120}wrote: ?$", re.I),
    re.compile(r"^(am|le|el) .{4,120}(schrieb|a écrit|escribió).{0,80}: ?$", re.I),
    re.compile(r"^(于|在)? ?\d{4} ?[-年/.].{2,100}(写道|寫道)[：:]? ?$"),
    re.compile(r"^.{1,80}(于|在) ?\d{4}.{2,60}(写道|寫道)[：:]? ?$"),
    re.compile(r"^_{20,}$"),
)
_HEAD = re.compile(r"^(from|发件人|寄件者|von) ?[:：] ?\S", re.I)
_HEAD_NEXT = re.compile(
    r"^(sent|date|to|subject|cc|发送时间|日期|收件人|抄送|主题|收件者|主旨|gesendet|an|betreff) ?[:：]", re.I
)


def split(text: str) -> tuple[str, str]:
    """What is new, and the quoted history below it. A mail that only quotes counts as new: nothing is hidden whole."""
    lines = text.split("\n")
    at = next((number for number in range(len(lines)) if _begins(lines, number)), len(lines))
    new, old = "\n".join(lines[:at]).strip(), "\n".join(lines[at:]).strip()
    return (new, old) if new else (text.strip(), "")


def _begins(lines: list[str], at: int) -> bool:
    line = lines[at].strip()
    if not line or len(line) > 300:
        return False
    if any(each.match(line) for each in _BEGINNINGS):
        return True
    if _HEAD.match(line):
        return any(_HEAD_NEXT.match(each.strip()) for each in lines[at + 1 : at + 4])
    # A block of `>` lines that runs to the end; an answer between quoted lines stays whole.
    return line.startswith(">") and all(not each.strip() or each.lstrip().startswith(">") for each in lines[at:])
