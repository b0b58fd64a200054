"""The whole road over HTTP: ask, answer, send, object, withdraw, follow; for a return and for an exchange, to the end."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from aftersales.files.models import Attachment
from aftersales.kernel import clock
from returns.actions.decision import approve_return, reject_return
from returns.actions.ending import expire_return
from returns.actions.exchange import replacement_delivered, settle_difference, ship_replacement
from returns.actions.info import ask_info
from returns.actions.objections import settle_contest
from returns.actions.payment import record_payment, release_refund
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from returns.models import Return
from tests.faces.portal.conftest import Opened, walk
from tests.files.hostile import clip
from tests.world import a_return, a_sku, an_order, staff
from tickets.actions.conversation import note, reply
from tickets.models import Message, Ticket


def text(client: Client, address: str) -> str:
    """What the page says."""
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code, page.get("Location"))
    return page.content.decode()


def a_photo(name: str = "sleeve.jpg") -> SimpleUploadedFile:
    held = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(held, "JPEG")
    return SimpleUploadedFile(name, held.getvalue(), "image/jpeg")


def inspect_all(ret: Return) -> None:
    """The warehouse finds everything there and in order."""
    lines = list(ret.lines.all())
    receive_goods(ret.pk, {line.pk: line.quantity for line in lines}, key="page", actor=staff("warehouse"))
    found = [Finding(line.pk, line.quantity, True, "intact", "restock") for line in lines]
    inspect_goods(ret.pk, found, actor=staff("warehouse"))


def test_a_return_goes_from_the_order_to_the_money(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order, quantity=2, story="Too thin for me.")
    home = f"/returns/{ret.ref}/"
    assert ret.lines.get().story == "Too thin for me."
    assert ret.ref in text(client, f"{home}done/")
    assert "We read your request and decide" in text(client, home)

    approve_return(ret.pk, actor=staff())
    page = text(client, home)
    assert "Send the parcel and enter its tracking number" in page
    assert "浙江省杭州市余杭区仓前路 1 号" in page
    assert ret.ref in text(client, f"{home}label/")

    answer = client.post(f"{home}parcels/", {"courier": "SF", "number": "sf 1234567890123", "freight": "１２.００"})
    assert answer["Location"] == home
    assert "SF1234567890123" in text(client, home)

    inspect_all(ret)
    page = text(client, home)
    assert "We pay your refund" in page
    assert "¥256.00" in page

    refund = release_refund(ret.refunds.get(purpose="goods").pk, actor=staff())
    assert "Your refund is on its way" in text(client, home)
    record_payment(refund.pk, payment_ref="ALI-1", actor=staff())
    assert "¥256.00 was refunded to you" in text(client, home)


def test_an_exchange_goes_to_the_new_shirt_and_its_difference(opened: Opened) -> None:
    own = a_sku(variant="白 M")
    dearer = a_sku(variant="麻灰 L", price=13_900)
    order = an_order(skus=[(own, 1)])
    client = opened(order)
    ret = walk(client, order, reason="wrong_choice.size", kind="exchange", wanted=dearer.pk)
    home = f"/returns/{ret.ref}/"
    assert ret.lines.get().wanted_sku == dearer

    approve_return(ret.pk, actor=staff())
    client.post(f"{home}parcels/", {"courier": "ZTO", "number": "73610555582883"})
    inspect_all(ret)
    assert "Please pay the difference of ¥11.00" in text(client, home)

    settle_difference(ret.pk, payment_ref="ALI-2", actor=staff())
    assert "We send your replacement" in text(client, home)
    ship_replacement(ret.pk, carrier="YTO", number="YT8962646785389", actor=staff("warehouse"))
    assert "YTO Express YT8962646785389" in text(client, home)
    replacement_delivered(ret.pk, actor=staff())
    assert "Your exchange is complete" in text(client, home)


def test_after_a_cheaper_replacement_has_arrived_the_difference_is_what_comes_next(opened: Opened) -> None:
    """The page said that it was on its way."""
    cheaper = a_sku(variant="短袖 L", price=10_000)
    order = an_order(skus=[(a_sku(), 1), (a_sku(title="大衣", price=50_000), 1)])
    client = opened(order)
    ret = a_return(order, kind="exchange", reason="wrong_choice.size", wanted=cheaper)
    approve_return(ret.pk, actor=staff())
    client.post(f"/returns/{ret.ref}/parcels/", {"courier": "ZTO", "number": "73610555582883"})
    inspect_all(ret)
    ship_replacement(ret.pk, carrier="YTO", number="YT8962646785389", actor=staff("warehouse"))
    replacement_delivered(ret.pk, actor=staff())
    page = text(client, f"/returns/{ret.ref}/")
    assert "We pay your refund" in page
    assert "Your replacement is on its way" not in page


def test_the_verdict_is_there_before_anything_is_sent(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    line = order.lines.get()
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/quality/", {"reason": "flaw"})
    page = text(client, f"{base}wish/")
    assert page.index('value="exchange"') < page.index('value="return"')
    assert "We pay for sending it back." in page
    client.post(f"{base}wish/", {"kind": "return"})
    page = text(client, f"{base}verdict/")
    assert "What you are entitled to" in page
    assert not Return.objects.exists()


def test_after_a_change_of_mind_the_refund_comes_first(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    line = order.lines.get()
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/no_reason/", {"reason": "preference"})
    page = text(client, f"{base}wish/")
    assert page.index('value="return"') < page.index('value="exchange"')
    assert "Suggested" not in page


def test_a_refund_that_is_due_is_never_hidden_behind_an_exchange(opened: Opened) -> None:
    order = an_order(skus=[(a_sku(on_hand=0), 1)])
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    line = order.lines.get()
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/no_reason/", {"reason": "preference"})
    page = text(client, f"{base}wish/")
    assert 'value="return"' in page
    assert "none is in stock just now" in page
    assert client.post(f"{base}wish/", {"kind": "exchange"}).status_code == 422


def test_two_items_with_different_causes_get_a_verdict_each_and_one_parcel(opened: Opened) -> None:
    order = an_order(skus=[(a_sku(), 1), (a_sku(title="手作陶杯", price=5_900), 1)], freight=1_200)
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    shirt, cup = order.lines.order_by("id")
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{shirt.pk}": 1, f"quantity-{cup.pk}": 1})
    following = client.post(f"{base}reasons/{shirt.pk}/no_reason/", {"reason": "preference"})
    assert following["Location"] == f"{base}reasons/{cup.pk}/"
    client.post(f"{base}reasons/{cup.pk}/logistics/", {"reason": "carrier_damage"})
    client.post(f"{base}wish/", {"kind": "return"})
    page = text(client, f"{base}verdict/")
    assert "手作陶杯" in page
    assert "All of it travels in one parcel" in page
    assert "we pay for sending it back" in page
    assert "Your new items leave in one parcel" not in page


def test_two_causes_and_one_new_shipment_say_who_pays_it(opened: Opened) -> None:
    order = an_order(skus=[(a_sku(), 1), (a_sku(title="手作陶杯", price=5_900), 1)])
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    shirt, cup = order.lines.order_by("id")
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{shirt.pk}": 1, f"quantity-{cup.pk}": 1})
    client.post(f"{base}reasons/{shirt.pk}/no_reason/", {"reason": "wrong_choice.size"})
    client.post(f"{base}reasons/{cup.pk}/logistics/", {"reason": "carrier_damage"})
    client.post(f"{base}wish/", {"kind": "exchange"})
    client.post(f"{base}replacement/", {f"wanted-{line.pk}": line.sku_id for line in (shirt, cup)})
    assert "Your new items leave in one parcel, and we pay for it." in text(client, f"{base}verdict/")


def test_one_reason_can_be_given_for_everything(opened: Opened) -> None:
    order = an_order(skus=[(a_sku(), 1), (a_sku(title="手作陶杯"), 1)])
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    shirt, cup = order.lines.order_by("id")
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{shirt.pk}": 1, f"quantity-{cup.pk}": 1})
    answer = client.post(f"{base}reasons/{shirt.pk}/no_reason/", {"reason": "preference", "for_all": "on"})
    assert answer["Location"] == f"{base}story/"


def test_photos_go_along_and_count_as_proof(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    line = order.lines.get()
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/quality/", {"reason": "flaw"})
    two = {"attachments": [a_photo(), a_photo("hem.jpg")], "add": "1"}
    assert client.post(f"{base}story/", two)["Location"] == f"{base}story/"
    first, second = Attachment.objects.order_by("id")
    assert client.get(first.thumb).status_code == 200
    client.post(f"{base}photos/{second.ref}/removal/")
    client.post(f"{base}photos/{second.ref}/removal/")  # twice is once
    client.post(f"{base}wish/", {"kind": "return"})
    form = client.get(f"{base}check/").context["form"]
    client.post(f"{base}check/", {"key": form["key"].value(), "seen": form["seen"].value()})
    ret = Return.objects.get()
    assert list(Attachment.objects.of(ret)) == [first]
    assert ret.lines.get().verdicts.get().facts["proof_given"] is True
    assert first.ref in text(client, f"/returns/{ret.ref}/")


def test_our_question_is_answered_with_words_and_a_photo(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order, group="quality", reason="flaw")
    ask_info(ret.pk, question="Where exactly is the flaw?", actor=staff())
    home = f"/returns/{ret.ref}/"
    assert "Where exactly is the flaw?" in text(client, home)
    assert "Please answer before" in text(client, f"{home}answer/")
    empty = client.post(f"{home}answer/", {"answer": "  "})
    assert empty.status_code == 422
    film = SimpleUploadedFile("抖动.mp4", clip(b"mp42"))
    sent = {"answer": "At the left sleeve.", "attachments": [a_photo(), film]}
    assert client.post(f"{home}answer/", sent)["Location"] == home
    assert client.post(f"{home}answer/", {"answer": "At the left sleeve."})["Location"] == home  # sent twice
    ret.refresh_from_db()
    assert ret.status == "submitted"
    assert ret.info_requests.get().answer == "At the left sleeve."
    assert [each.is_picture for each in Attachment.objects.of(ret)] == [True, False]
    assert "抖动.mp4" in text(client, home)


def test_a_question_whose_time_is_over_is_not_asked_any_more(opened: Opened) -> None:
    """It stood on the page of the expired request, and an answer to it was thanked for and lost."""
    ret = a_return(an_order(), reason="flaw")
    client, home = opened(ret.order), f"/returns/{ret.ref}/"
    ask_info(ret.pk, question="Where exactly is the flaw?", actor=staff())
    expire_return(ret.pk, at=clock.now())
    assert "Where exactly is the flaw?" not in text(client, home)
    assert client.get(f"{home}answer/")["Location"] == home
    late = client.post(f"{home}answer/", {"answer": "At the left sleeve."})
    assert (late.status_code, "expired" in late.content.decode()) == (422, True)


def test_a_request_is_withdrawn_after_a_second_look(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order)
    home = f"/returns/{ret.ref}/"
    assert "Withdraw the request?" in text(client, f"{home}withdrawal/")
    client.post(f"{home}withdrawal/")
    client.post(f"{home}withdrawal/")
    assert "You withdrew this request" in text(client, home)
    assert order.lines.get().claimed_quantity == 0
    assert client.get(f"{home}withdrawal/")["Location"] == home


def test_a_refusal_is_contested_and_lifted(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order)
    home = f"/returns/{ret.ref}/"
    reject_return(ret.pk, reason="Worn.", clause="CRPL 25", alternative="A voucher", actor=staff())
    page = text(client, home)
    assert "Worn." in page
    assert "CRPL 25" in page
    assert "A voucher" in page
    assert "You may object before" in page
    assert "Please do it" not in page
    assert client.post(f"{home}objection/", {"story": ""}).status_code == 422
    client.post(f"{home}objection/", {"story": "It was never worn."})
    assert "Your objection is with a lead" in text(client, home)
    assert client.get(f"{home}objection/")["Location"] == home
    assert "You may object" not in text(client, home)
    settle_contest(ret.pk, upheld=False, answer="You are right.", actor=staff("lead"))
    assert "Send the parcel and enter its tracking number" in text(client, home)


def test_the_answer_to_an_objection_is_the_last_word(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order)
    home = f"/returns/{ret.ref}/"
    reject_return(ret.pk, reason="Worn.", clause="CRPL 25", actor=staff())
    client.post(f"{home}objection/", {"story": "It was never worn."})
    settle_contest(ret.pk, upheld=True, answer="The sole shows it.", actor=staff("lead"))
    page = text(client, home)
    assert "Our answer: the refusal stands" in page
    assert "The sole shows it." in page
    assert "I see it differently" not in page
    assert "Your turn" not in page
    assert "next--done" not in page  # nothing is left to do, and it is no good news
    assert client.get(f"{home}objection/")["Location"] == home
    again = client.post(f"{home}objection/", {"story": "I insist."})  # from a page left open
    assert again.status_code == 422
    assert "Your objection has been answered" in again.content.decode()


def test_an_expired_request_is_taken_up_again_once(opened: Opened, drain: Callable[[], int]) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order)
    approve_return(ret.pk, actor=staff())
    with clock.fixed(clock.now() + dt.timedelta(days=8)):
        drain()
    home = f"/returns/{ret.ref}/"
    assert "The time for this request ran out" in text(client, home)
    client.post(f"{home}reopening/")
    assert "We read your request and decide" in text(client, home)


def test_messages_go_both_ways_and_notes_stay_inside(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order)
    home = f"/returns/{ret.ref}/"
    reply(ret.ticket_id, text="Hello, what size do you wear?", actor=staff())
    note(ret.ticket_id, text="She is a regular.", actor=staff())
    once = client.get(home).context["form"]["once"].value()
    client.post(f"{home}messages/", {"text": "Size S.", "once": once})
    client.post(f"{home}messages/", {"text": "Size S.", "once": once})
    page = text(client, home)
    assert "Hello, what size do you wear?" in page
    assert page.count("Size S.") == 1
    assert "She is a regular." not in page
    assert Message.objects.filter(by="customer").count() == 1


def test_other_words_from_the_same_page_are_another_message(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order)
    home = f"/returns/{ret.ref}/"
    for words in ("One.", "Two."):
        client.post(f"{home}messages/", {"text": words, "once": "abc"})
    assert list(Message.objects.filter(by="customer").values_list("text", flat=True)) == ["One.", "Two."]


def test_a_question_becomes_one_ticket(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    address = f"/orders/{order.pk}/questions/"
    once = client.get(address).context["form"]["once"].value()
    first = client.post(address, {"text": "Does it shrink?\nI wash at 40.", "once": once})
    again = client.post(address, {"text": "Does it shrink?\nI wash at 40.", "once": once})
    ticket = Ticket.objects.get(kind="question")
    assert first["Location"] == again["Location"] == f"/questions/{ticket.ref}/"
    assert (ticket.title, ticket.queue.key) == ("Does it shrink?", "questions")
    assert ticket.due_at == min(clock.due_at for clock in ticket.clocks.all() if clock.due_at)
    reply(ticket.pk, text="Not at 30 degrees.", actor=staff())
    page = text(client, first["Location"])
    assert "Not at 30 degrees." in page
    assert "Does it shrink?" in text(client, f"/orders/{order.pk}/")


@pytest.mark.parametrize(
    ("status", "parcel", "sentence"),
    [
        ("paid", None, "Nothing has been sent yet"),
        ("cancelled", None, "This order was cancelled"),
        ("shipped", "refused", "The parcel was refused and is on its way back"),
    ],
)
def test_where_no_form_helps_the_page_says_what_does(
    opened: Opened, status: str, parcel: str | None, sentence: str
) -> None:
    order = an_order(status=status)
    if parcel:
        order.shipments.update(status=parcel, signed_at=None)
    else:
        order.lines.update(shipped_quantity=0)
        order.shipments.all().delete()
    page = text(opened(order), f"/orders/{order.pk}/")
    assert sentence in page
    assert f"/orders/{order.pk}/questions/" in page
    assert f'action="/orders/{order.pk}/request/"' not in page


def test_a_lost_parcel_needs_nothing_sent_back(opened: Opened) -> None:
    order = an_order(status="shipped")
    order.shipments.update(status="lost_suspected", signed_at=None)
    client = opened(order)
    ret = walk(client, order, group="logistics", reason="carrier_loss")
    approve_return(ret.pk, actor=staff())
    assert "We pay your refund" in text(client, f"/returns/{ret.ref}/")


def test_a_customer_who_is_too_late_reads_what_would_change_it_and_no_hint_what_to_claim(opened: Opened) -> None:
    order = an_order(days_ago=20)
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    line = order.lines.get()
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/no_reason/", {"reason": "preference"})
    client.post(f"{base}wish/", {"kind": "return"})
    page = text(client, f"{base}verdict/")
    assert "What would change this" in page
    assert "A return for a refund would be due if “days since receipt” were 7 instead of 20." in page
    assert "reason as" not in page.split("What would change this")[1].split("</ul>")[0]
