"""Words that no sentence of the catalogue puts together stand as the reader's language puts them."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils import translation

from aftersales.kernel.reader import in_turn, labelled, listed


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", ("甲、乙", "甲：乙", "甲。乙。")), ("en", ("甲, 乙", "甲: 乙", "甲。 乙。"))],
)
def test_lists_labels_and_sentences(language: str, words: tuple[str, str, str]) -> None:
    drawn = Template(
        "{% load joining %}{{ both|listed }}|{% for each in both %}{{ each }}{% if not forloop.last %}{% comma %}{% endif %}"
        "{% endfor %}|甲{% colon %}乙|甲。{% gap %}乙。"
    )
    with translation.override(language):
        assert (listed(["甲", "乙"]), labelled("甲", "乙"), in_turn("甲。", "乙。")) == words
        assert drawn.render(Context({"both": ["甲", "乙"]})).split("|") == [words[0], *words]
