"""Knock at every door as one member of the cast and write down what happened; whatever a door did is undone again."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse

from tests.whole.cast import World
from tests.whole.routes import path_of, routes

METHODS = ("GET", "POST")
# What a GET may write: the session, when somebody was last seen, and one's own draft and proof counters are none of it.
_WRITES = re.compile(r"^\s*(?:EXECUTE )?(INSERT|UPDATE|DELETE|TRUNCATE)", re.IGNORECASE)
_SPARED = re.compile(r"django_session|accounts_apikey")
# Who took an evidence pack, a list or a copy out of the house is written down.
_RECORDED = ("/desk/complaints/packs/", "/desk/tickets/tickets.csv", "/desk/people/copies/")
_ENTRANCES = {"/account/login/": "sign-in", "/office/login/": "sign-in", "/": "prove"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Cache-Control": "no-store",
}


@dataclass
class Findings:
    """`answers` by route and method; `writes`: GETs that changed a row; `bare`: answers without a security header."""

    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)


def knock(world: World, who: str, only: set[str] | None = None) -> Findings:
    """Every route (or `only` these), GET and POST, as that member of the cast."""
    found = Findings()
    visitor, headers = world.enter(who)
    visitor.raise_request_exception = False
    cookies = {name: morsel.value for name, morsel in visitor.cookies.items()}
    for route in routes() if only is None else [each for each in routes() if each in only]:
        path = path_of(route, world.names)
        for method in METHODS:
            with unwatched(), undone(), _watched() as written:
                visitor.cookies = SimpleCookie(cookies)  # as they came in, whatever the last door did to them
                answer: Any = visitor.generic(
                    method, path, "{}" if "/api/" in path else "", _content_type(path), headers=headers
                )
            found.answers[route, method] = _class_of(answer, path)
            if method == "GET" and not path.startswith(_RECORDED):
                found.writes += [f"{path}: {sql[:120]}" for sql in written]
            found.bare += [f"{method} {path} ({answer.status_code}) lacks {name}" for name in _missing(answer)]
    return found


def _content_type(path: str) -> str:
    if path.endswith("/attachments/"):
        return "multipart/form-data; boundary=x"
    return "application/json" if path.startswith("/api/") else "application/x-www-form-urlencoded"


def _class_of(answer: HttpResponse, path: str) -> str:
    """One word for an answer: what it means to who knocked."""
    status = answer.status_code
    if status in (301, 302, 303) and path not in ("/account/logout/", "/leaving/", "/i18n/setlang/"):
        where = answer["Location"].split("?")[0]
        if where in _ENTRANCES and where != path:
            return _ENTRANCES[where]
    words = {401: "sign-in", 403: "no", 404: "nothing", 405: "method", 503: "in"}  # 503: not ready, and says so
    if status >= 500 and status != 503:
        return f"broken {status}"
    return words.get(status, "in")


def _missing(answer: HttpResponse) -> Iterator[str]:
    for name, wanted in HEADERS.items():
        given = answer.headers.get(name, "")
        if wanted not in given and not (name == "Referrer-Policy" and given == "no-referrer"):  # photos say even less
            yield name


@contextmanager
def unwatched() -> Iterator[None]:
    """Without the log, which nobody reads here."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the request writes is taken back, so that the next visitor finds the world as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _watched() -> Iterator[list[str]]:
    """The statements that change rows of ours."""
    written: list[str] = []

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITES.match(sql) and not _SPARED.search(sql):
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield written
