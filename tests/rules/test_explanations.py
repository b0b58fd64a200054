"""Explanations: every row in both languages for both readers, good typography, and the same words from the stored
verdict."""

import json
import re
from typing import Any

import pytest

from returns.rules import explain as explaining
from returns.rules.explain import Explanation, WordsMissing, explain
from returns.rules.pack import PACKS, Pack, load_pack, read_pack, shipped
from tests.rules.cases import decided

EXAMPLES = [
    {**json.loads(line), "pack": name}
    for name in shipped()
    for line in (PACKS / name / "examples.jsonl").read_text(encoding="utf-8").splitlines()
]
HAN = re.compile(r"[\u4e00-\u9fff]")
BOTH = [("zh", "customer"), ("zh", "staff"), ("en", "customer"), ("en", "staff")]


def told(facts: dict[str, Any], locale: str = "zh", audience: str = "customer", pack: str = "cn") -> Explanation:
    return explain(load_pack(pack).decide(facts).as_dict(), locale, audience)


def texts(explanation: Explanation) -> list[str]:
    return [
        *explanation.summary, *explanation.because, *explanation.extras, *explanation.deadlines, *explanation.contested,
        *(source.citation for source in explanation.sources),
    ]  # fmt: skip


@pytest.mark.parametrize(("locale", "audience"), BOTH)
def test_every_row_renders(locale: str, audience: str) -> None:
    for example in EXAMPLES:
        explanation = told(example["facts"], locale, audience, pack=example["pack"])
        assert 1 <= len(explanation.summary) <= 2, example
        assert explanation.because, example
        assert explanation.sources, example
        for text in texts(explanation):
            assert text.strip() == text != "", example
            assert "{" not in text, example


@pytest.mark.parametrize(("locale", "audience"), BOTH)
def test_the_row_for_what_no_rule_covers_hands_over_to_a_person(locale: str, audience: str) -> None:
    verdict = decided("preference", 9).as_dict()
    verdict["rows"]["remedies"] = "Z01"
    said = explain(verdict, locale, audience).summary[0]
    assert any(word in said for word in ("同事", "转人工", "colleague", "a person"))


def test_chinese_is_chinese_and_english_is_english() -> None:
    for example in EXAMPLES:
        for audience in ("customer", "staff"):
            for text in texts(told(example["facts"], "en", audience, pack=example["pack"])):
                assert not HAN.search(text), text
            zh = told(example["facts"], "zh", audience, pack=example["pack"])
            for text in (*zh.summary, *zh.extras, *zh.deadlines, *zh.contested):
                assert HAN.search(text)
                # Half-width marks next to Chinese characters, doubled stops, a missing one at the end.
                assert not re.search(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]", text), text
                assert not re.search(r"[。；，、]{2}", text), text
                assert text.endswith("。"), text


def test_english_sentences_begin_and_end_as_sentences() -> None:
    for example in EXAMPLES:
        for audience in ("customer", "staff"):
            english = told(example["facts"], "en", audience, pack=example["pack"])
            for text in (*english.summary, *english.extras, *english.deadlines, *english.contested):
                assert text[0].isupper() or text[0].isdigit(), text
                assert text.endswith("."), text
                assert ".." not in text, text
                assert "  " not in text, text


def test_customers_are_spoken_to_politely_and_staff_plainly() -> None:
    for example in EXAMPLES:
        assert "您" not in "".join(told(example["facts"], "zh", "staff", pack=example["pack"]).summary), example
        customer = "".join(told(example["facts"], pack=example["pack"]).summary)
        assert "买家" not in customer, example
        assert not re.search(r"[^双一]你", customer), example


def test_the_freight_of_faulty_goods_in_one_sentence() -> None:
    facts = {"reason": "flaw", "days_since_receipt": 3, "outbound_freight": "paid"}
    assert told(facts).summary == (
        "签收后第 3 天，发现质量问题，您可以选择退货退款、换货或免费维修。",
        "首次发货和寄回的运费由商家承担，因为商品有质量问题，应由商家负责。",
    )
    assert "|".join(told(facts, "en").summary) == (
        "On day 3 after receipt: as the goods are faulty, "
        "you can choose a return for a refund, an exchange or a free repair."
        "|The freight for the first shipment and for the way back is paid by the shop, "
        "because the goods are faulty, and the shop answers for that."
    )


