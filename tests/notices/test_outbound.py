"""Addresses other people chose: what must not be called is not called, by whatever name it goes."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from aftersales.notices import outbound
from tests.notices.http_double import Answer, HttpDouble

pytestmark = pytest.mark.smoke


@pytest.fixture
def double(settings: Any) -> Iterator[HttpDouble]:
    """A receiver in our own network that is on the list."""
    with HttpDouble() as server:
        settings.OUTBOUND_ALLOWED = [server.authority]
        yield server


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A name service of our own for names; literal addresses are read as the system reads them."""
    book: dict[str, list[str]] = {}
    really = socket.getaddrinfo

    def look(host: str, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host in book:
            return [entry for address in book[host] for entry in really(address, port, *args, **kwargs)]
        return really(host, port, *args, **{**kwargs, "flags": socket.AI_NUMERICHOST})

    monkeypatch.setattr(socket, "getaddrinfo", look)
    return book


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://017700000001/",
        "https://0/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://10.0.0.5/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://user@93.184.216.34/",
        "https://user:pw@93.184.216.34/",
        "https://93.184.216.34:22/",
        "https://93.184.216.34:99999/",
        "http://93.184.216.34/",
        "ftp://93.184.216.34/",
        "gopher://93.184.216.34/",
        "file:///etc/passwd",
        "https:///x",
        "https://93.184.216.34/\r\nX-A: b",
        "not an address",
        "",
    ],
)
def test_it_refuses(url: str, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    names["localhost"] = ["127.0.0.1"]
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("it connected"))
    with pytest.raises(outbound.Refused):
        outbound.post(url, b"", {})


def test_a_public_name_with_a_private_address_is_refused_whatever_else_it_has(names: dict[str, list[str]]) -> None:
    names["169.254.169.254.nip.test"] = ["169.254.169.254"]
    names["mixed.test"] = ["93.184.216.34", "10.0.0.5"]
    for host in names:
        with pytest.raises(outbound.Refused, match="private network"):
            outbound.look_up(f"https://{host}/")


def test_the_address_that_was_judged_is_the_one_that_is_called(
    names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that changes its answer between the look and the call (rebinding) is looked up once only."""
    names["shop.test"] = ["93.184.216.34"]
    called: list[Any] = []

    def connect(address: tuple[str, int], **_: Any) -> socket.socket:
        names["shop.test"] = ["127.0.0.1"]
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(outbound.NotReached):
        outbound.post("https://shop.test/hook?x=1", b"", {})
    assert called == [("93.184.216.34", 443)]
    assert outbound.look_up.__module__ == "aftersales.notices.outbound"


def test_a_name_nobody_knows_is_not_reached(names: dict[str, list[str]]) -> None:
    with pytest.raises(outbound.NotReached):
        outbound.look_up("https://nowhere.test/")


def test_what_is_on_the_list_is_called_with_the_whole_path(double: HttpDouble) -> None:
    answer = outbound.post(double.url + "?a=1", b"body", {"X-A": "b"})
    assert (answer.status, answer.body) == (200, b"{}")
    (request,) = double.requests
    assert (request.path, request.body, request.headers["X-A"]) == ("/hook?a=1", b"body", "b")
    assert request.headers["Host"] == double.authority


def test_redirects_are_not_followed(double: HttpDouble) -> None:
    double.answers = [Answer(302, headers={"Location": "http://169.254.169.254/"})]
    assert outbound.post(double.url, b"", {}).status == 302
    assert len(double.requests) == 1


def test_long_answers_are_cut_and_retry_after_is_read(double: HttpDouble) -> None:
    double.answers = [Answer(429, b"x" * 200_000, {"Retry-After": "120"}), Answer(503, headers={"Retry-After": "soon"})]
    answer = outbound.post(double.url, b"", {})
    assert (answer.status, len(answer.body), answer.retry_after) == (429, 65_536, 120.0)
    assert outbound.post(double.url, b"", {}).retry_after is None


def test_an_answer_that_never_comes_is_lost(double: HttpDouble) -> None:
    double.answers = [Answer(hang_up=True)]
    with pytest.raises(outbound.Lost):
        outbound.post(double.url, b"", {})
    assert len(double.requests) == 1


def test_nobody_there_is_not_reached(settings: Any) -> None:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1:1"]
    with pytest.raises(outbound.NotReached):
        outbound.post("http://127.0.0.1:1/", b"", {})


def test_a_slow_drip_ends_at_the_deadline(settings: Any) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    settings.OUTBOUND_ALLOWED = [f"127.0.0.1:{port}"]

    def drip() -> None:
        wire, _ = server.accept()
        wire.recv(4096)
        wire.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            for _ in range(100):
                wire.sendall(b"x")
                time.sleep(0.1)
        except OSError:
            return

    threading.Thread(target=drip, daemon=True).start()
    start = time.monotonic()
    with pytest.raises(outbound.Lost):
        outbound.post(f"http://127.0.0.1:{port}/", b"", {}, seconds=1.0)
    assert time.monotonic() - start < 2.5
    server.close()


def test_a_body_that_is_taken_slowly_and_never_answered_ends_at_the_deadline(settings: Any) -> None:
    body = b"x" * 24_000_000  # more than the buffers between the two hold
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    settings.OUTBOUND_ALLOWED = [f"127.0.0.1:{port}"]
    taken: list[int] = []

    def take() -> None:
        wire, _ = server.accept()
        time.sleep(0.8)
        while piece := wire.recv(1_000_000):
            taken.append(len(piece))

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    start = time.monotonic()
    with pytest.raises(outbound.Lost):
        outbound.post(f"http://127.0.0.1:{port}/", body, {}, seconds=1.5)
    assert time.monotonic() - start < 2, "the wait for the answer begins with the call, not with its last byte"
    thread.join(5)
    assert sum(taken) > len(body), "it left whole: what was waited for was the answer"
    server.close()


def test_each_piece_of_a_body_has_only_the_time_that_is_left(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with TLS, where Python gives every record the whole time-out anew."""

    class SlowWire:
        times: ClassVar[list[float]] = []

        def settimeout(self, seconds: float) -> None:
            self.times.append(seconds)

        def sendall(self, piece: Any) -> None:
            assert len(piece) <= 16_384
            time.sleep(0.1)

        def close(self) -> None:
            pass

    settings.OUTBOUND_ALLOWED = ["127.0.0.1:1"]
    monkeypatch.setattr(outbound, "_connect", lambda _target: SlowWire())
    start = time.monotonic()
    with pytest.raises(outbound.Lost):
        outbound.post("http://127.0.0.1:1/", b"x" * 1_000_000, {}, seconds=0.5)
    assert time.monotonic() - start < 1
    assert SlowWire.times == sorted(SlowWire.times, reverse=True)


def test_a_certificate_for_another_name_is_not_talked_to(settings: Any) -> None:
    """Plain HTTP behind an https address: the handshake fails and nothing is sent."""
    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [double.authority]
        with pytest.raises(outbound.NotReached):
            outbound.post(f"https://{double.authority}/", b"secret", {})
        assert double.requests == []
