"""Markup is shown as it was typed, wherever words can be typed and wherever they are shown.

Fields and columns are found, not listed: every text field of every form of every page is sent with a script in it, and every
column of words holds markup while every page is read, as an import or a program may have left it there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat

from tests.visitor import Form, forms_of
from tests.whole.cast import World
from tests.whole.knocking import undone, unwatched
from tests.whole.routes import path_of, routes

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
MARK = "<i-mark \"'>"
RAW = re.compile(r"<script>alert\(1|<img src=x|<i-mark")
READERS = ("customer", "anonymous", "agent", "warehouse", "manager")
APPS = ("accounts", "files", "notices", "customers", "tickets", "returns")
# What stands in a column of words and is none: the program's own, or an address that it would call.
NOT_WORDS = re.compile(
    r"sha256|sealed|hash|password|url|host|_server|folder|query|choices|path|stored_name|_type$|^template$|provider|platform"
    r"|^external_id$|^reference$|message_id|^auth$|^prefix$|^reasons$"
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def world(standing: None) -> World:
    return World()


@pytest.fixture(autouse=True)
def as_a_shop_is_run(settings: Any) -> None:
    settings.API_RATES = {"read": "100000/min", "write": "100000/min"}
    settings.MAILBOX = settings.DEMO = False


class Reader:
    """One of the cast at all pages. What an answer does is taken back at once."""

    def __init__(self, world: World, who: str) -> None:
        self.client, self.headers = world.enter(who)
        self.client.raise_request_exception = False

    def get(self, path: str) -> str:
        """The page, or nothing where there is none."""
        with unwatched(), undone():
            answer = self.client.get(path, headers=self.headers)
            is_page = answer.headers.get("Content-Type", "").startswith("text/html")
            assert answer.status_code < 500, path
            return answer.content.decode() if is_page and not answer.streaming else ""

    def post(self, path: str, fields: dict[str, str]) -> str:
        with unwatched(), undone():
            answer = self.client.post(path, fields, headers=self.headers, follow=True)
            assert answer.status_code < 500, (path, fields)
            is_page = answer.headers.get("Content-Type", "").startswith("text/html")
            return answer.content.decode() if is_page and not answer.streaming else ""


def pages(world: World) -> Iterator[str]:
    for route in routes():
        if not route.startswith(("api/", "files/", "healthz", "readyz", "metrics")) and "logout" not in route:
            yield path_of(route, world.names)


@pytest.mark.parametrize("who", READERS)
def test_a_script_in_every_field_comes_back_as_text(world: World, who: str) -> None:
    reader, sent, raw = Reader(world, who), set[tuple[str, frozenset[str]]](), []
    for path in pages(world):
        for form in forms_of(reader.get(path)):
            where = urljoin(path, form.action or path)
            key = (where.partition("?")[0], frozenset(form.names))  # the same form on many pages is one
            if form.method != "post" or not form.texts or key in sent:
                continue
            sent.add(key)
            if RAW.search(reader.post(where, filled(form))):
                raw.append((path, where, sorted(form.texts)))
    assert raw == []
    assert len(sent) >= {"anonymous": 2, "customer": 5, "warehouse": 1}.get(who, 20)


def filled(form: Form) -> dict[str, str]:
    """The form as somebody sends it who chose the first of everything and typed a script wherever one can type."""
    chosen = {name: next((each for each in given if each), "") for name, given in form.offers.items()}
    return {**chosen, **form.fields, **dict.fromkeys(form.texts, SCRIPT)}


def words() -> Iterator[tuple[type[models.Model], list[models.Field[Any, Any]]]]:
    """Every model of ours with its columns of words."""
    for model in apps.get_models():
        if model._meta.app_label in APPS and not model.__name__.startswith("Historical"):
            found: list[models.Field[Any, Any]] = [
                column
                for column in model._meta.concrete_fields
                if isinstance(column, models.CharField | models.TextField)
                and not column.choices
                and (column.max_length or 1_000) >= 60
                and not NOT_WORDS.search(column.name)
            ]
            if found:
                yield model, found


def twice(page: str) -> list[str]:
    """Identifiers that stand on a page more than once: a label or a script would meet the first."""
    return [each for each, times in Counter(re.findall(r'<[^<>]*\sid="([^"]+)"', page)).items() if times > 1]


@pytest.mark.parametrize("who", READERS)
def test_markup_in_every_column_is_shown_as_text_and_every_identifier_stands_once(world: World, who: str) -> None:
    reader = Reader(world, who)
    marked = 0
    for model, columns in words():
        for column in columns:
            own = Concat(Value(MARK), Cast(F("pk"), models.CharField())) if column.unique else Value(MARK)
            try:
                with transaction.atomic():
                    marked += bool(model._base_manager.update(**{column.name: own}))
            except DatabaseError:  # the database keeps what may never change, and what must be of a form
                continue
    assert marked >= 100
    read = {path: reader.get(path) for path in pages(world)}
    assert [path for path, page in read.items() if RAW.search(page)] == []
    assert {path: ids for path, page in read.items() if (ids := twice(page))} == {}
    shown = sum("&lt;i-mark" in page for page in read.values())
    assert shown >= {"anonymous": 1, "customer": 5, "warehouse": 10}.get(who, 40), shown
