"""The table of verbs: every verb an action asks is in it, and what nobody granted nobody may."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from aftersales.kernel.actor import ANONYMOUS, SYSTEM, Actor, Role
from aftersales.kernel.errors import NotPermitted
from aftersales.kernel.policy import GRANTS, check, may

ROOT = Path(__file__).resolve().parents[2]


def asked_verbs() -> set[str]:
    """Every literal verb in a call of `check` or `may` anywhere in the product."""
    verbs = set()
    for folder in ("aftersales", "customers", "tickets", "returns"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", "") in ("check", "may")
                    and len(node.args) >= 2
                ):
                    verb = node.args[1]
                    if isinstance(verb, ast.Constant) and isinstance(verb.value, str):
                        verbs.add(verb.value)
    return verbs


def test_every_verb_that_is_asked_is_in_the_table() -> None:
    assert asked_verbs() <= set(GRANTS)


def test_an_auditor_reads_and_changes_nothing() -> None:
    granted = {verb for verb, roles in GRANTS.items() if Role.AUDITOR in roles}
    assert all(verb.endswith((".view", ".enter")) for verb in granted)


def test_nobody_has_anything() -> None:
    assert not any(may(ANONYMOUS, verb) for verb in GRANTS)


def test_an_unknown_verb_is_refused_to_the_system_too() -> None:
    with pytest.raises(NotPermitted) as refusal:
        check(SYSTEM, "money.print")
    assert refusal.value.status == 403


def test_a_customer_never_decides() -> None:
    customer = Actor(kind="customer", role=Role.CUSTOMER, orders=frozenset({1}))
    for verb in ("return.approve", "return.refuse", "return.inspect", "refund.pay", "ticket.note", "desk.enter"):
        assert not may(customer, verb)
