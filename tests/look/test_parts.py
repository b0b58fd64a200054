"""What docs/look.md promises of the look holds: each part is whole, each name exists, nothing needs a looser content policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aftersales.kernel.joined import ENTRIES

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PARTS = sorted((ROOT / "templates/parts").glob("*.html"))
SHEETS = sorted((ROOT / "static/css").rglob("*.css"))
BEHAVIOURS = sorted((ROOT / "static/js/behaviours").glob("*.js"))
# Templates that only another part uses, and so have no line of their own in the table.
INNER = {"choice", "ref", "qr", "due", "avatar"} | {
    f"verdict_{piece}" for piece in ("head", "legs", "due", "lines", "sources", "foot")
}
# The mail of the shop has no address of a sheet; mail readers know nothing but style attributes. Evidence and the
# copy that somebody gets of their data are read from a ZIP, without the shop.
OUTSIDE = ("templates/email/", "templates/notices/", "templates/tickets/evidence.html", "templates/customers/copy.html")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def page_templates() -> list[Path]:
    return [path for path in TEMPLATES if not name_of(path).startswith(OUTSIDE)]


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_a_part_says_first_what_it_takes(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("{% comment %}")


@pytest.mark.parametrize("path", [path for path in PARTS if path.stem not in INNER], ids=lambda path: path.stem)
def test_a_part_stands_in_the_table(path: Path) -> None:
    look = (ROOT / "docs/look.md").read_text(encoding="utf-8")
    assert f'"parts/{path.stem}.html"' in look or f'{{% part "{path.stem}"' in look or f"`{path.stem}`" in look


@pytest.mark.parametrize("path", page_templates(), ids=name_of)
def test_a_template_needs_no_looser_content_policy(path: Path) -> None:
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"\sstyle\s*=", text), "style attributes are refused by the browser"
    assert not re.search(r"\son\w+\s*=\s*[\"']", text), "event attributes are refused by the browser"
    assert "<style" not in text
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script, f"inline script: {script}"


@pytest.mark.parametrize("path", page_templates(), ids=name_of)
def test_a_template_names_only_icons_and_parts_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    drawn = set(re.findall(r'id="([\w-]+)"', (ROOT / "static/icons/sprite.svg").read_text(encoding="utf-8")))
    named = set(re.findall(r'{% icon "([\w-]+)"', text)) | set(re.findall(r'\bicon="([\w-]+)"', text))
    assert named <= drawn
    for part in re.findall(r'"parts/([\w-]+)\.html"', text):
        assert (ROOT / f"templates/parts/{part}.html").exists()


@pytest.mark.parametrize("path", [each for each in TEMPLATES if "table--cards" in each.read_text("utf-8")], ids=name_of)
def test_a_card_calls_a_value_what_its_column_is_called(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', text)
    assert set(re.findall(r'data-label="({% translate [^%]*%})"', text)) <= set(heads)


def test_every_sheet_is_linked_by_exactly_one_way_in() -> None:
    imported: set[str] = set()
    for entry in ("main.css", "office.css"):
        text = (ROOT / "static/css" / entry).read_text(encoding="utf-8")
        names = re.findall(r'@import url\("([^"]+)"\)', text)
        assert len(names) == len(set(names)), f"{entry} imports a sheet twice"
        imported |= set(names)
    asked = {
        ENTRIES.get(found, found)
        for path in TEMPLATES
        for found in re.findall(r'static "([\w./-]+\.css)"', path.read_text(encoding="utf-8"))
    }
    linked = {each.removeprefix("css/") for each in asked if each.startswith("css/")}
    files = {path.relative_to(ROOT / "static/css").as_posix() for path in SHEETS}
    assert imported <= files
    assert files == imported | linked


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_colours_come_from_tokens(path: Path) -> None:
    """Paper is black on white, avatars have hues of their own; everything else names a meaning."""
    if path.parent.name == "tokens" or path.stem in {"avatar", "label", "qr", "desk-letter"}:
        return
    text = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)", text)
    assert not re.search(r"\b(rgb|hsl|oklch)\(", text)


def test_every_behaviour_is_attached() -> None:
    text = "".join((ROOT / f"static/js/{name}").read_text(encoding="utf-8") for name in ("main.js",))
    for path in BEHAVIOURS:
        assert f"./behaviours/{path.name}" in text, f"{path.name} is imported by nothing"
        source = path.read_text(encoding="utf-8")
        assert "export const selector" in source
        assert "export function attach" in source


def test_no_behaviour_needs_a_looser_content_policy() -> None:
    for path in (ROOT / "static/js").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        for word in ("eval(", "new Function", "innerHTML", 'setAttribute("style"', "document.write"):
            assert word not in text, f"{path.name} uses {word}"
