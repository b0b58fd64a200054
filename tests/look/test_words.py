"""Times, lengths, money, names as people read them, in both languages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import translation

from aftersales.kernel import datewords
from aftersales.kernel.money import Money
from aftersales.kernel.templatetags import moneys, people

NOW = dt.datetime(2026, 11, 24, 4, 0, tzinfo=dt.UTC)  # Tuesday noon where the shop is
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def shown(source: str, **given: object) -> str:
    return Template(source).render(Context({"now": NOW, **given}))


@pytest.mark.parametrize(
    ("instant", "zh", "en"),
    [
        (dt.datetime(2026, 11, 27, 10, 0, tzinfo=dt.UTC), "11月27日 周五 18:00", "Fri 27 Nov, 18:00"),
        (dt.datetime(2027, 1, 1, 1, 5, tzinfo=dt.UTC), "2027年1月1日 周五 09:05", "Fri 1 Jan 2027, 09:05"),
        # New Year's Eve in UTC is New Year's Day where the shop is
        (dt.datetime(2026, 12, 31, 17, 0, tzinfo=dt.UTC), "2027年1月1日 周五 01:00", "Fri 1 Jan 2027, 01:00"),
    ],
)
def test_an_exact_time_is_the_shops(instant: dt.datetime, zh: str, en: str) -> None:
    with translation.override("zh-hans"):
        assert datewords.exact(instant, NOW) == zh
    with translation.override("en"):
        assert datewords.exact(instant, NOW) == en


def test_midnight_is_the_end_of_a_day() -> None:
    end = dt.datetime(2026, 11, 27, 16, 0, tzinfo=dt.UTC)  # 00:00 on Saturday there
    with translation.override("zh-hans"):
        assert datewords.deadline(end, NOW) == "11月27日 周五 24:00 前"
    with translation.override("en"):
        assert datewords.deadline(end, NOW) == "before Fri 27 Nov, 24:00"
        assert datewords.deadline(end - MINUTE, NOW) == "before Fri 27 Nov, 23:59"


@pytest.mark.parametrize(
    ("away", "zh", "en"),
    [
        (-30 * dt.timedelta(seconds=1), "刚刚", "just now"),
        (30 * dt.timedelta(seconds=1), "马上", "in a moment"),
        (-MINUTE, "1 分钟前", "1 minute ago"),
        (59 * MINUTE, "59 分钟后", "in 59 minutes"),
        (-3 * HOUR, "3 小时前", "3 hours ago"),
        (DAY, "1 天后", "in 1 day"),
        (-6 * DAY, "6 天前", "6 days ago"),
        (-7 * DAY, "11月17日 周二", "Tue 17 Nov"),
    ],
)
def test_a_relative_time_turns_into_a_date_after_a_week(away: dt.timedelta, zh: str, en: str) -> None:
    with translation.override("zh-hans"):
        assert datewords.relative(NOW + away, NOW) == zh
    with translation.override("en"):
        assert datewords.relative(NOW + away, NOW) == en


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 min"),
        (59, "1 min"),
        (3_600, "1 h"),
        (12_000, "3 h 20 min"),
        (86_400, "1 d"),
        (180_000, "2 d 2 h"),
        (-5, "1 min"),
    ],
)
def test_a_length_of_time_has_two_units_at_most(seconds: int, words: str) -> None:
    with translation.override("en"):
        assert datewords.span(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "zh", "en"), [(97_200, "27 小时", "27 h"), (88_200, "24 小时 30 分钟", "24 h 30 min")]
)
def test_opening_hours_are_never_told_in_days(seconds: int, zh: str, en: str) -> None:
    for language, words in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert datewords.span(seconds, in_days=False) == words


def test_a_relative_time_carries_the_exact_one() -> None:
    with translation.override("en"):
        html = shown("{% load when %}{% when at %}", at=NOW - 3 * HOUR)
    assert (
        html == '<time datetime="2026-11-24T01:00:00+00:00" title="Tue 24 Nov, 09:00" data-relative>3 hours ago</time>'
    )


@pytest.mark.parametrize(
    ("given", "state", "words"),
    [
        ("NOW_PLUS_2D", "open", "2 d left"),
        ("NOW_PLUS_3H", "soon", "3 h left"),
        ("NOW_MINUS_2H", "over", "Overdue by 2 h"),
        ("NOW_PLUS_2D paused=True", "held", "Clock stopped"),
        ("NOW_PLUS_2D met_at=NOW_PLUS_3H", "met", "On time"),
        ("NOW_MINUS_2H met_at=NOW_PLUS_3H", "over", "Late by 5 h"),
    ],
)
def test_a_clock_says_its_state_in_a_word(given: str, state: str, words: str) -> None:
    times = {"NOW_PLUS_2D": NOW + 2 * DAY, "NOW_PLUS_3H": NOW + 3 * HOUR, "NOW_MINUS_2H": NOW - 2 * HOUR}
    with translation.override("en"):
        html = shown("{% load when %}{% due " + given + " %}", **times)
    assert f'class="due due--{state}"' in html
    assert f"</svg>{words}</time>" in html


@pytest.mark.parametrize("source", ["{% when nothing %}", "{% at nothing %}"])
def test_no_time_is_a_dash(source: str) -> None:
    assert shown("{% load when %}" + source, nothing=None) == "–"


def test_no_deadline_is_no_clock() -> None:
    assert shown("{% load when %}{% due nothing %}", nothing=None).strip() == ""


def test_money_has_its_currency_and_a_true_minus() -> None:
    assert ">¥1,234.50<" in str(moneys.money_tag(Money(123450)))
    assert ">−¥0.05<" in str(moneys.money_tag(Money(-5)))
    assert ">+¥0.05<" in str(moneys.money_tag(Money(5), sign=True))
    assert ">JP¥500<" in str(moneys.money_filter(500, "JPY"))
    assert moneys.money_filter(None, "CNY") == "–"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("王小明", "王"), ("Ada Lovelace", "AL"), ("ada", "A"), ("", "?"), ("  ", "?"), ("李 娜", "李")],
)
def test_a_person_is_one_or_two_letters(name: str, letters: str) -> None:
    assert people.initials(name) == letters


def test_a_person_keeps_the_colour() -> None:
    assert people.avatar("王小明") == people.avatar("王小明")


def test_an_icon_is_silent_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in shown('{% load icons %}{% icon "truck" %}')
    html = shown('{% load icons %}{% icon "truck" title=title %}', title='On its "way" <b>')
    assert 'role="img" aria-label="On its &quot;way&quot; &lt;b&gt;"' in html
    assert shown('{% load icons %}{% icon "" %}') == ""


def test_a_code_holds_no_text_of_ours_as_markup() -> None:
    html = shown("{% load qr %}{% qr text label=text %}", text="https://shop.example/r/<script>")
    assert "<script>" not in html
    assert "<svg" in html
