"""Phone, identity card, order and parcel numbers in a text, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from customers.reviewing.digits import Squeezed, joined, read, runs, without_dates
from customers.reviewing.finding import Finding, Kind
from customers.reviewing.known import Known

_MOBILE = re.compile(r"(?:00)?(?:86)?1[3-9]\d{9}")
_ID = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_CALL = r"(?:电话|手机|致电|拨打|来电|去电|座机|热线|专线|联系方式|[Tt]el|[Pp]hone|[Cc]all|[Mm]obile|[Ww]hats[Aa]pp)"
_PHONES = (
    re.compile(r"(?<!\d)\(?0\d{2,3}\)?[-\s]{0,2}\d{7,8}(?!\d)"),  # 0571-88886666
    re.compile(r"(?<!\d)[48]00[-\s]?\d{3,4}[-\s]?\d{3,4}(?!\d)"),
    re.compile(r"\+\d{1,3}[-\s(]{0,2}\d[\d\s()-]{6,15}\d"),
    re.compile(rf"{_CALL}[^\d\n。！？]{{0,8}}(?P<number>\d(?:[\s-]?\d){{6,12}})"),
    re.compile(r"(?<!\d)1[3-9]\d\s?[*＊xX·•]{3,8}\s?\d{0,4}"),  # 138****5678
    re.compile(r"(?:尾号|末四位|后四位|last (?:four|4) digits)\D{0,4}\d{4}(?!\d)"),
)
_TRACKING = re.compile(
    r"(?<![A-Za-z])(?:SF|YT|JT|JD[A-Z]{0,2}|DPK|ZTO|STO|YD|EMS|E[A-Z])[-\s]?\d{9,16}(?:CN)?", re.IGNORECASE
)
_NUMBERED = r"[^\w\n]{0,3}(?:是|为|is)?[^\w\n]{0,3}"
_TRACKING_TOLD = re.compile(
    rf"(?:快递|运|物流|面|追踪)单号?{_NUMBERED}[A-Za-z]{{0,4}}\d[\d\s-]{{4,18}}\d"
    rf"|(?:tracking|waybill)(?: number| no\.?)?{_NUMBERED}[A-Z]{{0,4}}\d[\d\s-]{{4,18}}\d", re.IGNORECASE
)  # fmt: skip
_ORDER_TOLD = re.compile(
    rf"(?:订单|单|交易|退款|售后)(?:编?号|号码){_NUMBERED}[A-Za-z]{{0,4}}-?\d[\d\s-]{{3,22}}\d"
    rf"|order(?: number| no\.?| id|)?{_NUMBERED}#?[A-Z]{{0,4}}-?\d[\d-]{{3,22}}\d", re.IGNORECASE
)  # fmt: skip
_OURS = re.compile(r"(?<![A-Za-z0-9])[A-Z]-[0-9A-HJKMNP-TV-Z]{9}(?![A-Za-z0-9])")  # R-7K2MQX94D
_LONG = range(9, 40)
_SHORTEST_KNOWN = 5
_SHORTEST_PART = 6  # digits of a known number that tell it


def find(text: str, known: Known) -> Iterator[Finding]:
    """Every number that may lead to a person or an order."""
    digits = read(text)
    numbers = without_dates(digits)

    def found(kind: Kind, start: int, end: int) -> Finding:
        return Finding(kind, start, end, text[start:end])

    for pattern in _PHONES:
        for match in pattern.finditer(numbers):
            yield found(Kind.PHONE, *match.span("number" if "number" in pattern.groupindex else 0))
    for pattern, kind in ((_TRACKING, Kind.TRACKING), (_TRACKING_TOLD, Kind.TRACKING), (_ORDER_TOLD, Kind.ORDER)):
        for match in pattern.finditer(numbers):
            yield found(kind, *match.span())
    for match in _OURS.finditer(text):
        yield found(Kind.ORDER, *match.span())
    for row in runs(numbers, loose=True):
        for run in joined(row, range(11, 16)):
            if _MOBILE.fullmatch(run.digits):
                yield found(Kind.PHONE, run.start, run.end)
    for row in runs(numbers, loose=False):
        for run in joined(row, range(17, 19)):
            tail = 1 if len(run.digits) == 17 and numbers[run.end : run.end + 1] in ("x", "X") else 0
            if (tail or len(run.digits) == 18) and _ID.match(run.digits):
                yield found(Kind.ID_NUMBER, run.start, run.end + tail)
        yield from (found(Kind.NUMBER, run.start, run.end) for run in joined(row, _LONG))
    yield from (found(kind, *span) for kind, span in _known(Squeezed.of(digits), digits, known))


def _known(squeezed: Squeezed, digits: str, known: Known) -> Iterator[tuple[Kind, tuple[int, int]]]:
    """What the archive holds, whole or in a part that tells it."""
    for kind, values in ((Kind.ORDER, known.orders), (Kind.TRACKING, known.parcels), (Kind.PHONE, known.phones)):
        for value in values:
            bare = Squeezed.of(value).text.removeprefix("86") if kind == Kind.PHONE else Squeezed.of(value).text
            if len(bare) < _SHORTEST_KNOWN:
                continue
            for span in squeezed.spans(bare):
                yield kind, span
            for match in re.finditer(rf"\d{{{_SHORTEST_PART},}}", digits):
                if match[0] in bare:
                    yield kind, match.span()
