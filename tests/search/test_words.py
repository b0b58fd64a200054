"""What texts are found by, without a database: every piece of a text that people would type is answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.search.kinds import kinds
from aftersales.search.marks import marked, snippet
from aftersales.search.question import LONGEST, Asked, Question
from aftersales.search.words import (
    asked_of,
    fold,
    kept_as,
    kind_token,
    number_token,
    tokens_of,
    tokens_of_number,
    tokens_of_phone,
    word_token,
)

TEXT = "退货的亚麻衬衫（白 M）拉链坏了，请看 Photo-2 和 SKU：ＡＢ１２３，谢谢🙏"


def question(text: str) -> Question:
    return Question.of(Asked.of(text))


def answers(text: str, asked: str) -> bool:
    return question(asked).tokens <= tokens_of(text) and question(asked).holds_phrases(text)


@pytest.mark.parametrize(
    "asked",
    ["退", "退货", "货", "亚麻衬衫", "白", "M", "m", "拉链 谢谢", "photo", "Pho", "ph", "2", "AB123", "ａｂ１２３", "ab1",
     "🙏", "谢谢🙏", '"拉链坏了，请看"', "“亚麻衬衫”", "「photo-2 和」", "（白"],
)  # fmt: skip
def test_every_piece_of_a_text_finds_it(asked: str) -> None:
    assert question(asked).tokens
    assert answers(TEXT, asked)


@pytest.mark.parametrize("asked", ["货退", "衬", "hoto", "退款", "photos", "ab1234", '"请看拉链"', "拉链 退款", "😀"])
def test_what_is_not_there_does_not(asked: str) -> None:
    assert answers(TEXT, asked) is (asked == "衬")


@given(st.text(alphabet="退货款的拉链坏了请看很好衬衫", min_size=1, max_size=40), st.data())
def test_any_run_of_characters_is_found_from_one_character_on(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    asked = text[start : data.draw(st.integers(start + 1, len(text)))]
    assert answers(text, asked)
    assert answers(text, f'"{asked}"')


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever is typed or stored: halves of surrogate pairs, control characters, any script."""
    asked = question(text)
    assert len(Asked.of(text).text) <= LONGEST
    assert all(0 < token < 1 << 63 for token in tokens_of(text) | asked.tokens | asked.exact)
    marked(text, asked.terms).encode()
    snippet(text, asked.terms).encode()


def test_characters_are_those_of_one_kind_and_words_of_all() -> None:
    kept = {kind.name: kept_as(kind.name, tokens_of("退货 AB123")) for kind in kinds()}
    shared = set.intersection(*kept.values())
    assert shared == tokens_of("AB123")
    assert sum(len(tokens - shared) for tokens in kept.values()) == len(set().union(*kept.values()) - shared)
    assert all(0 < token < 1 << 63 for tokens in kept.values() for token in tokens)


@pytest.mark.parametrize("text", ["退", "退货", "退货 ab123", "AB123"])
def test_what_is_asked_of_a_kind_only_that_kind_answers(text: str) -> None:
    of_ticket, of_order = [kept_as(kind, tokens_of(TEXT)) | {kind_token(kind)} for kind in ("ticket", "order")]
    asked = asked_of("ticket", question(text).tokens)
    assert asked <= of_ticket
    assert not asked <= of_order


def test_a_phone_is_found_whole_and_by_its_last_digits() -> None:
    tokens = tokens_of_phone("+8613800138000")
    for asked in (
        "8000",
        "38000",
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "008613800138000",
    ):
        assert question(asked).tokens <= tokens or question(asked).exact & tokens, asked
    assert not question("1380").tokens <= tokens
    assert not question("800").tokens <= tokens, "three digits are no tail: they would find one person in a thousand"


def test_an_order_number_is_found_whole_by_its_end_and_while_it_is_typed() -> None:
    tokens = tokens_of_number("TB2026-000123", typed=True)
    for asked in ("TB2026-000123", "tb2026-000123", " tb2026-000123 "):
        assert question(asked).exact & tokens, asked
    assert word_token("000123") in tokens
    assert word_token("tb202") in tokens
    assert number_token("TB2026-00012") not in tokens


