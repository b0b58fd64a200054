"""A browser over one connection, eight of them at once, and how long each answer took."""

from __future__ import annotations

import http.client
import math
import queue
import random
import re
import threading
import time
import urllib.parse
from collections.abc import Callable
from html.parser import HTMLParser

CONCURRENCY = 8
Work = Callable[["Browser"], None]


class Browser:
    """Keeps cookies and the connection. What runs inside `measured` counts; the rest is preparation."""

    def __init__(self, port: int, cookies: dict[str, str], seed: int) -> None:
        self.port, self.cookies, self.chance = port, dict(cookies), random.Random(seed)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.spent = 0.0

    def get(self, path: str, *, counts: bool = True, headers: dict[str, str] | None = None) -> str:
        return self._ask("GET", path, None, headers or {}, counts)

    def post(self, path: str, fields: dict[str, str], *, counts: bool = True) -> str:
        body = urllib.parse.urlencode(fields)
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}
        return self._ask("POST", path, body, sent, counts)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str], counts: bool) -> str:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        begun = time.perf_counter()
        try:
            self.connection.request(method, path, body, {"Cookie": cookie, "Accept-Language": "zh-CN", **headers})
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):  # kept too long
            self.connection.close()
            self.connection.request(method, path, body, {"Cookie": cookie, "Accept-Language": "zh-CN", **headers})
            answer = self.connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        if counts:
            self.spent += time.perf_counter() - begun
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _sep, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status >= 400 or answer.headers.get("Location", "").find("/login") >= 0:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {text[:300]}")
        self.status, self.location = answer.status, answer.headers.get("Location", "")
        return text


class _Forms(HTMLParser):
    """Every form of a page with what its fields hold."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self.forms.append((given.get("action") or "", {}))
        if not self.forms or not (name or tag == "option"):
            return
        fields = self.forms[-1][1]
        kind = given.get("type") or "text"
        if tag == "input" and kind not in ("submit", "file", "button"):
            if kind not in ("checkbox", "radio") or "checked" in given:
                fields[name] = value
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in fields):
            fields[self._select] = value
        elif tag == "textarea":
            fields.setdefault(name, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def form_with(page: str, *names: str) -> tuple[str, dict[str, str]]:
    """Action and fields of the first form that has all of these fields.

    Only that form is read: what the generator does takes the time of the servers it measures.
    """
    for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
        if all(f'name="{name}"' in form for name in names):
            reader = _Forms()
            reader.feed(form)
            return reader.forms[0]
    raise RuntimeError(f"no form with {names} on the page")


def run(
    work: Work, port: int, cookies: dict[str, str], *, times: int, seed: int, seconds: float = math.inf
) -> list[float]:  # fmt: skip
    """Do the work so many times with eight browsers at once; the seconds of each time. The first error is raised.

    Nothing is begun after `seconds`.
    """
    until = time.monotonic() + seconds
    left: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(times):
        left.put(number)
    spent: list[float] = []
    errors: list[Exception] = []

    def browse(number: int) -> None:
        browser = Browser(port, cookies, seed * 100 + number)
        while not errors and time.monotonic() < until:
            try:
                left.get_nowait()
            except queue.Empty:
                break
            browser.spent = 0.0
            try:
                work(browser)
            except Exception as error:  # noqa: BLE001  whatever it is, it ends the measurement
                errors.append(error)
                break
            spent.append(browser.spent)
        browser.connection.close()

    threads = [threading.Thread(target=browse, args=(number,)) for number in range(CONCURRENCY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return spent
