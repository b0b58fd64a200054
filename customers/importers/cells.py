"""Read one cell as text, number, money or instant, or say in one sentence why it cannot be read. Used by every source."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput, type_sentence
from aftersales.kernel.money import Money, digits_of
from customers.importers.problems import BadCell

_AS_TEXT = re.compile(r'^="(.*)"$', re.DOTALL)
# An apostrophe that an export put before what a spreadsheet would have run as a formula.
_SHIELDED = re.compile(r"^'[\s\u3000]*[=+\-@＝＋－＠]")
_SCIENTIFIC = re.compile(r"^[+-]?\d+(\.\d+)?e[+]?\d+$", re.IGNORECASE)
_POINT_ZERO = re.compile(r"^(\d+)\.0+$")
_EXACT_DIGITS = 15  # a spreadsheet's number is a double: from the sixteenth digit on it invents
_MOST_UNITS = 100_000
_YEARS = range(2000, 2101)
_INSTANTS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
)
_YES = frozenset({"1", "yes", "y", "true", "是", "有"})
_NO = frozenset({"", "0", "no", "n", "false", "否", "无"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: `line` counts from 1 as an editor does; `cells` by column name."""

    file: str
    line: int
    cells: Mapping[str, object]

    def raw(self, column: str) -> object:
        return self.cells.get(column)

    def _bad(self, column: str, sentence: type_sentence, *, code: str, **params: Any) -> BadCell:
        return BadCell(column, sentence, code=code, file=self.file, line=self.line, **params)

    def _rounded(self, column: str, value: object) -> BadCell:
        return self._bad(
            column,
            _(
                "“%(text)s” was a long number and the spreadsheet has rounded it, so its last digits are lost. "
                "Format the column as text and export again."
            ),
            code="number_rounded",
            text=str(value)[:40],
        )

    def text(self, column: str, longest: int = 500, *, required: bool = False, cut: bool = False) -> str:
        """Trimmed NFC text; `cut` shortens what is too long (free text only), otherwise it is refused."""
        plain = self._plain(column)
        if required and not plain:
            raise self._bad(column, _("This cell is empty, and the order cannot do without it."), code="cell_empty")
        if len(plain) <= longest:
            return plain
        if cut:
            return plain[: longest - 1] + "…"
        raise self._bad(
            column,
            _("The text has %(length)s characters; %(longest)s are the most."),
            code="cell_too_long",
            length=len(plain),
            longest=longest,
        )

    def _plain(self, column: str) -> str:
        value = self.raw(column)
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer() and abs(value) < 10**_EXACT_DIGITS:
            value = int(value)
        text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").strip("\ufeff\u200b \t\r\n\u3000")
        if match := _AS_TEXT.match(text):
            text = match[1].strip()
        if _SHIELDED.match(text):
            text = text[1:]
        if any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in text):
            raise self._bad(column, _("The cell holds control characters."), code="cell_control")
        return text

    def identifier(self, column: str, longest: int = 64, *, required: bool = False) -> str:
        """A number that is a name: order number, tracking number, article. Refused where a spreadsheet has rounded it."""
        value = self.raw(column)
        if isinstance(value, bool | dt.datetime | dt.date):
            raise self._bad(
                column, _("“%(text)s” is not a number of this kind."), code="cell_not_number", text=str(value)
            )
        if isinstance(value, int | float) and abs(value) >= 10**_EXACT_DIGITS:
            raise self._rounded(column, value)
        text = self.text(column, longest, required=required).lstrip("'")
        if _SCIENTIFIC.match(text):
            raise self._rounded(column, text)
        if match := _POINT_ZERO.match(text):
            if len(match[1]) > _EXACT_DIGITS:
                raise self._rounded(column, text)
            return match[1]
        return text

    def money(self, column: str, currency: str, *, default: int | None = 0) -> int:
        """Minor units of `currency`. An empty cell is `default`; without one it is refused. Never negative."""
        value = self.raw(column)
        text = self._plain(column)
        if text in ("", "-", "--"):
            if default is None:
                raise self._bad(column, _("This cell is empty, and the order cannot do without it."), code="cell_empty")
            return default
        if isinstance(value, float) and math.isfinite(value):
            # What a formula leaves (30.000000000000004) is thirty; what a person typed keeps its decimals.
            text = str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits_of(currency) - 4)).normalize())
        try:
            amount = Money.parse(text, currency)
        except BadInput as problem:
            raise self._bad(column, problem.sentence, code=problem.code, **problem.params) from problem
        if amount.minor < 0:
            raise self._bad(column, _("“%(text)s” is negative."), code="money_negative", text=text)
        return amount.minor

    def quantity(self, column: str, *, default: int | None = None) -> int:
        """A whole number of units, at least one."""
        text = unicodedata.normalize("NFKC", self._plain(column)).replace(",", "")
        if not text and default is not None:
            return default
        if match := _POINT_ZERO.match(text):
            text = match[1]
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_UNITS):
            raise self._bad(
                column,
                _("“%(text)s” is not a quantity: it must be a whole number from 1 to %(most)s."),
                code="quantity_unreadable",
                text=text[:40],
                most=_MOST_UNITS,
            )
        return int(text)

    def instant(self, column: str, zone: ZoneInfo, *, required: bool = False) -> dt.datetime | None:
        """An instant in UTC. What carries no offset was written in `zone`; a day without a time is its midnight."""
        value = self.raw(column)
        if isinstance(value, dt.datetime):
            return self._in_utc(column, value, zone)
        if isinstance(value, dt.date):
            return self._in_utc(column, dt.datetime.combine(value, dt.time.min), zone)
        text = self._plain(column)
        if not text:
            if required:
                raise self._bad(column, _("This cell is empty, and the order cannot do without it."), code="cell_empty")
            return None
        parsed = _parsed(text)
        if parsed is None:
            raise self._bad(
                column,
                _("“%(text)s” is not a date. Write 2026-01-31 or 2026-01-31 18:05:00."),
                code="date_unreadable",
                text=text[:40],
            )
        return self._in_utc(column, parsed, zone)

    def _in_utc(self, column: str, value: dt.datetime, zone: ZoneInfo) -> dt.datetime:
        if value.year not in _YEARS:
            raise self._bad(column, _("The year %(year)s cannot be right."), code="date_far", year=value.year)
        aware = value if value.tzinfo else value.replace(tzinfo=zone)
        return aware.astimezone(dt.UTC)

    def flag(self, column: str) -> bool:
        """Yes or no; empty is no."""
        text = self._plain(column).casefold()
        if text in _YES:
            return True
        if text in _NO:
            return False
        raise self._bad(column, _("“%(text)s” is neither yes nor no."), code="flag_unreadable", text=text[:40])


def _parsed(text: str) -> dt.datetime | None:
    plain = unicodedata.normalize("NFKC", text).replace("/", "-")
    for form in _INSTANTS:
        try:
            return dt.datetime.strptime(plain, form)  # noqa: DTZ007  the zone is the caller's
        except ValueError:
            continue
    try:
        return dt.datetime.fromisoformat(plain)
    except ValueError:
        return None
