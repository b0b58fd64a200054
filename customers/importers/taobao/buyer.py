"""The buyer and the address of a Taobao order. Both may be masked; what is masked is shown, never used."""

from __future__ import annotations

import re

from customers.actions.contacts import canonical_phone
from customers.actions.importing.shapes import AddressFacts, BuyerFacts
from customers.importers.buyers import buyer_key
from customers.importers.cells import Row

_POSTCODE = re.compile(r"[((（]\s*(\d{6})\s*[))）]\s*$")


def buyer_of(row: Row, number: str) -> BuyerFacts:
    nick = row.text("买家会员名", 80, cut=True)
    phones = [_phone(row, column) for column in ("联系手机", "联系电话")]
    known = tuple(dict.fromkeys(phone for phone in phones if phone))
    name = _plain(row, "收货人姓名", 80)
    return BuyerFacts(
        key=buyer_key(nick=nick, phone=known[0] if known else None, order=number),
        name="" if "*" in name else name,
        nick=nick,
        phones=known,
    )


def address_of(row: Row) -> AddressFacts | None:
    """Province, city and district stand first, parted by spaces; the postcode last, in brackets."""
    text = _plain(row, "修改后的收货地址", 400) or _plain(row, "收货地址", 400)
    if not text or text.casefold() == "null":
        return None
    postcode = match[1] if (match := _POSTCODE.search(text)) else ""
    parts = _POSTCODE.sub("", text).split()
    province, city, district, rest = [*parts[:3], *[""] * (3 - len(parts[:3])), " ".join(parts[3:])]
    return AddressFacts(
        recipient=_plain(row, "收货人姓名", 60),
        phone=_plain(row, "联系手机", 30) or _plain(row, "联系电话", 30),
        province=province[:40],
        city=city[:60],
        district=district[:60],
        line=rest[:200],
        postcode="" if postcode == "000000" else postcode,
        is_masked="*" in text,
    )


def _plain(row: Row, column: str, longest: int) -> str:
    return row.text(column, longest, cut=True).strip("' ")


def _phone(row: Row, column: str) -> str | None:
    return canonical_phone(row.identifier(column, 60).strip("' "))
