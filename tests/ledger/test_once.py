"""A request repeated under its key is answered, not done again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError

from aftersales.accounts.models import Team
from aftersales.kernel.errors import Refusal
from aftersales.ledger.models import IdempotencyKey
from aftersales.ledger.once import KeyUsedOtherwise, key_of, once


def ask(name: str = "Ada", key: str = "k1", **body: Any) -> tuple[int, dict[str, Any]]:
    def work() -> tuple[int, dict[str, Any]]:
        return 201, {"id": Team.objects.create(name=name).pk}

    return once(principal="staff:7", endpoint="teams", key=key, request={"name": name, **body}, work=work)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_at_the_same_moment_do_it_once(at_once: Callable[..., list[Any]]) -> None:
    answers = at_once(ask, 20)
    assert Team.objects.count() == 1
    assert {str(answer) for answer in answers} == {str((201, {"id": Team.objects.get().pk}))}


@pytest.mark.smoke
def test_it_gives_the_first_answer_again(db: None) -> None:
    assert ask() == ask()
    assert Team.objects.count() == 1
    assert ask(name="Bea", key="k2") != ask()


@pytest.mark.smoke
def test_another_request_under_the_same_key_is_refused(db: None) -> None:
    ask(colour="red", size=1)
    assert ask(size=1, colour="red")[0] == 201, "the order of the fields does not matter"
    with pytest.raises(KeyUsedOtherwise) as refusal:
        ask(colour="blue", size=1)
    assert (refusal.value.status, refusal.value.code) == (409, "idempotency_key_reused")


@pytest.mark.smoke
def test_other_words_from_the_same_page_have_another_key() -> None:
    assert key_of("page", ["one", 1]) == key_of("page", ["one", 1])
    assert len({key_of("page", "one"), key_of("page", "two"), key_of("other", "one")}) == 3


@pytest.mark.smoke
def test_a_refused_request_leaves_no_key_behind(db: None) -> None:
    def refuse() -> tuple[int, dict[str, Any]]:
        Team.objects.create(name="half")
        raise Refusal

    with pytest.raises(Refusal):
        once(principal="staff:7", endpoint="teams", key="k1", request={}, work=refuse)
    assert not Team.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert once(principal="staff:7", endpoint="teams", key="k1", request={}, work=lambda: (200, {}))[0] == 200


@pytest.mark.smoke
def test_a_broken_constraint_of_the_work_is_not_taken_for_a_used_key(db: None) -> None:
    Team.objects.create(name="Ada")
    with pytest.raises(IntegrityError):
        ask(name="Ada")
