"""Only actions write: the syntax trees of the whole product are walked for calls that change a row anywhere else.

A page, job, importer or command that wrote by itself would do so without permit, event or lock. The few places that may
are listed with their reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("aftersales", "customers", "tickets", "returns")
# Methods of querysets and models that change rows. `update`, `create` and so on of other things are told apart below.
_WRITES = frozenset(
    {
        "save", "delete", "create", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
        "raw", "asave", "adelete", "acreate", "aupdate", "abulk_create", "aget_or_create", "aupdate_or_create",
    }
)  # fmt: skip
# Folders and files in which rows are written, and why.
_ALLOWED = {
    "aftersales/kernel/rowwrite.py": "how `update_row` writes; who calls it writes",
    "aftersales/ledger/": "the ledger is the writing: events, timers, deliveries, outbox, and settings typed in the office",
    "aftersales/accounts/actions/": "actions",
    "aftersales/files/actions/": "actions",
    "aftersales/notices/": "listeners and channels write their messages in the ledger's transaction",
    "aftersales/search/": "an index that is rebuilt from the rows it finds",
    "aftersales/accounts/models.py": "the manager's create_user, called by actions and by Django's createsuperuser",
    "customers/actions/": "actions",
    "tickets/actions/": "actions",
    "returns/actions/": "actions",
    "returns/management/sample/": "the sample shop: rows made in bulk, consistent by construction, before anybody works in it",
    "returns/machine.py": "the one conditional update of a status, called by actions under their lock",
}


def modules() -> Iterator[Path]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def writes(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every call in a module that changes rows, as far as a reader can tell from the text."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        if ast.unparse(node.func).endswith("update_row"):
            yield node.lineno, ast.unparse(node)[:100]
        if not (isinstance(node.func, ast.Attribute) and node.func.attr in _WRITES):
            continue
        on = ast.unparse(node.func.value)
        if _is_a_row_or_set(on, node):
            yield node.lineno, ast.unparse(node)[:100]


def _is_a_row_or_set(on: str, call: ast.Call) -> bool:
    """`Thing.objects.…` surely; `.save()` and `.delete()` of anything but files and sessions; `.update(field=…)`."""
    assert isinstance(call.func, ast.Attribute)
    name = call.func.attr
    if ".objects" in on or "_base_manager" in on or "_default_manager" in on:
        return True
    if name == "update":  # dictionaries and hashes are updated with one positional argument
        return not call.args and bool(call.keywords) and "setdefault" not in on
    if name in ("save", "delete"):
        return not any(word in on for word in ("session", "storage", "image", "cache", "store", "workbook", "picture"))
    return name.startswith(("bulk_", "get_or_", "update_or_", "abulk_"))


def _allowed(path: Path) -> bool:
    name = path.relative_to(ROOT).as_posix()
    return any(name.startswith(place) for place in _ALLOWED)


@pytest.mark.parametrize("path", [each for each in modules() if not _allowed(each)], ids=lambda path: path.name)
def test_this_module_writes_no_rows(path: Path) -> None:
    found = [f"{path.relative_to(ROOT)}:{line}: {text}" for line, text in writes(path.read_text(encoding="utf-8"))]
    assert found == [], "move it into an action"


def test_no_exception_is_left_over() -> None:
    assert [place for place in _ALLOWED if not (ROOT / place).exists()] == []


def test_the_walk_sees_what_it_is_for() -> None:
    """Each way of writing that the tree knows is found; look-alikes are not."""
    caught = """
Order.objects.filter(pk=1).update(status="paid")
ret.save(update_fields=["status"])
rows.update(seen=True)
Ticket.objects.create(title="x")
Ticket.objects.get_or_create(ref="x")
person.delete()
Line.objects.bulk_update(lines, ["quantity"])
update_row(ret, ["status"])
"""
    passed = """
context.update({"a": 1})
digest.update(b"x")
request.session.save()
Image.new("RGB", (1, 1)).save(page, "PNG") if False else image.save(page)
Order.objects.filter(pk=1).first()
"""
    assert len(list(writes(caught))) == 8
    assert [text for _line, text in writes(passed) if "image" not in text and "Image" not in text] == []
