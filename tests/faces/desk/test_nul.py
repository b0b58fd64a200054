"""A NUL in what is sent is answered with 400 wherever it would reach the database; no page of ours sends one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]  # SQLite looks for a NUL and finds none

Sit = Callable[..., Client]


@pytest.mark.parametrize(
    "where",
    [
        "/desk/visits/letters/?ref=%00",
        "/desk/palette/?ticket=%00",
        "/desk/bulk/new/?kind=close&ticket=%00",
        "/desk/mail/?q=a%00b",
        "/desk/mail/many/?what=aside&mail=%00",
        "/desk/reviews/?q=a%00b",
    ],
)
def test_an_address_with_a_nul_is_refused(sit: Sit, where: str) -> None:
    answer = sit("lead").get(where)
    assert answer.status_code == 400
    assert "We could not read that" in answer.content.decode()


@pytest.mark.parametrize("where", ["/desk/visits/letters/printing/", "/desk/visits/letters/posting/"])
def test_a_form_with_a_nul_is_refused(sit: Sit, where: str) -> None:
    assert sit("lead").post(where, {"ref": "\x00"}).status_code == 400


def test_a_fault_of_our_own_is_no_refusal(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise ValueError("A string literal cannot contain NUL (0x00) characters.")

    monkeypatch.setattr("aftersales.desk.views.mail.show", broken)
    with pytest.raises(ValueError, match="NUL"):
        sit("lead").get("/desk/mail/?q=ab")
