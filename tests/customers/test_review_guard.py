"""The guard of public replies, by a table of cases: what it must find, in which words, and where it must keep quiet."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import pytest

from customers.reviewing import Kind, Known, look_over
from customers.reviewing.digits import plain, read

TABLE = tomllib.loads(Path(__file__).with_name("guard_cases.toml").read_text(encoding="utf-8"))
CASES = [(part["kind"], text, words) for part in TABLE["find"] for text, words in part["cases"]]
ORDINARY = TABLE["ordinary"]["replies"]
CUSTOMER = Known(
    names=("王小明", "Ada Lin"),
    nicks=("tb_moon88",),
    phones=("+8613812345678",),
    emails=("ada.lin@example.org",),
    places=("杭州市", "西湖区"),
    streets=("文三路478号华星时代广场B座1203室",),
    orders=("2846153870921345678",),
    parcels=("SF1385628716739",),
)


@pytest.mark.parametrize(("kind", "text", "words"), CASES)
def test_it_is_found_in_these_words(kind: str, text: str, words: str) -> None:
    found = look_over(text, CUSTOMER)
    assert kind in [each.kind for each in found], found
    assert any(words in each.words for each in found if each.kind == kind), found
    assert all(text[each.start : each.end] == each.words for each in found)


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_reply_passes(text: str) -> None:
    assert look_over(text, CUSTOMER) == []


def test_there_are_cases_of_every_kind() -> None:
    assert {kind for kind, _text, _words in CASES} == set(Kind)
    assert len(CASES) >= 100
    assert len(ORDINARY) >= 30


def test_what_the_customer_wrote_in_public_is_no_secret() -> None:
    said = Known(places=("杭州市",), said="寄到杭州用了六天")
    assert look_over("到杭州用了六天，实在抱歉", said) == []
    assert [each.words for each in look_over("到杭州用了六天，实在抱歉", Known(places=("杭州市",)))] == ["杭州"]


def test_without_a_known_customer_patterns_still_hold() -> None:
    assert [each.kind for each in look_over("李女士，请拨打13800138000")] == ["name", "phone"]


def test_finds_do_not_overlap_and_stand_in_order() -> None:
    text = "王先生，订单2846153870921345678寄到文三路478号，电话13812345678，加微信shop2020，改好评返现"
    found = look_over(text, CUSTOMER)
    assert [each.kind for each in found] == ["name", "order", "address", "phone", "chat", "reward"]
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


def test_readings_keep_the_length_of_the_text() -> None:
    for text in (*ORDINARY, *(text for _kind, text, _words in CASES), "㏂①⑩ﬁ½"):
        assert len(plain(text)) == len(read(text)) == len(text)


def test_a_long_text_is_looked_over_at_once() -> None:
    """Whoever pastes a novel waits no longer: no pattern of the guard runs away."""
    assert look_over("一二三 四五六 " * 400 + "a" * 4_000 + "微信" * 500) is not None
