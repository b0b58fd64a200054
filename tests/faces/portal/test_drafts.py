"""Nothing typed is lost and nothing is sent twice: reloads, double clicks, lost answers, two windows, a proof that ran out."""

from __future__ import annotations

import pytest
from django.test import Client

from aftersales.accounts import proven
from customers.models import Order
from returns.models import Return, ReturnDraft
from tests.faces.portal.conftest import Opened, walk
from tests.faces.portal.test_proof import claim_code
from tests.world import an_order


def ready_to_send(client: Client, order: Order) -> dict[str, str]:
    """Everything answered; what the last page would send."""
    base = f"/orders/{order.pk}/request/"
    line = order.lines.get()
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/no_reason/", {"reason": "preference"})
    client.post(f"{base}wish/", {"kind": "return"})
    form = client.get(f"{base}check/").context["form"]
    return {"key": form["key"].value(), "seen": form["seen"].value()}


def test_every_answer_is_there_again_after_a_reload_in_another_browser(opened: Opened) -> None:
    order = an_order()
    line = order.lines.get()
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 2})
    client.post(f"{base}reasons/{line.pk}/quality/", {"reason": "flaw"})
    client.post(f"{base}story/", {f"story-{line.pk}": "A hole."})
    other = opened(order)
    assert "Go on with your request" in other.get(f"/orders/{order.pk}/").content.decode()
    other.post(base)
    assert other.get(f"{base}items/").context["form"][f"quantity-{line.pk}"].value() == 2
    assert other.get(f"{base}reasons/{line.pk}/quality/").context["form"]["reason"].value() == "flaw"
    assert "A hole." in other.get(f"{base}story/").content.decode()


def test_typing_is_saved_without_pressing_anything(opened: Opened) -> None:
    order = an_order()
    line = order.lines.get()
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    client.post(base)
    keep = {"X-Keep": "1"}
    assert client.post(f"{base}items/", {f"quantity-{line.pk}": 1}, headers=keep).status_code == 204
    client.post(f"{base}reasons/{line.pk}/quality/", {"reason": "flaw"})
    assert client.post(f"{base}story/", {f"story-{line.pk}": "A ho"}, headers=keep).status_code == 204
    assert "A ho" in client.get(f"{base}story/").content.decode()
    assert ReturnDraft.objects.get().data["lines"][str(line.pk)]["quantity"] == 1


def test_half_a_number_is_not_an_error_while_typing(opened: Opened) -> None:
    order = an_order()
    line = order.lines.get()
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/quality/", {"reason": "flaw"})
    answer = client.post(f"{base}items/", {f"quantity-{line.pk}": "-"}, headers={"X-Keep": "1"})
    assert answer.status_code == 204
    kept = ReturnDraft.objects.get().data["lines"][str(line.pk)]
    assert (kept["quantity"], kept["reason"]) == (1, "flaw")


def test_looking_begins_nothing(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    for step in ("", "items/", "reasons/", "story/", "wish/", "replacement/", "verdict/", "check/"):
        assert client.get(f"/orders/{order.pk}/request/{step}")["Location"] == f"/orders/{order.pk}/"
    assert not ReturnDraft.objects.exists()


def test_a_later_page_leads_to_the_first_open_question(opened: Opened) -> None:
    order = an_order()
    line = order.lines.get()
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    client.post(base)
    assert client.get(f"{base}verdict/")["Location"] == f"{base}items/"
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    assert client.get(f"{base}check/")["Location"] == f"{base}reasons/"
    client.post(f"{base}reasons/{line.pk}/no_reason/", {"reason": "preference"})
    assert client.get(f"{base}check/")["Location"] == f"{base}wish/"
    client.post(f"{base}wish/", {"kind": "exchange"})
    assert client.get(f"{base}check/")["Location"] == f"{base}replacement/"


def test_a_double_click_and_a_replayed_form_are_one_return(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    sent = ready_to_send(client, order)
    check = f"/orders/{order.pk}/request/check/"
    answers = {client.post(check, sent)["Location"] for _ in range(3)}
    ret = Return.objects.get()
    assert answers == {f"/returns/{ret.ref}/done/"}
    assert order.lines.get().claimed_quantity == 1


def test_the_back_button_after_sending_leads_to_the_request(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order)
    for step in ("items/", "check/"):
        assert client.get(f"/orders/{order.pk}/request/{step}")["Location"] == f"/returns/{ret.ref}/done/"


def test_what_was_changed_in_another_window_is_shown_before_it_is_sent(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    sent = ready_to_send(client, order)
    line = order.lines.get()
    client.post(f"/orders/{order.pk}/request/items/", {f"quantity-{line.pk}": 2})
    page = client.post(f"/orders/{order.pk}/request/check/", sent)
    assert page.status_code == 422
    assert "changed on another page" in page.content.decode()
    assert "× 2" in page.content.decode()
    assert not Return.objects.exists()


def test_units_that_went_elsewhere_meanwhile_are_said_so(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    sent = ready_to_send(client, order)
    order.lines.update(claimed_quantity=2)
    page = client.post(f"/orders/{order.pk}/request/check/", sent)
    assert page.status_code == 422
    assert "0 can still be returned" in page.content.decode()
    again = client.get(f"/orders/{order.pk}/request/verdict/", follow=True)
    assert again.request["PATH_INFO"] == f"/orders/{order.pk}/request/items/"
    assert "0 can still be returned" in again.content.decode()


def test_a_request_can_follow_one_that_was_withdrawn(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    first = walk(client, order)
    client.post(f"/returns/{first.ref}/withdrawal/")
    second = walk(client, order)
    assert second.pk != first.pk


@pytest.mark.django_db(transaction=True)
def test_words_typed_when_the_proof_ran_out_are_there_after_the_next(opened: Opened) -> None:
    order = an_order()
    line = order.lines.get()
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/quality/", {"reason": "flaw"})
    session = client.session
    proven.forget(session)
    session.save()
    sent_away = client.post(f"{base}story/", {f"story-{line.pk}": "A long story.", "csrfmiddlewaretoken": "x"})
    assert sent_away["Location"].startswith("/?next=")
    proof = sent_away["Location"].replace("/?", "/proof/card/?")
    back = client.post(proof, {"number": order.number, "claim_code": claim_code(order)})
    assert back["Location"] == f"{base}story/"
    assert "A long story." in client.get(back["Location"]).content.decode()
    assert "A long story." not in client.get(back["Location"]).content.decode()  # shown once; not sent, not kept