def test_the_way_back_of_a_change_of_mind() -> None:
    explanation = told({"reason": "preference", "days_since_receipt": 0})
    assert explanation.summary[0].startswith("签收当天，")
    assert explanation.summary[1].endswith("寄回的运费由您承担，因为这是无理由退货，双方也没有另外约定。")
    assert "《消费者权益保护法》第二十五条" in [source.citation for source in explanation.sources]


def test_a_first_shipment_that_stays_as_it_was_paid_is_told_to_staff_only() -> None:
    facts = {"reason": "flaw", "days_since_receipt": 3, "wish": "exchange"}
    assert told(facts).summary[1] == "寄回和换货寄出的运费由商家承担，因为商品有质量问题，应由商家负责。"
    assert told(facts, "zh", "staff").summary[1].startswith("首次发货的运费由商家承担，")
    promised = {"reason": "price_dropped", "days_since_receipt": 5, "price_promise": True, "wish": "partial_refund"}
    assert told(promised).summary == ("您在保价期内，可以申请补差价。",)


def test_where_nothing_travels_one_sentence_says_so() -> None:
    assert told({"reason": "cancel_order", "stage": "unshipped"}).summary[1] == "商品还没有发出，不产生运费。"


def test_the_customer_sees_what_was_said_and_staff_what_counted() -> None:
    facts = {"reason": "preference", "days_since_receipt": 3}
    assert told(facts).because == ("退换原因：不喜欢或不想要了", "签收后第几天：3")
    assert "商品完好：是" in told(facts, "zh", "staff").because
    assert "goods intact: yes" in told(facts, "en", "staff").because


def test_deadlines_are_told_with_their_date_and_a_lapsed_right_is_not() -> None:
    running = told({"reason": "preference", "days_since_receipt": 3, "received_on": "2026-09-30"})
    assert running.deadlines[0] == "无理由退货请在签收后 7 天内提出（2026-10-07 24:00 前）。"
    assert "提出" not in "".join(told({"reason": "preference", "days_since_receipt": 9}).deadlines)


def test_what_is_contested_is_said_with_the_reading_taken() -> None:
    (said,) = told({"reason": "flaw", "days_since_receipt": 3, "wish": "exchange"}, "en").contested
    assert said.startswith("Sources differ on whether an exchange")
    assert "Here: it does not" in said


def test_a_stored_verdict_reads_the_same_when_it_comes_back() -> None:
    for example in EXAMPLES[::7]:
        verdict = load_pack(example["pack"]).decide(example["facts"]).as_dict()
        stored = json.loads(json.dumps(verdict))
        assert explain(stored, "zh-hans") == explain(verdict, "zh")
        assert explain(stored, "en-GB", "staff").as_dict() == explain(verdict, "en", "staff").as_dict()


def other_version() -> Pack:
    """The pack as an earlier version would have been, with other words."""
    files = dict(load_pack("cn").files)
    files["pack.toml"] = files["pack.toml"].replace('version = "2026.2"', 'version = "2025.9"')
    files["words.zh.toml"] = files["words.zh.toml"].replace("应由商家负责", "由商家负责")
    return read_pack(files)


def test_an_old_verdict_is_told_in_the_words_of_its_own_version(monkeypatch: pytest.MonkeyPatch) -> None:
    old = other_version()
    verdict = old.decide({"reason": "flaw", "days_since_receipt": 3}).as_dict()
    with pytest.raises(WordsMissing) as caught:
        explain(verdict)
    assert (caught.value.version, caught.value.sha256) == ("2025.9", old.sha256)
    monkeypatch.setattr(explaining, "finders", [lambda _: None, lambda sha: old if sha == old.sha256 else None])
    assert explain(verdict).summary[1].endswith("因为商品有质量问题，由商家负责。")
    assert explain(verdict, pack=old) == explain(verdict)
    assert explain(verdict).version.endswith("2025.9")


def test_a_pack_that_is_no_longer_shipped_is_missing_not_broken() -> None:
    verdict = {**decided().as_dict(), "pack": "gone"}
    with pytest.raises(WordsMissing):
        explain(verdict)
