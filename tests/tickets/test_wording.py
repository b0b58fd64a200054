"""The check before sending: what it finds, where, and what it leaves alone. Pure: no database but for the shop's own lists."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tickets.wording import Term, apologises, look_over

WORDS = Path(__file__).resolve().parents[2] / "tickets" / "wording" / "words.toml"
TERMS = [
    Term(row["fault"], text, row.get("instead", ""))
    for row in tomllib.loads(WORDS.read_text(encoding="utf-8"))["term"]
    for text in row["texts"]
]


@pytest.mark.parametrize(
    ("text", "fault", "words"),
    [
        ("这是您自己的问题。", "blame", "您自己的问题"),
        ("是您自己不小心造成的", "blame", "您自己不小心造成"),
        ("这个您去问快递吧", "push_away", "去问快递"),
        ("请您自行联系快递处理", "push_away", "自行联系快递"),
        ("这个我们不负责", "push_away", "我们不负责"),
        ("You should have read it.", "blame", "You should have"),
        ("Please contact  the carrier.", "push_away", "contact  the carrier"),
        ("请打 138 0013 8000 找我", "phone", "138 0013 8000"),
        ("身份证 11010519491231002X 收到", "id_number", "11010519491231002X"),
        ("READ THE MANUAL FIRST!", "shouting", "READ THE MANUAL FIRST!"),
        ("我们 {promise_due} 前答复", "hole", "{promise_due}"),
    ],
)
def test_it_finds_the_words_and_their_place(text: str, fault: str, words: str) -> None:
    found = look_over(text, TERMS)
    assert [(each.fault, each.words) for each in found] == [(fault, words)]
    assert text[found[0].start : found[0].end] == words


@pytest.mark.parametrize(
    "text",
    [
        "", "非常抱歉，我们马上核实。", "我们来联系快递，有结果马上告诉您。", "订单号：19513967161 已发出",
        "请问快递公司叫什么？",
        "订单 20260000000000000012，运单 SF1234567890123",
        "We are sorry and look into it.", "Your USB C cable and the PDF",
        "The shoulder is fine, no faulty part.", "编号 T-0DXZ0G00C",
    ],
)  # fmt: skip
def test_it_leaves_ordinary_words_alone(text: str) -> None:
    assert look_over(text, TERMS) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("非常抱歉给您带来不便", True), ("We are sorry.", True), ("We apologise", True), ("您好，请说明情况", False),
        ("我们不会道歉", False), ("There is no need to apologise", False), ("We are not sorry", False),
    ],
)  # fmt: skip
def test_an_apology_is_one_unless_it_is_denied(text: str, said: bool) -> None:
    assert apologises(text, TERMS) is said


def test_a_first_answer_to_a_complaint_lacks_its_apology() -> None:
    assert [each.fault for each in look_over("您好", TERMS, needs_apology=True)] == ["no_apology"]
    assert look_over("您好，非常抱歉", TERMS, needs_apology=True) == []


def test_a_megabyte_of_text_is_looked_over_within_a_second() -> None:
    import time

    began = time.monotonic()
    look_over("您自己" * 350_000, TERMS)
    assert time.monotonic() - began < 5
