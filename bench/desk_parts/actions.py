"""What is done on each of the systems, under the same names. An action is measured as one, however many requests it takes."""

from __future__ import annotations

import json
import urllib.parse
from base64 import b64encode
from typing import Any

from bench.desk_parts.load import Browser, Work, form_with
from bench.desk_parts.shop import COMMON, COMMON_ONE, COMMON_TWO, RARE

Facts = dict[str, Any]
SAID = "您好，已经为您查询，24 小时内给您答复。"
SEARCHES = (
    "search: rare word",
    "search: common word",
    "search: two characters",
    "search: one character",
    "search: phone tail",
)


WRITES = ("reply", "new ticket")


def ours(facts: Facts) -> dict[str, Work]:
    def reply(browser: Browser) -> None:
        ref = browser.chance.choice(facts["open_refs"])
        _action, fields = form_with(browser.get(f"/desk/tickets/{ref}/", counts=False), "text", "seen")
        browser.post(f"/desk/tickets/{ref}/reply/", {**fields, "text": SAID})
        _done(browser)

    def new(browser: Browser) -> None:
        _action, fields = form_with(browser.get("/desk/tickets/new/", counts=False), "about", "title")
        about = browser.chance.choice(facts["numbers"])
        browser.post("/desk/tickets/new/", {**fields, "about": about, "title": "来电咨询发货时间", "text": SAID})
        _done(browser)

    def counts(browser: Browser) -> None:
        browser.get("/desk/tickets/", headers={"X-Fresh": "shelf"})

    def search(words: str) -> Work:
        return lambda browser: _found(browser.get(f"/desk/search/?q={urllib.parse.quote(words)}"))

    tail: Work = lambda browser: _found(browser.get(f"/desk/search/?q={browser.chance.choice(facts['tails'])}"))  # noqa: E731
    return {
        "first page": lambda browser: _found(browser.get("/desk/tickets/")),
        "deep page": lambda browser: _found(
            browser.get(f"/desk/tickets/?status=any&sort=-opened&after={urllib.parse.quote(facts['deep'])}")
        ),
        "ticket page": lambda browser: _found(browser.get(f"/desk/tickets/{browser.chance.choice(facts['refs'])}/")),
        "reply": reply,
        "new ticket": new,
        "badge counts": counts,
        **dict(zip(SEARCHES, [*map(search, (RARE, COMMON, COMMON_TWO, COMMON_ONE)), tail], strict=True)),
    }


def floor(facts: Facts) -> dict[str, Work]:
    at, pk = urllib.parse.quote(facts["deep_at"]), facts["deep_pk"]
    token = facts["cookies"].get("desk_csrf", "")

    def search(words: str) -> Work:
        return lambda browser: _found(browser.get(f"/search/?q={urllib.parse.quote(words)}"))

    tail: Work = lambda browser: _found(browser.get(f"/search/?q={browser.chance.choice(facts['tails'])}"))  # noqa: E731

    def send(browser: Browser, path: str) -> None:
        browser.cookies.setdefault("desk_csrf", token)
        browser.post(path, {"text": SAID, "csrfmiddlewaretoken": browser.cookies["desk_csrf"]})

    return {
        "first page": lambda browser: _found(browser.get("/first/")),
        "deep page": lambda browser: _found(browser.get(f"/deep/?at={at}&pk={pk}")),
        "ticket page": lambda browser: _found(browser.get(f"/{browser.chance.choice(facts['refs'])}/")),
        "reply": lambda browser: send(browser, f"/{browser.chance.choice(facts['open_refs'])}/reply/"),
        "new ticket": lambda browser: send(browser, "/new/"),
        "badge counts": lambda browser: _found(browser.get("/counts/")),
        **dict(zip(SEARCHES, [*map(search, (RARE, COMMON, COMMON_TWO, COMMON_ONE)), tail], strict=True)),
    }


def peer(facts: Facts) -> dict[str, Work]:
    """A list of the peer is its page and the rows that the page asks for at once."""

    def rows(browser: Browser, *, start: int = 0, words: str = "", is_open: bool = True) -> None:
        wish: Facts = {
            "filtering": {"status__in": [1, 2]} if is_open else {},
            "filtering_or": {},
            "search_string": words,
        }
        wish |= {"sorting": "created", "sortreverse": False}
        query = b64encode(json.dumps(wish).encode()).decode()
        browser.get("/tickets/" + (f"?q={urllib.parse.quote(words)}&search_type=header" if words else ""))
        shown = browser.get(
            f"/datatables_ticket_list/{query}?draw=1&start={start}&length=25&search[value]="
            "&order[0][column]=0&order[0][dir]=asc"
        )
        json.loads(shown)

    def ticket(browser: Browser) -> None:
        browser.get(f"/tickets/{browser.chance.choice(facts['keys'])}/")

    def reply(browser: Browser) -> None:
        key = browser.chance.choice(facts["open_keys"])
        _action, fields = form_with(browser.get(f"/tickets/{key}/", counts=False), "comment")
        browser.post(f"/tickets/{key}/update/", {**fields, "comment": SAID, "public": "1"})
        _done(browser)

    def new(browser: Browser) -> None:
        _action, fields = form_with(browser.get("/tickets/submit/", counts=False), "title", "body")
        wanted = {
            "queue": "1",
            "title": "来电咨询发货时间",
            "body": SAID,
            "submitter_email": "c1@example.org",
            "priority": "3",
        }
        browser.post("/tickets/submit/", {**fields, **wanted})
        _done(browser)

    def search(words: str) -> Work:
        return lambda browser: rows(browser, words=words, is_open=False)

    return {
        "first page": rows,
        "deep page": lambda browser: rows(browser, start=min(5_000, facts["tickets"] // 2), is_open=False),
        "ticket page": ticket,
        "reply": reply,
        "new ticket": new,
        "badge counts": lambda browser: _found(browser.get("/dashboard/")),
        **dict(zip(SEARCHES, map(search, (RARE, COMMON, COMMON_TWO, COMMON_ONE, "0001")), strict=True)),
    }


def _done(browser: Browser) -> None:
    """Something was written: the answer leads on. A form shown again would be cheap, and no work."""
    if browser.status not in (301, 302, 303):
        raise RuntimeError(f"nothing was written: the answer was {browser.status}")


def _found(page: str) -> None:
    if not page:
        raise RuntimeError("an empty page")
