"""How a phone number or e-mail address is written so that two spellings of one are equal. Used by proof and importers."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from customers.models import ContactPoint

_EMAIL = re.compile(r"^[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@]{1,185}\.[^\s@.]{2,63}$")


def canonical_phone(text: str, region: str = "CN") -> str | None:
    """E.164, such as `+8613800138000`; None for what is no number or is masked (`138****8000`).

    Possible, not valid: number ranges are opened faster than tables of them are published.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'")
    if not plain or "*" in plain:
        return None
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def canonical_email(text: str) -> str | None:
    """Small letters throughout; None for what is no address. Mail to one never depended on the case in practice."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    return plain if len(plain) <= 254 and "*" not in plain and _EMAIL.match(plain) else None


def canonical(text: str, region: str = "CN") -> tuple[str, str] | None:
    """Kind and canonical value of what somebody typed as their contact, or None where it is neither."""
    if "@" in unicodedata.normalize("NFKC", text):
        email = canonical_email(text)
        return (ContactPoint.Kind.EMAIL.value, email) if email else None
    phone = canonical_phone(text, region)
    return (ContactPoint.Kind.PHONE.value, phone) if phone else None