GROUPED = "电话138-0013-8000，热线 400-820-8820；上门 2026-11-27 9:00-18:00，尺码 38-40"


@pytest.mark.parametrize(
    "asked",
    ["138-0013-8000", "138 0013 8000", "13800138000", "0013-8000", "400-820-8820", "4008208820", "2026-11-27", "20261127",
     "38-40", "3840", "2026", "138", "8000", "9:00", "2026/11/27"],
)  # fmt: skip
def test_a_number_in_a_text_is_found_however_it_is_grouped(asked: str) -> None:
    assert answers(GROUPED, asked)


@pytest.mark.parametrize("asked", ["1127", "11-27", "0018", "27 9", "88203840", "4000138000"])
def test_what_only_happens_to_stand_side_by_side_is_no_number(asked: str) -> None:
    """The day of a date, or the hours of a visit, would be the last digits of somebody's phone."""
    assert Asked.of(asked).digits
    assert word_token(Asked.of(asked).digits) not in tokens_of(GROUPED)


@pytest.mark.parametrize(
    "text", ["2 138-0013-8000", "+86-138-0013-8000", "(86) 138 0013 8000", "138 0013 8000 2 38-40"]
)
def test_a_number_is_found_beside_another_one(text: str) -> None:
    assert answers(text, "13800138000")


def test_a_number_goes_on_in_no_next_line_and_a_table_makes_no_heap_of_numbers() -> None:
    assert not answers("138\n0013\n8000", "13800138000")
    table = [" ".join(f"{number % 997:03d}" for number in range(start, start + 10)) for start in range(0, 50_000, 10)]
    assert len(tokens_of("\n".join(table))) < 10_000
    assert len(tokens_of("1-" * 100_000)) == 1, "and they are looked at for a while only"


def test_a_question_of_several_numbers_is_asked_as_words_too() -> None:
    asked = Asked.of("001234 8000")
    assert Question.of(asked).tokens == {word_token("0012348000")}
    assert Question.of(asked, apart=True).tokens == {word_token("001234"), word_token("8000")}
    for one in ("8000", "+8613800138000", "TB2026-000123", "退货"):
        assert Question.of(Asked.of(one), apart=True) == question(one)


def test_marks_stand_around_what_was_asked_and_nothing_else_is_let_through() -> None:
    text = "<script>退货</script> & 退款"
    assert marked(text, ["退货"]) == "&lt;script&gt;<mark>退货</mark>&lt;/script&gt; &amp; 退款"
    assert marked("ＡＢ１２", ["ab"]) == "<mark>ＡＢ</mark>１２"
    assert marked("Photo photos", ["photo"]) == "<mark>Photo</mark> <mark>photo</mark>s"
    assert marked("telephoto", ["photo"]) == "telephoto", "a word is found from its beginning only"
    assert marked("退货退款", ["退货", "货退", "退款"]) == "<mark>退货退款</mark>"
    assert marked("138-0013-8000 38", ["13800138000"]) == "<mark>138-0013-8000</mark> 38"
    assert marked("ﬃ straße", ["strasse"]) == "ﬃ <mark>straße</mark>"


def test_a_snippet_is_the_line_with_most_of_the_words_cut_around_the_first() -> None:
    body = "您好\n" + "很" * 60 + "拉链坏了" + "好" * 200 + "\n拉链\n拉链和纽扣都坏了"
    assert snippet(body, ["拉链", "坏了"]).startswith("…很")
    assert "<mark>拉链坏了</mark>" in snippet(body, ["拉链", "坏了"])
    assert snippet(body, ["拉链", "坏了"]).endswith("好…")
    assert snippet("<b>坏</b>", ["坏"]) == "&lt;b&gt;<mark>坏</mark>&lt;/b&gt;"
    assert snippet(body, ["没有"]) == ""


def test_full_width_and_capitals_are_one() -> None:
    assert fold("ＡＢＣ　１２３") == "abc 123"
