"""The words of an HTML mail. Its HTML is never shown: only text comes out of here. Pure."""

from __future__ import annotations

import html
import re

import nh3

MOST = 1_000_000  # characters of HTML looked at; what follows is in the original
_BLOCKS = {
    "p",
    "div",
    "li",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "table",
    "ul",
    "ol",
    "pre",
    "section",
}
_KEPT = {"br", "td", *_BLOCKS}
_TAG = re.compile(r"<(/?)([a-z0-9]+)>")
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_UNCLOSED = {"br", "hr", "img", "p", "li", "td", "th", "tr", "meta", "link", "input", "col", "wbr", "o"}
_DEEPEST = 1_000


def text_of(markup: str) -> str:
    """Text with lines and paragraphs; quotations get `> ` in front of each line. Scripts, styles and addresses are gone."""
    clean = nh3.clean(_shallow(markup[:MOST]), tags=_KEPT, attributes={}, strip_comments=True, link_rel=None)
    lines: list[str] = [""]
    depth = 0

    def begin() -> None:
        if lines[-1].strip():
            lines.append("")

    for position, piece in enumerate(_TAG.split(clean)):
        part = position % 3
        if part == 0:
            words = " ".join(html.unescape(piece).replace("\u00a0", " ").split())
            if words:
                gap = " " if piece[:1].isspace() and lines[-1].strip() else ""
                lines[-1] = (lines[-1] or "> " * min(depth, 5)) + gap + words + (" " if piece[-1:].isspace() else "")
        elif part == 1:
            closing = piece == "/"
        elif piece == "br":
            lines.append("")
        elif piece == "td":
            lines[-1] = lines[-1] + " " if lines[-1].strip() else lines[-1]
        elif piece == "blockquote":
            begin()
            depth = max(0, depth + (-1 if closing else 1))
        else:
            begin()
            if closing and piece == "p" and lines[-2:] != ["", ""]:
                lines.append("")
    told = "\n".join(line.rstrip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", told).strip()


def _shallow(markup: str) -> str:
    """Without any tag where they nest deeper than a mail program writes: the parser spends quadratic time on depth."""
    depth = deepest = 0
    for tag in _ANY_TAG.finditer(markup):
        if tag[2].casefold() not in _UNCLOSED:
            depth = max(0, depth + (-1 if tag[1] else 1))
            deepest = max(deepest, depth)
    return markup if deepest <= _DEEPEST else re.sub(r"<[^>]{0,2000}>?", " ", markup)
