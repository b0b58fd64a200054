"""A reference survives being read over the phone, and a slip of the finger is found."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from aftersales.kernel.refs import clean_ref, new_ref

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_a_thousand_are_different_and_letters_and_digits_only() -> None:
    refs = {new_ref("R") for _ in range(1000)}
    assert len(refs) == 1000
    assert all(ref[0] == "R" and ref[2:].isalnum() and len(ref) == 11 for ref in refs)


def test_it_is_read_however_it_is_typed() -> None:
    ref = "R-" + new_ref("R")[2:]
    assert clean_ref(f" {ref.lower()} ") == ref
    assert clean_ref(ref.replace("-", "")) == ref
    assert clean_ref(f"{ref[:6]} {ref[6:]}") == ref
    assert clean_ref(ref.replace("0", "O").replace("1", "l")) == ref


@given(st.integers(2, 10), st.sampled_from(_ALPHABET))
def test_every_wrong_character_is_found(position: int, wrong: str) -> None:
    ref = new_ref("T")
    if ref[position] != wrong:
        assert clean_ref(ref[:position] + wrong + ref[position + 1 :]) is None


@given(st.integers(2, 8))
def test_every_swap_of_neighbours_is_found(position: int) -> None:
    ref = new_ref("T")
    swapped = ref[:position] + ref[position + 1] + ref[position] + ref[position + 2 :]
    assert swapped == ref or clean_ref(swapped) is None


@given(st.text(string.printable + "退货单", max_size=15))
def test_anything_else_is_no_reference(text: str) -> None:
    cleaned = clean_ref(text)
    assert cleaned is None or clean_ref(cleaned) == cleaned
