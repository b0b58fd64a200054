"""A connection that ends in the middle of a form, on the real server: nothing is half taken, and the second try counts once."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.client import MULTIPART_CONTENT, encode_multipart

from aftersales.files.models import Attachment
from customers.models import Order
from returns.models import Return, ReturnDraft
from tests.faces.portal.conftest import Opened
from tests.faces.portal.test_road import a_photo
from tests.world import an_order

ROOT = Path(__file__).resolve().parents[3]
WORDS = "领口的缝线开了，<b>第二天</b>就这样。"
BOUNDARY = "BoUnDaRyStRiNg"
START_SECONDS = 120

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def port(transactional_db: None) -> Iterator[int]:
    """Of a gunicorn that serves the desk on the database of this test, with threads as in production."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = int(probe.getsockname()[1])
    before, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    environment = {**os.environ, "DATABASE_URL": f"{before}/{connection.settings_dict['NAME']}"}
    command = [sys.executable, "-m", "gunicorn", "aftersales.wsgi", "--bind", f"127.0.0.1:{number}"]
    server = subprocess.Popen(
        [*command, "--worker-class", "gthread", "--threads", "4", "--log-level", "critical"],
        cwd=ROOT,
        env=environment,
    )
    try:
        give_up = time.monotonic() + START_SECONDS
        while not _answers(number):
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < give_up, "the server does not answer"
            time.sleep(0.05)
        yield number
    finally:
        server.terminate()
        server.wait(30)


def _answers(port: int) -> bool:
    """Its socket is there before the process behind it is."""
    with contextlib.suppress(OSError):
        line = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        line.request("GET", "/healthz", headers={"Connection": "close"})
        return line.getresponse().status == 200
    return False


class Wire:
    """A browser whose connection one can cut: the session of a test client, and the server's own CSRF token."""

    def __init__(self, port: int, client: Client) -> None:
        self.port, self.session = port, client.cookies[settings.SESSION_COOKIE_NAME].value

    def look(self, path: str) -> str:
        """Open a page and keep the token of its form."""
        answer = self._ask("GET", path, b"", {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}"})
        page = answer.read().decode()
        assert answer.status == 200, page[:500]
        cookie = re.search(rf"{settings.CSRF_COOKIE_NAME}=([^;]+)", str(answer.headers))
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert cookie
        assert token
        self.cookie, self.token = cookie[1], token[1]
        return page

    def send(self, path: str, fields: dict[str, object], *, part: float = 1) -> HTTPResponse | None:
        """Send a form; of its body only a `part`, after which the connection is gone."""
        body = encode_multipart(BOUNDARY, {"csrfmiddlewaretoken": self.token, **fields})
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={self.cookie}"
        headers = {"Cookie": cookies, "Content-Type": MULTIPART_CONTENT, "Content-Length": str(len(body))}
        if part == 1:
            return self._ask("POST", path, body, headers)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with socket.create_connection(("127.0.0.1", self.port), 10) as line:
            head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n{lines}\r\n"
            line.sendall(head.encode() + body[: int(len(body) * part)])
            line.shutdown(socket.SHUT_WR)  # nothing more comes; what the server makes of it is waited for
            with contextlib.suppress(OSError):
                while line.recv(65_536):
                    pass
        return None

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> HTTPResponse:
        line = HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request(method, path, body, headers | {"Connection": "close"})
        return line.getresponse()


def at_the_story(client: Client, order: Order) -> str:
    base, line = f"/orders/{order.pk}/request/", order.lines.get()
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/", {"group": "quality"})
    client.post(f"{base}reasons/{line.pk}/quality/", {"reason": "flaw"})
    return base


def test_half_a_form_takes_nothing_and_the_whole_one_counts_once(opened: Opened, port: int) -> None:
    order = an_order()
    client, line = opened(order), order.lines.get()
    base, wire = at_the_story(client, order), Wire(port, client)

    wire.look(f"{base}story/")
    story: dict[str, object] = {f"story-{line.pk}": WORDS, "attachments": a_photo()}
    for part in (0.02, 0.5, 0.98):
        a_half = {**story, "attachments": a_photo()}
        assert wire.send(f"{base}story/", a_half, part=part) is None
    assert not Attachment.objects.exists()
    draft = ReturnDraft.objects.get().data["lines"][str(line.pk)]
    assert (draft["quantity"], draft["reason"]) == (1, "flaw"), "what was sent before is still there"
    answer = wire.send(f"{base}story/", story)
    assert answer
    assert answer.status == 302
    assert ReturnDraft.objects.get().data["lines"][str(line.pk)]["story"] == WORDS
    assert Attachment.objects.count() == 1

    client.post(f"{base}wish/", {"kind": "return"})
    page = wire.look(f"{base}check/")
    form = {name: re.findall(rf'name="{name}" value="([^"]*)"', page)[0] for name in ("key", "seen")}
    assert wire.send(f"{base}check/", form, part=0.6) is None
    assert not Return.objects.exists()
    for _ in range(2):  # whoever does not know whether it went through sends it again
        answer = wire.send(f"{base}check/", form)
        assert answer
        assert answer.status == 302
        assert answer.headers["Location"].endswith("/done/")
    assert Return.objects.get().lines.get().story == WORDS
    assert Attachment.objects.count() == 1
