"""Every pair of text and ground that the tokens promise, in both themes: WCAG 2.2 AA wants 4.5 : 1, for controls 3 : 1."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

SHEET = Path(__file__).parents[2] / "static/css/tokens/colour.css"
STATES = ("accent", "success", "warn", "danger", "info")
GROUNDS = ("ground", "surface", "raised", "sunken", "hover")
TEXT_PAIRS = [
    *[(text, ground) for text in ("text", "text-quiet", "text-faint", "accent-text") for ground in GROUNDS],
    *[(f"{state}-text", f"{state}-tint") for state in STATES],
    *[(f"{state}-text", ground) for state in STATES for ground in ("ground", "surface")],
    *[("text", f"{state}-tint") for state in STATES],
    *[("text-quiet", f"{state}-tint") for state in STATES],
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-danger", "danger"),
    ("on-danger", "danger-hover"),
]
LINE_PAIRS = [
    ("line-field", "surface"),
    ("focus", "ground"),
    ("focus", "surface"),
    ("accent", "surface"),
    ("danger", "surface"),
]


def tokens() -> dict[str, str]:
    """Name to value as the first block of the sheet writes them."""
    block = re.search(r":root \{(.*?)\n\}", SHEET.read_text(encoding="utf-8"), re.S)
    assert block
    return dict(re.findall(r"--([\w-]+): ([^;]+);", block[1]))


def resolve(name: str, theme: str) -> tuple[float, float, float]:
    """The OKLCH triple of a token in a theme."""
    value = tokens()[name].strip()
    if pair := re.fullmatch(r"light-dark\((.+\)), (.+\))\)", value):
        value = pair[1] if theme == "light" else pair[2]
    if named := re.fullmatch(r"var\(--([\w-]+)\)", value):
        return resolve(named[1], theme)
    numbers = re.fullmatch(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)", value)
    assert numbers, f"--{name}: {value} is not a plain OKLCH colour"
    return float(numbers[1]) / 100, float(numbers[2]), float(numbers[3])


def luminance(colour: tuple[float, float, float]) -> float:
    """WCAG relative luminance, out-of-gamut channels clipped as screens do."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    clipped = [min(1.0, max(0.0, channel)) for channel in (red, green, blue)]
    return 0.2126 * clipped[0] + 0.7152 * clipped[1] + 0.0722 * clipped[2]


def contrast(first: str, second: str, theme: str) -> float:
    lighter, darker = sorted((luminance(resolve(name, theme)) for name in (first, second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_twenty_one() -> None:
    assert luminance((1.0, 0.0, 0.0)) == pytest.approx(1, abs=1e-3)
    assert luminance((0.0, 0.0, 0.0)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(text: str, ground: str, theme: str) -> None:
    assert contrast(text, ground, theme) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), LINE_PAIRS)
def test_what_shows_a_control_can_be_seen(line: str, ground: str, theme: str) -> None:
    assert contrast(line, ground, theme) >= 3
