"""The rules by themselves: no database, so none of the packs that the product keeps there."""

from __future__ import annotations

import pytest

from returns.rules import explain


@pytest.fixture(autouse=True)
def only_shipped_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "finders", [])
