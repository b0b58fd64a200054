"""What a text must be to be kept: no characters that cannot be stored or shown, not empty, not too long."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput

LONGEST_MESSAGE = 5000
LONGEST_DRAFT = 50_000  # ten times a message: what was pasted by mistake is kept until somebody has shortened it


def clean_text(text: str, *, field: str = "text", longest: int = LONGEST_MESSAGE) -> str:
    """Text as it is kept: NFC, no control characters but newline and tab, no half characters, not empty, not too long."""
    if len(text) > 4 * longest:  # far too long is said before anything looks at every character
        raise _too_long(len(text), longest, field)
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in plain):
        raise BadInput(_("The text holds characters that cannot be shown. Please type it again."), field=field)
    if not plain:
        raise BadInput(_("Please write something first."), field=field, code="empty")
    if len(plain) > longest:
        raise _too_long(len(plain), longest, field)
    return plain


def keepable(text: str) -> str:
    """What the database can store of a draft, letter for letter: without NUL and half characters, cut at `LONGEST_DRAFT`."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")[:LONGEST_DRAFT]


def _too_long(length: int, longest: int, field: str) -> BadInput:
    return BadInput(
        _("The text has %(length)s characters; %(longest)s are the most."),
        field=field,
        code="too_long",
        length=length,
        longest=longest,
    )
