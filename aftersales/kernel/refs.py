"""References people read aloud: a letter for the kind, eight random characters, one check character."""

from __future__ import annotations

import secrets
import unicodedata

# Crockford's base 32: no I, L, O, U, so nothing is misheard as a digit or spells a word.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK = _ALPHABET + "*~$=U"  # modulus 37 finds every wrong character and every swap of neighbours
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})
_LENGTH = 8
_SHIFTS = range(5 * (_LENGTH - 1), -1, -5)
_SPOKEN = "RTFPV"  # kinds people read aloud: returns, tickets, refunds, people, visits


def _check_character(kind: str, body: str) -> str:
    value = ord(kind)
    for character in body:
        value = (value * 32 + _ALPHABET.index(character)) % 37
    return _CHECK[value]


def new_ref(kind: str) -> str:
    """A fresh reference such as `R-7K2MQX94D`: 40 random bits, so it cannot be guessed from the one before.

    Bodies whose check character would be a symbol are skipped: a reference is letters and digits only.
    """
    while True:
        if (ref := ref_of(kind, secrets.randbelow(32**_LENGTH))) is not None:
            return ref


def ref_of(kind: str, number: int) -> str | None:
    """The reference whose body is this number (below 32^8), or None where its check character would be a symbol.

    `new_ref` and the sample shop use it; the sample counts, because a million random references would meet.
    """
    check = _CHECK[(ord(kind) * 32**_LENGTH + number) % 37]  # as `_check_character` says it of the body
    if check not in _ALPHABET:
        return None
    body = "".join([_ALPHABET[number >> shift & 31] for shift in _SHIFTS])
    return f"{kind}-{body}{check}"


def clean_ref(text: str) -> str | None:
    """The canonical form of what somebody typed (spaces, small letters, O for 0), or None if it is no reference."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    kind, rest = plain[:1], plain[1:].translate(_MISREAD)
    if not kind.isascii() or not kind.isalpha() or len(rest) != _LENGTH + 1:
        return None
    body, check = rest[:-1], rest[-1]
    if any(character not in _ALPHABET for character in body) or _check_character(kind, body) != check:
        return None
    return f"{kind}-{body}{check}"


def refs_without_kind(text: str) -> list[str]:
    """The references it may be the end of, when the letter of the kind was left out (people copy what follows the dash).

    The check character counts the kind in, so mostly there is one; an ordinary word may pass by chance, so ask for
    these only when nothing else was found.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("-")
    return [ref for kind in _SPOKEN if (ref := clean_ref(f"{kind}-{plain}")) is not None]
