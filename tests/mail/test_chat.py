"""Chat tools: signed messages in, once each; replies out, signed, until they are taken."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import json
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from PIL import Image

from aftersales.accounts.models import Team
from aftersales.files import store
from aftersales.files.actions.attaching import read_file
from aftersales.files.actions.hiding import hide
from aftersales.files.models import Attachment
from aftersales.hooks.chat import chat
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput
from aftersales.ledger.models import Event, Inbox, Outbound
from aftersales.notices.channels.webhook import sign
from customers.models import Person
from tests.files.hostile import PDF, clip, packed
from tests.notices.http_double import Answer, HttpDouble
from tests.world import an_order, member, staff
from tickets.actions.chat.sources import end_source, set_secret
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import attach_files, reply
from tickets.actions.mail import by_hand
from tickets.models import Arrival, ChatSource, Ticket

SECRET = "s" * 40
Drain = Callable[[], int]


@pytest.fixture
def source(db: None) -> ChatSource:
    made = ChatSource.objects.create(key="qianniu", name="千牛", platform="taobao")
    return set_secret(made.pk, SECRET, actor=staff("manager"))


@pytest.fixture
def buyer(db: None) -> Person:
    order = an_order()
    Person.objects.filter(pk=order.person_id).update(nick="林家小妹")
    return Person.objects.get(pk=order.person_id)


def call(
    body: Any, *, secret: str = SECRET, off: int = 0, key: str = "qianniu", method: str = "post", **headers: str
) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = str(int(clock.now().timestamp()) + off)
    signed = {"x-desk-signature": f"t={stamp},v1={sign(secret, stamp, raw)}", **headers}
    client = Client()
    return client.generic(method.upper(), f"/hooks/chat/{key}/", raw, content_type="application/json", headers=signed)


def said(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"id": f"m{number}", "buyer": "林家小妹", "text": "衣服小了，能换吗？", **fields}


def test_a_buyer_of_the_platform_opens_a_ticket_and_goes_on_there(
    source: ChatSource, buyer: Person, drain: Drain
) -> None:
    order = buyer.orders.get()
    assert call(said(1, order_number=order.number)).status_code == 202
    assert call(said(2, text="在吗")).status_code == 202
    drain()
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.person, ticket.order) == ("chat", buyer, order)
    assert sorted(ticket.messages.values_list("text", "channel")) == [("在吗", "chat"), ("衣服小了，能换吗？", "chat")]


def test_the_same_message_five_times_is_one(source: ChatSource, buyer: Person, drain: Drain) -> None:
    answers = [call(said()).status_code for _time in range(5)]
    drain()
    assert answers == [202, 200, 200, 200, 200]
    assert Ticket.objects.get().messages.count() == 1
    assert Inbox.objects.filter(source="chat:qianniu").count() == 1


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"secret": "wrong" * 10}, 401),
        ({"x-desk-signature": ""}, 401),
        ({"x-desk-signature": "t=1,v1=" + "0" * 64}, 401),
        ({"off": 301}, 401),
        ({"off": -301}, 401),
        ({"key": "nobody"}, 401),
        ({"method": "get"}, 405),
    ],
)
def test_what_is_not_signed_rightly_and_lately_is_refused(source: ChatSource, how: dict[str, Any], status: int) -> None:
    assert call(said(), **how).status_code == status
    assert not Inbox.objects.filter(source="chat:qianniu").exists()


def test_one_byte_changed_is_refused(source: ChatSource) -> None:
    raw = json.dumps(said()).encode()
    stamp = str(int(clock.now().timestamp()))
    signature = {"x-desk-signature": f"t={stamp},v1={sign(SECRET, stamp, raw)}"}
    answer = Client().generic("POST", "/hooks/chat/qianniu/", raw.replace(b"m1", b"m2"), headers=signature)
    assert answer.status_code == 401


def test_without_a_secret_nothing_is_accepted(db: None) -> None:
    ChatSource.objects.create(key="qianniu", name="千牛", platform="taobao")
    assert call(said(), secret="").status_code == 401


def test_an_ended_source_is_deaf(source: ChatSource) -> None:
    end_source(source.pk, actor=staff("manager"))
    end_source(source.pk, actor=staff("manager"))
    assert call(said()).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b"\xff", {"id": "1"}, said(text=""), said(text=7), said(text="长" * 20_001), said(id="x" * 121),
        said(at="2026-11-28T10:00:00"), b"[" * 50_000, said(at="2026-13-01T10:00:00+08:00"), said(at="0001-01-01T00:00:00+08:00"),
        said(at="2026-11-28T10:00:61+08:00"), said(at="yesterday"), said(at=7),
    ],
)  # fmt: skip
def test_a_body_that_is_not_as_documented_is_told_so(source: ChatSource, body: Any) -> None:
    answer = call(body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_body")


def test_what_is_too_large_is_not_read(source: ChatSource, settings: Any) -> None:
    settings.CHAT_MOST_BYTES = 1_000_000
    assert call(b"x" * 5_000_000).status_code == 413


def test_an_unproven_call_fills_no_memory_and_leaves_nothing_behind(
    source: ChatSource, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    stamp = str(int(clock.now().timestamp()))
    request = RequestFactory().post(
        "/hooks/chat/qianniu/", b"x" * 20_000_000, content_type="application/json",
        headers={"x-desk-signature": f"t={stamp},v1={'0' * 64}"},
    )  # fmt: skip
    tracemalloc.start()
    try:
        assert chat(request, "qianniu").status_code == 401
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
    assert list(tmp_path.iterdir()) == []


def a_photo(*, size: tuple[int, int]) -> bytes:
    held = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(held, "JPEG", quality=95)
    return held.getvalue()


def in_base64(body: bytes) -> str:
    return base64.b64encode(body).decode()


def test_files_come_with_a_message_once_and_what_is_not_taken_is_remarked(
    source: ChatSource, buyer: Person, drain: Drain
) -> None:
    film = clip(b"mp42")
    files = [
        {"name": "开箱.mp4", "content": in_base64(film)}, {"name": "检测报告.pdf", "content": in_base64(PDF)},
        {"name": "a.zip", "content": in_base64(packed())},
    ]  # fmt: skip
    assert [call(said(files=files)).status_code for _time in range(2)] == [202, 200]
    drain()
    message = Ticket.objects.get().messages.get()
    assert [each.name for each in Attachment.objects.of(message)] == ["开箱.mp4", "检测报告.pdf"]
    assert Attachment.objects.count() == 2
    arrival = Arrival.objects.get()
    assert arrival.remarks == [["file_refused", {"name": "a.zip", "why": "file_archive"}]]
    assert arrival.size > len(film) + len(PDF)


def test_a_picture_alone_needs_no_words_and_a_large_one_is_taken(
    source: ChatSource, buyer: Person, drain: Drain
) -> None:
    photo = a_photo(size=(1_500, 1_500))
    assert len(photo) > 1_048_576, "more than a form without files may have"
    assert call(said(text="", files=[{"name": "衣服.jpg", "content": in_base64(photo)}])).status_code == 202
    drain()
    ticket = Ticket.objects.get()
    assert (ticket.title, ticket.messages.get().text) == (Arrival.objects.get().ref, "–")
    assert Attachment.objects.of(ticket.messages.get()).get().is_picture


def test_a_small_picture_is_kept_because_a_chat_has_no_original(
    source: ChatSource, buyer: Person, drain: Drain
) -> None:
    call(said(files=[{"name": "表情.png", "content": in_base64(a_photo(size=(48, 48)))}]))
    drain()
    assert Attachment.objects.of(Ticket.objects.get().messages.get()).get().is_picture
    assert Arrival.objects.get().remarks == []


def test_files_of_somebody_unknown_wait_with_the_message_and_go_where_it_goes(
    source: ChatSource, drain: Drain, client: Client
) -> None:
    call(said(1, buyer="新客", files=[{"name": "检测报告.pdf", "content": in_base64(PDF)}]))
    drain()
    arrival, file = Arrival.objects.get(), Attachment.objects.get()
    client.force_login(member("agent"))
    assert "检测报告.pdf" in client.get(f"/desk/mail/{arrival.ref}/").content.decode()
    assert client.get(file.full).status_code == 200
    assert Client().get(file.full).status_code == 404
    for _time in range(2):
        by_hand.open_for(arrival.ref, actor=staff())
    assert list(Attachment.objects.of(Ticket.objects.get().messages.get())) == [file]
    assert "检测报告.pdf" not in client.get(f"/desk/mail/{arrival.ref}/").content.decode(), "it is on the ticket now"


@pytest.mark.parametrize(
    "files", [{}, "x", ["x"], [{"name": "a.pdf", "content": "~"}], [{"content": "eA=="}], [{"name": "a"}] * 51]
)
def test_files_that_are_not_as_documented_are_told_so(source: ChatSource, files: Any) -> None:
    answer = call(said(files=files))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_body")
    assert not Arrival.objects.exists()


def test_a_replys_files_leave_with_it_but_for_what_is_hidden(
    source: ChatSource, buyer: Person, drain: Drain, settings: Any
) -> None:
    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [double.authority]
        ChatSource.objects.update(reply_url=f"http://{double.authority}/in")
        call(said())
        drain()
        message = reply(Ticket.objects.get().pk, text="见附件。", actor=staff())
        given = [read_file(SimpleUploadedFile(name, PDF)) for name in ("说明书.pdf", "内部.pdf")]
        attach_files(message, given, actor=staff())
        hidden = Attachment.objects.get(name="内部.pdf")
        hide(hidden.ref, why="不该发", actor=staff("lead"))
        drain()
        drain()
        (request,) = double.requests
        body = json.loads(request.body)
        stamp = request.headers["X-Desk-Signature"].partition(",")[0].removeprefix("t=")
        assert request.headers["X-Desk-Signature"] == f"t={stamp},v1={sign(SECRET, stamp, request.body)}"
        (file,) = body["files"]
        assert base64.b64decode(file.pop("content")) == PDF
        assert file == {
            "name": "说明书.pdf", "content_type": "application/pdf", "size": len(PDF),
            "sha256": hashlib.sha256(PDF).hexdigest(),
        }  # fmt: skip


def test_a_file_the_disk_lost_is_named_and_the_rest_goes_out(
    source: ChatSource, buyer: Person, drain: Drain, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [double.authority]
        ChatSource.objects.update(reply_url=f"http://{double.authority}/in")
        call(said())
        drain()
        message = reply(Ticket.objects.get().pk, text="见附件。", actor=staff())
        given = [read_file(SimpleUploadedFile(name, PDF)) for name in ("说明书.pdf", "发票.pdf")]
        attach_files(message, given, actor=staff())
        lost = Attachment.objects.get(name="发票.pdf")
        store.remove(lost.stored_name)
        drain()
        drain()
        (request,) = double.requests
    assert [each["name"] for each in json.loads(request.body)["files"]] == ["说明书.pdf"]
    assert Outbound.objects.get(channel="chat").provider_ref == f"200, without the lost {lost.ref}"
    assert ("files.lost" in caplog.text, lost.ref in caplog.text) == (True, True)


def test_nul_and_turned_writing_are_taken_out(source: ChatSource, buyer: Person, drain: Drain) -> None:
    call(said(text="a\x00b\u202ec\ud800"))
    drain()
    assert Ticket.objects.get().messages.get().text == "abc"


def test_somebody_unknown_waits_and_once_placed_goes_on_there(source: ChatSource, drain: Drain) -> None:
    call(said(1, buyer="新客"))
    drain()
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.reason) == ("quarantined", "unknown_sender")
    by_hand.open_for(arrival.ref, actor=staff())
    by_hand.open_for(arrival.ref, actor=staff())
    call(said(2, buyer="新客", text="还在吗"))
    drain()
    assert Ticket.objects.get().messages.count() == 2
    assert Ticket.objects.get().person.nick == "新客"


def strangers_lines(drain: Drain) -> list[str]:
    """Three lines of a buyer nobody knows, which wait; their references, the oldest first."""
    for number, text in enumerate(["在吗", "我买的杯子", "碎了"], start=1):
        call(said(number, buyer="新客", text=text))
        drain()
    return list(Arrival.objects.order_by("pk").values_list("ref", flat=True))


@pytest.mark.parametrize("many", [True, False])
def test_three_lines_of_somebody_unknown_are_one_customer_and_one_ticket(
    source: ChatSource, drain: Drain, client: Client, many: bool
) -> None:
    refs = strangers_lines(drain)
    if many:
        client.force_login(member("agent"))
        client.post("/desk/mail/many/?" + urlencode({"what": "tickets", "mail": refs}, doseq=True))
    else:
        for ref in reversed(refs):
            by_hand.open_for(ref, actor=staff())
    ticket = Ticket.objects.get()
    assert (ticket.title, Person.objects.get().nick) == ("在吗", "新客")
    assert list(ticket.messages.order_by("pk").values_list("text", flat=True)) == ["在吗", "我买的杯子", "碎了"]
    assert list(Arrival.objects.order_by("pk").values_list("reason", flat=True)) == ["new", "thread", "thread"]
    assert Event.objects.filter(name="arrival.placed").count() == 3


def test_who_was_imported_meanwhile_or_chatted_before_is_known(source: ChatSource, drain: Drain) -> None:
    order = an_order()
    first, *_rest = strangers_lines(drain)
    Person.objects.filter(pk=order.person_id).update(nick="新客")
    by_hand.open_for(first, actor=staff())
    ticket = Ticket.objects.get()
    assert ticket.person == order.person
    close_ticket(ticket.pk, actor=staff())
    Person.objects.filter(pk=order.person_id).update(nick="")
    call(said(4, buyer="新客", text="又来了"))
    drain()
    by_hand.open_for(Arrival.objects.latest("pk").ref, actor=staff())
    assert set(Ticket.objects.values_list("person", flat=True)) == {order.person_id}
    assert Person.objects.count() == 1


def test_nothing_goes_on_a_chat_that_whoever_places_it_does_not_see(source: ChatSource, drain: Drain) -> None:
    first, *_rest = strangers_lines(drain)
    by_hand.open_for(first, actor=staff())
    hidden = Ticket.objects.get()
    Ticket.objects.update(team=Team.objects.create(name="甲组", is_closed=True))
    call(said(4, buyer="新客", text="又来了"))
    waits = Arrival.objects.latest("pk")
    Arrival.objects.filter(pk=waits.pk).update(state="quarantined")
    by_hand.open_for(waits.ref, actor=staff())
    assert hidden.messages.count() == 3
    assert Ticket.objects.exclude(pk=hidden.pk).get().person == hidden.person


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_three_hands_at_once_make_one_customer_and_one_ticket(source: ChatSource, drain: Drain) -> None:
    actor, failed = staff(), []

    def place(ref: str) -> None:
        try:
            by_hand.open_for(ref, actor=actor)
        except Exception as failure:
            failed.append(failure)
        finally:
            connection.close()

    hands = [threading.Thread(target=place, args=(ref,)) for ref in strangers_lines(drain)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)
    assert failed == []
    assert (Person.objects.count(), Ticket.objects.get().messages.count()) == (1, 3)


def test_a_reply_goes_back_through_the_tool_until_it_is_taken(
    source: ChatSource, buyer: Person, drain: Drain, settings: Any
) -> None:
    from aftersales.desk.sent import ask, states_of

    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [double.authority]
        ChatSource.objects.update(reply_url=f"http://{double.authority}/in")
        call(said())
        drain()
        ticket = Ticket.objects.get()
        message = reply(ticket.pk, text="可以换。", actor=staff())
        double.answers = [Answer(503)]
        drain()
        Outbound.objects.filter(channel="chat").update(due_at=clock.now())
        drain()
        row = Outbound.objects.get(channel="chat")
        assert row.key == f"chat:reply:{message.pk}"
        assert (row.status, row.payload) == ("done", {"blanked": True})
        assert states_of(ticket, ask(ticket).rows)[message.pk].words == "已通过聊天发出"
        first, second = double.requests
        assert first.body == second.body
        stamp = second.headers["X-Desk-Signature"].partition(",")[0].removeprefix("t=")
        assert second.headers["X-Desk-Signature"] == f"t={stamp},v1={sign(SECRET, stamp, second.body)}"
        assert second.headers["X-Desk-Id"] == str(message.pk)
        body = json.loads(second.body)
        assert (body["buyer"], body["answers"], body["text"]) == ("林家小妹", "m1", "可以换。")


def test_a_short_secret_is_refused(source: ChatSource) -> None:
    with pytest.raises(BadInput):
        set_secret(source.pk, "short", actor=staff("manager"))
    set_secret(source.pk, SECRET, actor=staff("manager"))


def test_a_manager_adds_a_source_whose_secret_is_shown_nowhere(db: None, client: Client) -> None:
    client.force_login(member("manager"))
    given = {"key": "wechat", "name": "微信", "platform": "own", "reply_url": "", "new_secret": SECRET}
    assert client.post("/office/tickets/chatsource/add/", given).status_code == 302
    made = ChatSource.objects.get()
    assert made.secret == SECRET
    assert SECRET not in client.get(f"/office/tickets/chatsource/{made.pk}/change/").content.decode()


def test_an_account_that_calls_too_often_waits_and_nothing_is_lost(
    source: ChatSource, buyer: Person, settings: Any
) -> None:
    settings.CHAT_CALLS_A_MINUTE = 2
    cache.clear()
    minute = clock.now().replace(second=20, microsecond=0)
    with clock.fixed(minute):
        assert [call(said(number)).status_code for number in (1, 2)] == [202, 202]
        assert call(said(4), secret="x" * 40).status_code == 401, "who does not sign uses nobody's minute up"
        late = call(said(3))
        assert (late.status_code, late["Retry-After"], late.json()["code"]) == (429, "40", "throttled")
        assert Arrival.objects.count() == 2
    with clock.fixed(minute + dt.timedelta(seconds=40)):
        assert call(said(3)).status_code == 202
        assert call(said(3)).json() == {"duplicate": True}
    assert Arrival.objects.count() == 3
