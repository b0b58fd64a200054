"""Free text as the archive keeps it. Used by notes, promises, reasons and names."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput


def kept_text(text: str, *, field: str, longest: int, required: bool = True) -> str:
    """NFC, trimmed, no control characters but newline and tab. Raises `BadInput` with the field and what to do."""
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if any(unicodedata.category(each) == "Cc" and each not in "\n\t" for each in plain):
        raise BadInput(_("The text holds characters that cannot be shown. Please type it again."), field=field)
    if required and not plain:
        raise BadInput(_("Please write something first."), field=field, code="empty")
    if len(plain) > longest:
        raise BadInput(
            _("The text has %(length)s characters; %(longest)s are the most."),
            field=field,
            code="too_long",
            length=len(plain),
            longest=longest,
        )
    return plain
