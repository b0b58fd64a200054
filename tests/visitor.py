"""Somebody with a browser and no JavaScript: reads a page's forms, fills them in, sends them, follows where they lead."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.test import Client


@dataclass
class Form:
    """One form of a page: where it goes, and what would be sent if nothing were changed."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    offers: dict[str, list[str]] = field(default_factory=dict)  # the choices of radios and selects
    names: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)  # those one may type anything into


class _Reader(HTMLParser):
    """Collects forms. A radio or checkbox counts as sent only when it is checked, as in a browser."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is None:
            return
        elif tag == "input" and name and "disabled" not in given:
            self._input(self._open, name, given)
        elif tag == "select" and name:
            self._select = name
            self._open.names.add(name)
        elif tag == "option" and self._select:
            self._open.offers.setdefault(self._select, []).append(given.get("value", ""))
            if "selected" in given or self._select not in self._open.fields:
                self._open.fields[self._select] = given.get("value", "")
        elif tag == "textarea" and name:
            self._textarea = name
            self._open.names.add(name)
            self._open.texts.add(name)
            self._open.fields[name] = ""

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        form.names.add(name)
        if kind in ("text", "search", "tel", "url", "email"):
            form.texts.add(name)
        if kind in ("radio", "checkbox"):
            form.offers.setdefault(name, []).append(value)
            if "checked" in given:
                form.fields[name] = value
        elif kind not in ("file", "submit", "button"):
            form.fields[name] = value

    def handle_data(self, data: str) -> None:
        if self._textarea and self._open is not None:
            self._open.fields[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""


def forms_of(page: str) -> list[Form]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


class Visitor:
    """One visitor with cookies of their own. `page` is what they look at now, `url` where."""

    def __init__(self, language: str = "zh-hans", user: Any = None) -> None:
        self.client = Client(headers={"accept-language": language})
        if user is not None:
            self.client.force_login(user)
        self.url, self.page, self.status = "", "", 0

    def go(self, url: str) -> Visitor:
        """Open a page. Anything but 200 is a failure of the test."""
        return self._see(self.client.get(url, follow=True), url)

    def forms(self) -> list[Form]:
        return forms_of(self.page)

    def form(self, *names: str, to: str = "") -> Form:
        """The form that has these fields and, where given, goes to an address that ends so."""
        for each in self.forms():
            if (
                each.method == "post"
                and set(names) <= each.names
                and urljoin(self.url, each.action).split("?")[0].endswith(to)
            ):
                return each
        raise AssertionError(f"{self.url} has no form with {names} to {to or 'anywhere'}: {self.forms()}")

    def send(self, form: Form, **fields: str) -> Visitor:
        """Fill in and send, then follow. Fields are named as in the page, with `_` for `-` where it must be."""
        return self.fill(form, fields)

    def fill(self, form: Form, fields: dict[str, Any]) -> Visitor:
        unknown = set(fields) - form.names
        assert not unknown, f"{self.url} has no field {unknown}"
        target = urljoin(self.url, form.action)
        return self._see(self.client.post(target, {**form.fields, **fields}, follow=True), target)

    def _see(self, response: Any, url: str) -> Visitor:
        self.status = response.status_code
        self.page = response.content.decode()
        chain = getattr(response, "redirect_chain", [])
        self.url = chain[-1][0] if chain else url
        assert self.status == 200, f"{url} answered {self.status}: {self.page[:3000]}"
        return self
