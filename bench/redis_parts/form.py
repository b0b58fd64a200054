"""A customer at the portal's form, from the card in the parcel to the page that thanks; and many of them at a steady rate."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from bench.desk_parts.load import Browser, form_with

CUSTOMERS = 16  # at the form at one time, at most


@dataclass
class Spent:
    """Seconds of every answer and of the press that sends; since when (epoch seconds) each address may expect its notice."""

    answers: list[float] = field(default_factory=list)
    sends: list[float] = field(default_factory=list)
    promised: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, other: Spent) -> None:
        """Another round of the same."""
        self.answers += other.answers
        self.sends += other.sends
        self.promised |= other.promised
        self.failed += other.failed


class Customer:
    """One browser on its way through the form; every answer is timed."""

    def __init__(self, port: int, order: dict[str, Any]) -> None:
        self.browser = Browser(port, {}, seed=int(order["pk"]))
        self.order = order
        self.answers: list[float] = []
        self.path = ""

    def open(self, path: str) -> str:
        """Ask for a page and follow to where it leads."""
        page = self._timed(lambda: self.browser.get(path))
        while path := self.browser.location:
            self.path = path
            page = self._timed(lambda: self.browser.get(self.path))
        return page

    def send(self, page: str, path: str, **fields: object) -> str:
        """Fill in the page's form, send it and follow; gives the next page."""
        _action, known = form_with(page, "csrfmiddlewaretoken", *(["key", "seen"] if path.endswith("check/") else []))
        given = {name.replace("__", "-"): str(value) for name, value in fields.items()}
        self._timed(lambda: self.browser.post(path, {**known, **given}))
        self.path = self.browser.location
        if not self.path:
            raise RuntimeError(f"{path} sent the form back")
        return self.open(self.path)

    def walk(self) -> float:
        """The whole form; gives the seconds of the press that sends it."""
        base, line = f"/orders/{self.order['pk']}/request/", self.order["line"]
        page = self.open("/proof/card/")
        page = self.send(page, "/proof/card/", number=self.order["number"], claim_code=self.order["code"])
        page = self.send(page, base)
        page = self.send(page, f"{base}items/", **{f"quantity__{line}": 1})
        page = self.send(page, f"{base}reasons/{line}/", group="no_reason")
        page = self.send(page, f"{base}reasons/{line}/no_reason/", reason="preference")
        page = self.send(page, f"{base}story/", **{f"story__{line}": "穿着有点大，想退掉。"})
        page = self.send(page, f"{base}wish/", kind="return")
        page = self.open(f"{base}check/")
        before = len(self.answers)
        self.send(page, f"{base}check/")
        if not self.path.endswith("/done/"):
            raise RuntimeError(f"the request ended at {self.path}")
        return self.answers[before]

    def _timed(self, ask: Any) -> str:
        before = self.browser.spent
        page: str = ask()
        self.answers.append(self.browser.spent - before)
        return page


def customers(port: int, orders: list[dict[str, Any]], seconds: float) -> Spent:
    """Each order's customer in turn, spread evenly over the time."""
    spent, begin, step = Spent(), time.monotonic(), seconds / max(len(orders), 1)

    def one(number: int) -> None:
        time.sleep(max(0.0, begin + number * step - time.monotonic()))
        customer = Customer(port, orders[number])
        try:
            sending = customer.walk()
        except Exception as failure:  # noqa: BLE001  whatever it is, it is counted and told
            with spent.lock:
                spent.failed.append(f"{type(failure).__name__}: {failure}"[:200])
            return
        finally:
            customer.browser.connection.close()
        with spent.lock:
            spent.answers += customer.answers
            spent.sends.append(sending)
            spent.promised[orders[number]["email"]] = time.time()

    with ThreadPoolExecutor(CUSTOMERS) as pool:
        list(pool.map(one, range(len(orders))))
    return spent
