"""The courier of an export as our code. Exports write names in full, in short, or the code itself. For sources."""

from __future__ import annotations

from aftersales.kernel.couriers import COURIERS

# How a name begins, in Chinese; the rest (速运, 快递, 物流) differs from export to export.
_BEGINNINGS = {
    "顺丰": "SF", "中通": "ZTO", "圆通": "YTO", "申通": "STO", "韵达": "YD", "极兔": "JTSD", "京东": "JD", "德邦": "DBL",
    "邮政": "YZPY", "中国邮政": "YZPY", "EMS": "EMS",
}  # fmt: skip


def courier_code(text: str) -> str:
    """Our code, or the text as it was written where the courier is none of ours (at most 40 characters)."""
    plain = text.strip()
    if plain.upper() in COURIERS:
        return plain.upper()
    for beginning, code in _BEGINNINGS.items():
        if plain.upper().startswith(beginning):
            return code
    return plain[:40]
