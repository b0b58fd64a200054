"""Claim codes of the sample's parcel cards, derived from the seed, so that the command can tell them again."""

from __future__ import annotations

import hashlib

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def card_code(seed: int, number: str) -> str:
    """`7K2M-QX94`: the same for the same seed and order. Never used for orders of a real shop, whose codes are random."""
    value = int.from_bytes(hashlib.sha256(f"sample:{seed}:{number}".encode()).digest()[:5], "big")
    body = "".join(_ALPHABET[value >> shift & 31] for shift in range(35, -1, -5))
    return f"{body[:4]}-{body[4:]}"
