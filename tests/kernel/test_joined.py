"""Many small sheets and modules are sent as one, each in its layer and its own scope; what cannot be read is refused by name."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from aftersales.kernel.joined import ENTRIES, CannotJoin, JoinedFinder, joined


def written(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_a_sheet_stands_where_it_was_imported_in_its_layer_and_medium(tmp_path: Path) -> None:
    root = written(
        tmp_path,
        css__main_css='@layer a, b;\n@import url("parts/x.css") layer(a);\n@import url("y.css") layer(b) print;\np {}\n',
        css__parts__x_css='b { background: url("../../icons/i.svg") }\ni { background: url("data:x") }\n',
        css__y_css="u {}\n",
    )
    assert joined(root, "css/main.css").split("\n") == [
        "@layer a, b;", "@layer a {", 'b { background: url("icons/i.svg") }', 'i { background: url("data:x") }', "}", "",
        "@layer b {", "@media print {", "u {}", "}", "}", "", "p {}", "",
    ]  # fmt: skip


def test_a_module_comes_once_before_whoever_imports_it_and_in_a_scope_of_its_own(tmp_path: Path) -> None:
    root = written(
        tmp_path,
        js__main_js='import * as one from "./b/one.js";\nimport { say } from "./b/two.js";\none.attach(say);\n',
        js__b__one_js='import { say } from "./two.js";\nconst own = 1;\nexport function attach(it) { say(it, own); }\n',
        js__b__two_js="export async function say() {}\nexport const own = 2;\n",
    )
    text = joined(root, "js/main.js")
    assert [text.index(each) for each in ("/* js/b/two.js */", "/* js/b/one.js */", "one.attach(say)")] == sorted(
        text.index(each) for each in ("/* js/b/two.js */", "/* js/b/one.js */", "one.attach(say)")
    )
    assert re.findall(r"const (\S+|\{ say \}) = (module\d);", text) == [
        ("{ say }", "module1"), ("one", "module2"), ("{ say }", "module1"),
    ]  # fmt: skip
    assert "return { say, own };" in text
    assert text.endswith("one.attach(say);\n\n})();\n"), "its names hide none of the window's, such as print"
    assert "export" not in text


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"js__main_js": 'import "./x.js";\n'}, "js/main.js: import"),
        ({"js__main_js": 'import { a as b } from "./x.js";\n'}, "js/main.js: import"),
        ({"js__main_js": 'const x = await import("./x.js");\n'}, "js/main.js: const x"),
        (
            {"js__main_js": 'import * as x from "./x.js";\n', "js__x_js": "export const a = 1, b = 2;\n"},
            "js/x.js: export const a = 1, b",
        ),
        (
            {"js__main_js": 'import * as x from "./x.js";\n', "js__x_js": "export default 1;\n"},
            "js/x.js: export default",
        ),
        (
            {"js__main_js": 'import * as x from "./x.js";\n', "js__x_js": 'import * as m from "./x.js";\n'},
            "import each other",
        ),
    ],
)
def test_another_form_is_refused_by_name(tmp_path: Path, files: dict[str, str], named: str) -> None:
    with pytest.raises(CannotJoin, match=named):
        joined(written(tmp_path, **files), "js/main.js")


def test_a_sheet_in_another_form_stops_the_start(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR, settings.DATA_DIR = written(tmp_path, static__css__main_css="@import 'x.css';\n"), tmp_path
    (found,) = JoinedFinder().check()
    assert (found.id, "css/main.css: @import 'x.css';" in found.msg) == ("desk.E008", True)


def test_what_is_sent_is_made_anew_when_a_source_has_changed(tmp_path: Path, settings: Any) -> None:
    root = written(tmp_path, static__css__main_css='@import url("x.css");\n', static__css__x_css="a {}\n")
    settings.BASE_DIR, settings.DATA_DIR = root, tmp_path
    finder = JoinedFinder()
    sent = Path(finder.find("main.css"))
    assert sent.read_text() == "a {}\n\n"
    source = root / "static/css/x.css"
    source.write_text("b {}\n")
    os.utime(source, (source.stat().st_mtime + 5,) * 2)
    assert Path(finder.find("main.css")).read_text() == "b {}\n\n"
    assert finder.find("css/x.css") == []


def test_ours_are_found_in_front_of_all_others() -> None:
    for sent in ENTRIES:
        text = Path(str(finders.find(sent))).read_text()
        assert not re.search(r"^\s*(@import|import|export)\b", text, re.MULTILINE), sent
        assert len(text) > 10_000
