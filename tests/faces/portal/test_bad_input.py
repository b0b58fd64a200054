"""Whatever is typed or sent: a sentence in the person's language, and nothing lost, doubled or believed."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from aftersales.files.models import Attachment
from customers.models import Category, Order
from returns.gather import traits_of
from returns.models import Return, ReturnDraft
from tests.faces.portal.conftest import Opened, walk
from tests.faces.portal.test_road import a_photo, text
from tests.world import a_sku, an_order, staff
from tickets.models import Message

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def at_the_items(opened: Opened, order: Order) -> tuple[Client, str]:
    client = opened(order)
    client.post(f"/orders/{order.pk}/request/")
    return client, f"/orders/{order.pk}/request/"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-1", "A number below 0 cannot be sent back."),
        ("－2", "A number below 0 cannot be sent back."),
        ("3", "Of this item 2 can still be sent back."),
        ("99999999999999999999999999", "Of this item 2 can still be sent back."),
        ("9" * 5000, "Of this item 2 can still be sent back."),
        ("abc", "is not a number of pieces"),
        ("1.5", "is not a number of pieces"),
        ("1e3", "is not a number of pieces"),
        (SCRIPT, "is not a number of pieces"),
        ("", "Choose at least one item."),
        ("0", "Choose at least one item."),
    ],
)
def test_a_count_that_cannot_be_is_refused_in_words(opened: Opened, typed: str, sentence: str) -> None:
    order = an_order()
    client, base = at_the_items(opened, order)
    page = client.post(f"{base}items/", {f"quantity-{order.lines.get().pk}": typed})
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    assert not ReturnDraft.objects.get().data


@pytest.mark.parametrize("typed", ["２", " 2 ", "٢"])
def test_wide_and_foreign_digits_are_digits(opened: Opened, typed: str) -> None:
    order = an_order()
    client, base = at_the_items(opened, order)
    line = order.lines.get()
    assert client.post(f"{base}items/", {f"quantity-{line.pk}": typed}).status_code == 302
    assert ReturnDraft.objects.get().data["lines"][str(line.pk)]["quantity"] == 2


def test_a_wrong_count_stays_in_its_field(opened: Opened) -> None:
    order = an_order()
    client, base = at_the_items(opened, order)
    page = client.post(f"{base}items/", {f"quantity-{order.lines.get().pk}": "7"}).content.decode()
    assert 'value="7"' in page
    assert f'href="#id_quantity-{order.lines.get().pk}"' in page


def test_a_line_of_another_order_is_refused(opened: Opened) -> None:
    order, foreign = an_order(), an_order()
    client, base = at_the_items(opened, order)
    page = client.post(f"{base}items/", {f"quantity-{foreign.lines.get().pk}": "1"})
    assert page.status_code == 422
    assert "does not belong to this order" in page.content.decode()


def test_a_reason_that_is_not_offered_is_refused(opened: Opened) -> None:
    order = an_order()
    client, base = at_the_items(opened, order)
    line = order.lines.get()
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    assert client.post(f"{base}reasons/{line.pk}/", {"group": "found"}).status_code == 422
    assert client.get(f"{base}reasons/{line.pk}/found/").status_code == 404
    page = client.post(f"{base}reasons/{line.pk}/no_reason/", {"reason": "used_by_buyer"})
    assert page.status_code == 422
    assert "Choose one of these." in page.content.decode()
    assert client.get(f"{base}reasons/{an_order().lines.get().pk}/").status_code == 404


def test_a_sweater_is_not_past_its_date_and_tea_may_be(opened: Opened) -> None:
    sweater, tea = a_sku(title="羊毛衫", category="knits"), a_sku(title="绿茶", category="tea")
    Category.objects.filter(code="knits").update(dated=False)
    order = an_order(skus=[(sweater, 1), (tea, 1)])
    client, base = at_the_items(opened, order)
    of_sweater, of_tea = (order.lines.get(sku=sku) for sku in (sweater, tea))
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1 for line in (of_sweater, of_tea)})
    for line, shown in ((of_sweater, False), (of_tea, True)):
        page = client.get(f"{base}reasons/{line.pk}/quality/").content.decode()
        assert ('value="expired"' in page) is shown
    refused = client.post(f"{base}reasons/{of_sweater.pk}/quality/", {"reason": "expired"})
    assert "Choose one of these." in refused.content.decode()
    # “The same reason for everything” reaches only what it can be true of.
    client.post(f"{base}reasons/{of_tea.pk}/quality/", {"reason": "expired", "for_all": "on"})
    lines = ReturnDraft.objects.get().data["lines"]
    assert (lines[str(of_tea.pk)]["reason"], lines[str(of_sweater.pk)]["reason"]) == ("expired", "")


def test_food_may_be_past_its_date_whatever_is_ticked(opened: Opened) -> None:
    tea = a_sku(title="绿茶", category="tea")
    Category.objects.filter(code="tea").update(dated=False, goods_class="food")
    order = an_order(skus=[(tea, 1)])
    assert traits_of(order.lines.get()) == {"dated"}
    Category.objects.filter(code="tea").update(goods_class="general")
    assert traits_of(order.lines.get()) == set()


def test_a_variant_of_another_article_is_refused(opened: Opened) -> None:
    order, cup = an_order(), a_sku(title="手作陶杯")
    client, base = at_the_items(opened, order)
    line = order.lines.get()
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/no_reason/", {"reason": "wrong_choice.size"})
    client.post(f"{base}wish/", {"kind": "exchange"})
    page = client.post(f"{base}replacement/", {f"wanted-{line.pk}": cup.pk})
    assert page.status_code == 422
    assert "no longer in stock" in page.content.decode()


def test_a_wish_that_does_not_exist_is_refused(opened: Opened) -> None:
    order = an_order()
    client, base = at_the_items(opened, order)
    line = order.lines.get()
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/no_reason/", {"reason": "preference"})
    assert client.post(f"{base}wish/", {"kind": "jackpot"}).status_code == 422


def _bytes(mode: str, size: tuple[int, int], form: str) -> bytes:
    held = io.BytesIO()
    Image.new(mode, size).save(held, form)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("page.jpg", b"<!doctype html><script>alert(1)</script>"),
        ("moving.gif", _bytes("P", (4, 4), "GIF")),
        ("empty.jpg", b""),
        ("broken.jpg", _bytes("RGB", (64, 64), "JPEG")[:200]),
        ("large.jpg", b"\xff\xd8\xff" + b"0" * (20 * 1_048_576)),
        ("bomb.png", _bytes("1", (12_000, 12_000), "PNG")),
        ("text.pdf", b"%PDF-1.7 hello"),
    ],
)
def test_what_is_no_photo_is_refused_and_the_words_are_kept(opened: Opened, name: str, body: bytes) -> None:
    order = an_order()
    client, base = at_the_items(opened, order)
    line = order.lines.get()
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/quality/", {"reason": "flaw"})
    page = client.post(
        f"{base}story/", {f"story-{line.pk}": "A hole at the hem.", "attachments": [SimpleUploadedFile(name, body)]}
    )
    assert page.status_code == 422
    assert name in page.content.decode()
    assert "A hole at the hem." in page.content.decode()
    assert ReturnDraft.objects.get().data["lines"][str(line.pk)]["story"] == "A hole at the hem."
    assert not Attachment.objects.exists()


def test_seven_photos_at_once_are_told_and_the_words_are_kept(opened: Opened) -> None:
    order = an_order()
    client, base = at_the_items(opened, order)
    line = order.lines.get()
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/quality/", {"reason": "flaw"})
    photos = [a_photo() for _ in range(7)]
    page = client.post(f"{base}story/", {f"story-{line.pk}": "A hole at the hem.", "attachments": photos})
    assert page.status_code == 422
    assert "7 files were chosen; 6 at once are the most." in page.content.decode()
    assert "A hole at the hem." in page.content.decode()
    assert not Attachment.objects.exists()
    client.post(f"{base}story/", {"attachments": [a_photo() for _ in range(6)]})
    assert Attachment.objects.count() == 6


def test_more_files_than_can_be_read_are_told_in_our_words(opened: Opened) -> None:
    order = an_order()
    client, base = at_the_items(opened, order)
    line = order.lines.get()
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/quality/", {"reason": "flaw"})
    page = client.post(f"{base}story/", {"attachments": [SimpleUploadedFile("a.jpg", b"x") for _ in range(101)]})
    assert page.status_code == 400
    assert "than can be taken at once" in page.content.decode()


def test_markup_in_every_field_is_shown_as_it_was_typed(opened: Opened) -> None:
    order = an_order(skus=[(a_sku(title=f"Shirt {SCRIPT}", variant=SCRIPT), 1)])
    client = opened(order)
    ret = walk(client, order, story=SCRIPT)
    client.post(f"/returns/{ret.ref}/messages/", {"text": SCRIPT, "once": "k"})
    asked = client.post(f"/orders/{order.pk}/questions/", {"text": SCRIPT, "once": "k"})["Location"]
    for address in (f"/orders/{order.pk}/", f"/returns/{ret.ref}/", asked):
        page = text(client, address)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page
    assert Message.objects.filter(text=SCRIPT).count() == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"courier": "", "number": "SF1234567890123"}, "Choose the courier."),
        ({"courier": "SF", "number": ""}, "Enter the tracking number"),
        ({"courier": "SF", "number": "12"}, "6 to 32 letters and digits"),
        ({"courier": "SF", "number": SCRIPT}, "6 to 32 letters and digits"),
        ({"courier": "OTHER", "number": "SF1234567890123"}, "Enter the name of the courier."),
        ({"courier": "SF", "number": "SF1234567890123", "freight": "-5"}, "Please check the freight you paid."),
        ({"courier": "SF", "number": "SF1234567890123", "freight": "99999999"}, "Please check the freight you paid."),
        ({"courier": "SF", "number": "SF1234567890123", "freight": "twelve"}, "is not an amount of money"),
        ({"courier": "SF", "number": "SF1234567890123", "freight": "12.345"}, "more decimals"),
    ],
)
def test_a_parcel_that_cannot_be_is_refused_in_words(opened: Opened, typed: dict[str, str], sentence: str) -> None:
    from returns.actions.decision import approve_return

    order = an_order()
    client = opened(order)
    ret = walk(client, order)
    approve_return(ret.pk, actor=staff())
    page = client.post(f"/returns/{ret.ref}/parcels/", typed)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not ret.parcels.exists()


@pytest.mark.parametrize("words", ["", "   ", "bell\x07", "x" * 5_001])
def test_a_message_that_cannot_be_kept_is_refused_and_stays_typed(opened: Opened, words: str) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order)
    page = client.post(f"/returns/{ret.ref}/messages/", {"text": words, "once": "k"})
    assert page.status_code == 422
    assert "Please look at this again" in page.content.decode()
    assert not Message.objects.exists()


def test_a_key_nobody_gave_out_sends_nothing(opened: Opened) -> None:
    order, foreign = an_order(), an_order()
    client, base = at_the_items(opened, order)
    at_the_items(opened, foreign)
    key = ReturnDraft.objects.get(order=foreign).key
    for guess in ("", "x" * 400, key):
        assert client.post(f"{base}check/", {"key": guess, "seen": "x"}).status_code == 404
    assert not Return.objects.exists()


def test_sentences_are_in_the_language_of_the_reader(opened: Opened) -> None:
    order = an_order()
    client, base = at_the_items(opened, order)
    client.post("/i18n/setlang/", {"language": "zh-hans"})
    page = client.post(f"{base}items/", {f"quantity-{order.lines.get().pk}": "-1"})
    assert "件数不能小于 0" in page.content.decode()
