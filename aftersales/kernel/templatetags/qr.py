"""`{% qr text %}`: a QR code as inline SVG, so that it prints sharp and needs no picture address."""

from typing import Any

import segno
from django import template
from django.utils.safestring import mark_safe

register = template.Library()


@register.inclusion_tag("parts/qr.html")
def qr(text: str, label: str = "", error: str = "m") -> dict[str, Any]:
    """A code that holds `text`; `label` says to readers of screens what is behind it.

    `error` is the correction level (l, m, q, h): m survives a scratched label, higher ones need a larger print.
    """
    code = segno.make(text, error=error, micro=False)
    # segno escapes nothing of ours into the drawing: the text becomes black and white squares only.
    drawing = code.svg_inline(omitsize=True, svgclass=None, lineclass=None, border=2)
    return {"drawing": mark_safe(drawing), "label": label}  # noqa: S308
