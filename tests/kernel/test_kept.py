"""Parts that are drawn once: the same words from the same values, others for others, and each reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from aftersales.kernel.templatetags import kept as module
from aftersales.kernel.templatetags.kept import kept

CLOCK = "parts/sla.html"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was really rendered."""
    module._rendered.cache_clear()
    found = list[dict[str, Any]]()

    def told(part: str, given: dict[str, Any]) -> str:
        found.append(given)
        return render_to_string(part, given)

    monkeypatch.setattr("aftersales.kernel.templatetags.kept.render_to_string", told)
    return found


def test_the_same_values_are_drawn_once_and_others_anew(drawn: list[dict[str, Any]]) -> None:
    first = kept("parts/avatar.html", initials="王", hue=1, large=False)
    assert kept("parts/avatar.html", initials="王", hue=1, large=False) == first
    assert len(drawn) == 1
    assert "李" in kept("parts/avatar.html", initials="李", hue=1, large=False)
    assert len(drawn) == 2


def test_each_language_has_its_own(drawn: list[dict[str, Any]]) -> None:
    with translation.override("zh-hans"):
        chinese = kept(CLOCK, waiting=True)
    with translation.override("en"):
        english = kept(CLOCK, waiting=True)
    assert "Clock stopped" in english
    assert "Clock stopped" not in chinese
    assert len(drawn) == 2


def test_in_a_template_nothing_of_the_page_comes_along_and_words_are_escaped() -> None:
    page = Template('{% load kept %}{% kept "parts/badge.html" label=name tone="warn" icon="" %}')
    said = page.render(Context({"name": "<b>", "tone": "danger"}))
    assert "&lt;b&gt;" in said
    assert "badge--warn" in said


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(TypeError):
        kept("parts/badge.html", label=["a"], tone="", icon="")
