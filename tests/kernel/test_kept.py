"""Parts that are drawn once: the same words from the same values, others for others, and each reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from aftersales.kernel.templatetags import kept as module
from aftersales.kernel.templatetags.kept import filled, kept

CLOCK = "parts/sla.html"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was really rendered."""
    module._drawn.cache_clear()
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


PANEL = "parts/panel.html"


def test_what_stands_in_a_slot_differs_and_the_part_is_drawn_once(drawn: list[dict[str, Any]]) -> None:
    first, second = (filled(PANEL, {"title": "Notes", "icon": "note"}, {"body": body}) for body in ("one", "two"))
    assert first.replace("one", "two") == second
    assert "Notes" in first
    assert len(drawn) == 1


def test_words_in_a_slot_are_escaped_and_drawn_ones_are_not() -> None:
    given = {"title": "Notes", "icon": ""}
    assert "&lt;b&gt;&amp;" in filled(PANEL, given, {"body": "<b>&"})
    assert "<b>&</b>" in filled(PANEL, given, {"body": mark_safe("<b>&</b>")})


def test_a_part_may_ask_whether_there_is_anything_in_a_slot() -> None:
    given = {"icon": "clock", "tone": ""}
    said = filled("parts/timeline_item.html", given, {"title": "Sent", "at": "today", "text": "", "who": "Lin"})
    silent = filled("parts/timeline_item.html", given, {"title": "Sent", "at": "today", "text": "By post", "who": None})
    assert "timeline__text" not in said
    assert "today · Lin" in said
    assert "By post" in silent
    assert "·" not in silent


def test_words_of_a_slot_that_look_like_a_slot_stay_words() -> None:
    mark = f"{module._MARK}-body-{module._MARK}"
    assert mark in filled(PANEL, {"title": "Notes", "icon": ""}, {"body": mark})


def test_a_template_gives_values_and_slots() -> None:
    page = Template('{% load kept %}{% kept "parts/panel.html" title=name icon="note" slots body=said %}')
    said = page.render(Context({"name": "A&B", "said": "<i>"}))
    assert "A&amp;B" in said
    assert "&lt;i&gt;" in said


@pytest.mark.parametrize(
    "called", ["", '"parts/panel.html" title', '"parts/panel.html" slots body', '"a.html" b=1 slots c=2 3']
)
def test_a_tag_that_says_something_else_is_refused(called: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="kept"):
        Template(f"{{% load kept %}}{{% kept {called} %}}")
