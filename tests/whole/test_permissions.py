"""docs/permissions.md says what policy.py does."""

from __future__ import annotations

from pathlib import Path

from aftersales.kernel.actor import Role
from aftersales.kernel.policy import GRANTS

DOC = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"


def rows() -> dict[str, set[str]]:
    """The table of the document: verb to roles."""
    lines = [
        line for line in DOC.read_text(encoding="utf-8").splitlines() if line.startswith("| verb") or "| `" in line
    ]
    head = [cell.strip() for cell in lines[0].strip("|").split("|")]
    found = {}
    for line in lines[1:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == len(head):
            found[cells[0].strip("`")] = {role for role, mark in zip(head[1:], cells[1:], strict=True) if mark}
    return found


def test_the_document_shows_the_table_as_it_is() -> None:
    assert rows() == {verb: {str(role) for role in roles} for verb, roles in GRANTS.items()}


def test_nobody_is_granted_anything() -> None:
    assert all(Role.ANONYMOUS not in roles for roles in GRANTS.values())


def test_an_auditor_changes_nothing() -> None:
    may = {verb for verb, roles in GRANTS.items() if Role.AUDITOR in roles}
    assert all(verb.endswith((".view", ".enter")) for verb in may), may
