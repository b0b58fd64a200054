"""Ask kuaidi100 (快递100) where a parcel is: the signed question, and what the answer means. Pure: no clock, no network.

After its public document 实时快递单号查询 (https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc, read in November 2026):
a POST of the form `customer`, `sign`, `param` to poll/query.do. `sign` is the MD5 of `param` + key + `customer`, one behind
the other and in 32 capitals, over the very text that is sent. In `param`: `com` in lower case, `num` of 6 to 32 characters,
`phone` of receiver or sender, which SF and ZTO require; `resultv2` 4 brings a code with each scan. A number asked more than
once in half an hour is locked. Error codes as its clients list them: 400 data or courier, 408 phone does not match, 500 no
result yet, 501 and 502 its servers, 503 signature, 600 and 601 the key (not allowed, expired, used up).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from customers.carriers.kuaidi100 import PINYIN

SHORTEST, LONGEST = 6, 32
NEEDS_PHONE = frozenset({"SF", "ZTO"})
_NOTHING_YET = ("500", "201")
_OF_THIS_PARCEL = ("400", "408")

_WHY = {
    "501": "its server has an error",
    "502": "its server is busy",
    "503": "the signature is wrong; look at TRACKING_ASK_KEY and TRACKING_ASK_CUSTOMER",
    "600": "the key may not ask",
    "601": "the key has expired, or its questions are used up",
}


class NotAnswered(Exception):
    """It cannot answer now, or not with this key: its servers, the signature, the quota. `code` is its own."""

    def __init__(self, code: str) -> None:
        why = _WHY.get(code, "for a reason we do not know")
        super().__init__(f"kuaidi100 does not answer: {why} (code {code}).")
        self.code = code


class NotAskable(Exception):
    """It will not tell of this parcel as it is asked: courier, number or phone are wrong."""


def may_ask(carrier: str, number: str) -> bool:
    """Whether the number is one that can be asked for."""
    return carrier in PINYIN and SHORTEST <= len(number) <= LONGEST


def question(carrier: str, number: str, phone: str, *, customer: str, key: str) -> dict[str, str]:
    """The fields of the form. `carrier` is our code; `phone` in digits, or "" where the carrier does not need it."""
    asked = {"com": PINYIN[carrier], "num": number, "phone": phone, "resultv2": "4", "show": "0", "order": "desc"}
    param = json.dumps(asked, ensure_ascii=False, separators=(",", ":"))
    sign = hashlib.md5((param + key + customer).encode(), usedforsecurity=False).hexdigest().upper()
    return {"customer": customer, "sign": sign, "param": param}


def understood(body: bytes, number: str) -> Mapping[str, Any] | None:
    """The answer, fit for `kuaidi100.read`; None where nothing is known of the number yet.

    Raises `NotAskable` where this parcel is the reason, and `NotAnswered` for everything else.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise NotAnswered("unreadable") from None
    if not isinstance(told, dict):
        raise NotAnswered("unreadable")
    code = str(told.get("returnCode") or told.get("status") or "")
    if code in _NOTHING_YET:
        return None
    if code in _OF_THIS_PARCEL:
        raise NotAskable(f"kuaidi100 does not know this courier, number or phone (code {code}).")
    if code != "200":
        raise NotAnswered(code[:20] or "none")
    if str(told.get("nu", "")).strip().upper() != number.upper():
        raise NotAskable("kuaidi100 told of another number.")
    return told if told.get("data") else None
