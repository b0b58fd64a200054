"""Addresses in a text: house numbers, rooms, estates, city with district; and every part of the customer's own address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from customers.reviewing.digits import Squeezed, plain, read
from customers.reviewing.finding import Finding, Kind
from customers.reviewing.known import Known

_HAN = r"[\u4e00-\u9fff]"
_ADDRESSES = (
    re.compile(rf"{_HAN}{{1,8}}(?:路|街|大道|巷|胡同|里弄)\s*\d{{1,5}}\s*(?:号|弄)(?!店)"),
    re.compile(r"(?<!\d)\d{1,4}\s*(?:号楼|栋|幢|单元|弄)(?:\s*\d{1,4}\s*(?:单元|楼|层|室|号|房))*"),
    re.compile(r"(?<!\d)\d{3,4}\s*(?:室|房间|号房)(?!内)"),
    re.compile(rf"{_HAN}{{2,8}}(?:小区|花园|公寓|家园|新村|新苑|宿舍|大厦|写字楼)\s*\d{{1,4}}"),
    re.compile(rf"{_HAN}{{2,4}}(?:省|自治区)\s*{_HAN}{{2,5}}[市州盟]\s*{_HAN}{{1,6}}[区县市旗](?![别分间域])"),
    re.compile(
        r"(?<![超门城])[^\W\d_a-zA-Z的了是在有请和与从到]{2,3}市(?![面场民价售上值区])[^\W\d_a-zA-Z的了是在有]{2,4}[区县](?![别分间域])"
    ),
    re.compile(rf"{_HAN}{{2,4}}(?:街道|镇|乡){_HAN}{{1,8}}(?:村|路|街|社区)"),
    re.compile(r"(?:收货|收件|家庭|详细|您的?|你的?)(?:地址|住址)\s*(?:是|为|[：:])\s*\S{4,40}"),
    re.compile(r"邮(?:政)?编(?:码)?\D{0,3}\d{6}(?!\d)"),
    re.compile(
        r"\b\d{1,5}\s+(?:[A-Z][\w']+\s){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Way)\b"
    ),
    re.compile(r"\b(?:Room|Apt|Apartment|Flat|Unit|Suite)\.?\s*#?\d{1,5}\b", re.IGNORECASE),
    re.compile(r"\bNo\.?\s?\d{1,5},?\s+[A-Z]\w+(?:\s[A-Z]\w+)?\s(?:Road|Street|Lane)\b"),
)
_PIECES = re.compile(rf"{_HAN}{{2,6}}?(?:路|街|大道|巷|小区|花园|公寓|家园|新村|苑|大厦|广场|村|学校|大学|医院)")
_KIND_OF_PLACE = re.compile(r"(?:特别行政区|自治州|自治县|自治区|地区|新区|市|区|县|旗|盟|州)$")
_WINDOW = 5  # characters of a street line that tell it


def find(text: str, known: Known) -> Iterator[Finding]:
    """What tells where somebody lives."""
    digits = read(text)
    for pattern in _ADDRESSES:
        for match in pattern.finditer(digits):
            if len(re.findall(r"\d", match[0])) == 1 and "一" in text[match.start() : match.end()]:
                continue  # 一栋, 写字楼一样: the numeral is only a word
            yield Finding(Kind.ADDRESS, *match.span(), text[match.start() : match.end()])
    for start, end in _known(Squeezed.of(digits), known):
        yield Finding(Kind.ADDRESS, start, end, text[start:end])


def _known(squeezed: Squeezed, known: Known) -> Iterator[tuple[int, int]]:
    said = plain(known.said)
    for place in known.places:
        name = _KIND_OF_PLACE.sub("", place.strip())
        if len(name) >= 2 and "*" not in name and name not in said:
            yield from squeezed.spans(Squeezed.of(read(name)).text)
    for line in known.streets:
        for piece in _PIECES.findall(line):
            if len(piece) >= 3 and piece not in said:
                yield from squeezed.spans(Squeezed.of(read(piece)).text)
        bare = Squeezed.of(read(line)).text
        for at in range(len(bare) - _WINDOW + 1):
            yield from squeezed.spans(bare[at : at + _WINDOW])
