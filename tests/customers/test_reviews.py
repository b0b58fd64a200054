"""A review comes in once, a bad one gets a time and a ticket; its public reply passes the guard or does not stand."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import translation

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger import timers
from aftersales.ledger.models import Event
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.notices.models import Notice
from customers.actions.reviews import (
    PrivateReply,
    ReviewFacts,
    add_review,
    pass_review,
    publish_reply,
    resume_review,
    store_review,
    withdraw_reply,
    write_reply,
)
from customers.actions.reviews.adding import REPLY_TIMER
from customers.actions.reviews.refusals import NoReply, ReviewSettled
from customers.actions.reviews.replying import standing
from customers.importers.problems import BadFile
from customers.importers.reviews import import_reviews
from customers.models import ImportRun, Review, ReviewReply
from tests.world import an_order, customer, member, staff
from tickets.models import ReviewTicket, Ticket

pytestmark = pytest.mark.django_db
SORRY = "非常抱歉，请在订单页申请售后，运费由我们承担。"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def told(**given: Any) -> ReviewFacts:
    facts: dict[str, Any] = {
        "platform": "taobao",
        "stars": 1,
        "text": "用了两次就坏了",
        "at": clock.now() - dt.timedelta(hours=2),
    }
    return ReviewFacts(**{**facts, **given})


def a_review(**given: Any) -> Review:
    return add_review(told(**given), actor=staff("agent"))


def names_of(review: Review) -> list[str]:
    return list(
        Event.objects.filter(subject_type="customers.review", subject_id=review.pk)
        .order_by("id")
        .values_list("name", flat=True)
    )


def test_a_bad_one_gets_a_time_and_one_ticket(drain: Callable[[], int]) -> None:
    order = an_order()
    at = clock.now()
    with clock.fixed(at):
        review = a_review(order_number=order.number, external_id="77")
        again = a_review(order_number=order.number, external_id="77")
    drain()
    drain()
    assert again == review
    assert review.is_bad
    assert review.complaints == ["坏了"]
    assert review.reply_due_at == at + dt.timedelta(hours=24)
    ticket = ReviewTicket.objects.get(review=review).ticket
    assert (ticket.person, ticket.order, ticket.kind, ticket.due_at) == (
        order.person,
        order,
        "task",
        review.reply_due_at,
    )
    assert names_of(review) == ["review.added"]
    assert Ticket.objects.count() == 1


def test_five_stars_that_complain_are_bad_and_praise_is_not(drain: Callable[[], int]) -> None:
    assert a_review(stars=5, text="物流很快，但是杯盖漏水").is_bad
    good = a_review(stars=5, text="没有异味，很满意")
    assert not good.is_bad
    assert good.reply_due_at is None
    drain()
    assert ReviewTicket.objects.filter(review=good).count() == 0


def test_of_a_stranger_the_ticket_stands_under_the_shop(drain: Callable[[], int]) -> None:
    review = a_review()
    drain()
    assert str(ReviewTicket.objects.get(review=review).ticket.person) == "The shop itself"


def test_what_is_old_when_it_comes_in_is_history(drain: Callable[[], int]) -> None:
    review = a_review(at=clock.now() - dt.timedelta(days=60))
    drain()
    assert (review.state, review.reply_due_at) == ("passed", None)
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("importer", ["en", "zh-hans"])
def test_why_an_old_one_is_left_is_said_in_the_language_of_the_reader(importer: str, client: Client) -> None:
    with translation.override(importer):
        review = a_review(at=clock.now() - dt.timedelta(days=60))
    assert (review.passed_code, review.passed_params, review.passed_why) == ("old", {"days": 30}, "")
    client.force_login(member("agent"))
    for language, words in (("en", "older than 30 days when it came in"), ("zh-hans", "收到时已超过 30 天")):
        page = client.get(f"/desk/reviews/{review.ref}/", headers={"Accept-Language": language}).content.decode()
        assert words in page
    resumed = resume_review(review.pk, actor=staff("agent"))
    assert (resumed.passed_code, resumed.passed_reason) == ("", "")
    assert pass_review(review.pk, why="已私下解决", actor=staff("agent")).passed_reason == "已私下解决"


def test_a_reason_kept_as_a_sentence_becomes_its_code() -> None:
    long_ago = clock.now() - dt.timedelta(days=60)
    reviews = [a_review(at=long_ago, text=text) for text in ("坏了", "又坏了")]
    for review, written in zip(reviews, ("older than 30 days when it came in", "收到时已超过 30 天"), strict=True):
        type(review).objects.filter(pk=review.pk).update(passed_code="", passed_params={}, passed_why=written)
    moved = importlib.import_module("customers.migrations.0012_why_a_review_was_left")
    moved.to_code(apps, SimpleNamespace(connection=connection))
    for review in reviews:
        review.refresh_from_db()
        assert (review.passed_code, review.passed_params, review.passed_why) == ("old", {"days": 30}, "")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"platform": "moon"}, "platform"),
        ({"stars": 6}, "stars"),
        ({"at": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)}, "at"),
        ({"order_number": "no-such"}, "order_number"),
        ({"text": "x" * 2001}, "text"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        a_review(**given)
    assert refusal.value.field == field
    assert Review.objects.count() == 0


def test_a_reply_with_a_phone_number_does_not_stand() -> None:
    review = a_review()
    with pytest.raises(PrivateReply) as refusal:
        write_reply(review.pk, text="抱歉，请拨打一三八 0013 八零零零", actor=staff("agent"))
    assert [found.words for found in refusal.value.findings] == ["一三八 0013 八零零零"]
    assert "a phone number" in str(refusal.value)
    assert ReviewReply.objects.count() == 0
    assert names_of(review) == ["review.added"]


def test_the_archive_tells_what_must_not_stand() -> None:
    order = an_order()
    review = a_review(order_number=order.number)
    person = order.person
    person.name = "欧阳晓雪"
    person.save(update_fields=["name"])
    parcel = order.shipments.get().number
    for secret in ("欧阳晓雪", order.number, parcel, "欧阳女士"):
        with pytest.raises(PrivateReply):
            write_reply(review.pk, text=f"您好{secret}，我们已处理。", actor=staff("agent"))


def test_a_reply_is_copied_published_and_once_only() -> None:
    review, agent = a_review(), staff("agent")
    first = write_reply(review.pk, text=SORRY, actor=agent)
    assert write_reply(review.pk, text=SORRY, actor=agent) == first
    better = write_reply(review.pk, text=SORRY + "谢谢您。", actor=agent)
    publish_reply(review.pk, actor=agent)
    publish_reply(review.pk, actor=agent)
    review.refresh_from_db()
    first.refresh_from_db()
    assert (review.state, review.was_answered_in_time()) == ("answered", True)
    assert standing(review) == better
    assert first.withdrawn_at is not None
    assert timers.due_at(REPLY_TIMER, on=review) is None
    assert names_of(review) == ["review.added", "review.replied", "review.replied", "review.published"]
    with pytest.raises(ReviewSettled):
        write_reply(review.pk, text="另一个回复", actor=agent)


def test_taken_back_it_is_to_be_answered_again() -> None:
    review, agent = a_review(), staff("agent")
    with pytest.raises(NoReply):
        publish_reply(review.pk, actor=agent)
    assert withdraw_reply(review.pk, actor=agent).state == "open"
    write_reply(review.pk, text=SORRY, actor=agent)
    publish_reply(review.pk, actor=agent)
    assert withdraw_reply(review.pk, actor=agent).state == "open"
    assert withdraw_reply(review.pk, actor=agent).state == "open"
    assert timers.due_at(REPLY_TIMER, on=review) == review.reply_due_at
    assert names_of(review).count("review.reply_withdrawn") == 1


def test_left_without_a_reply_and_taken_up_again(drain: Callable[[], int]) -> None:
    review, agent = a_review(), staff("agent")
    drain()
    for _ in range(2):
        pass_review(review.pk, why="同行恶意评价，已举报", actor=agent)
    with pytest.raises(DoneOtherwise):
        pass_review(review.pk, why="又一个理由", actor=agent)
    drain()
    assert ReviewTicket.objects.get().ticket.process_due_at is None
    assert resume_review(review.pk, actor=agent).state == "open"
    assert resume_review(review.pk, actor=agent).state == "open"
    assert names_of(review) == ["review.added", "review.passed", "review.resumed"]
    assert timers.due_at(REPLY_TIMER, on=review) == review.reply_due_at


def test_leads_hear_of_a_late_reply_once(drain: Callable[[], int]) -> None:
    lead = member("lead")
    review = a_review()
    with clock.fixed(clock.now() + dt.timedelta(hours=25)):
        drain()
        drain()
    assert names_of(review) == ["review.added", "review.overdue"]
    assert Notice.objects.filter(template="review.overdue", recipient_id=lead.pk).count() == 1


def test_a_customer_who_writes_worse_is_heard(drain: Callable[[], int]) -> None:
    facts = told(stars=5, text="很好", external_id="9")
    store_review(facts, actor=SYSTEM)
    drain()
    assert Ticket.objects.count() == 0
    review, outcome = store_review(told(stars=2, text="用了一周漏水", external_id="9"), actor=SYSTEM)
    assert (outcome, review.is_bad, review.reply_due_at is not None) == ("changed", True, True)
    drain()
    assert Ticket.objects.count() == 1
    assert store_review(told(stars=2, text="用了一周漏水", external_id="9"), actor=SYSTEM)[1] == "unchanged"


def test_who_may(drain: Callable[[], int]) -> None:
    review = a_review()
    with pytest.raises(NotPermitted):
        write_reply(review.pk, text=SORRY, actor=staff("warehouse"))
    with pytest.raises(NotPermitted):
        add_review(told(), actor=staff("auditor"))
    with pytest.raises(NotFound):
        pass_review(review.pk, why="x", actor=customer(an_order()))


HEAD = "平台,评价编号,订单编号,评分,评价内容,评价时间,图片数,买家昵称,商家回复\n"


def _file(folder: Path, *rows: str) -> Path:
    path = folder / "reviews.csv"
    path.write_text(HEAD + "\n".join(rows), encoding="utf-8")
    return path


def test_a_file_is_read_in_once(tmp_path: Path, drain: Callable[[], int]) -> None:
    day = clock.shop_date(clock.now()).isoformat()
    path = _file(
        tmp_path,
        f"淘宝,1,,差评,掉色严重，不推荐,{day} 00:00:01,2,t**8,",
        f"天猫,2,,5,很好用,{day},,,谢谢您的支持",
        f"京东,3,,★★★☆☆,一般般,{day},,,",
    )
    report = import_reviews([path], actor=SYSTEM)
    assert report.counts == {"added": 3, "changed": 0, "unchanged": 0, "bad": 2}
    again = import_reviews([path], actor=SYSTEM)
    assert again.counts == {"added": 0, "changed": 0, "unchanged": 3, "bad": 0}
    assert Review.objects.get(external_id="2").state == "answered"
    assert standing(Review.objects.get(external_id="2")).text == "谢谢您的支持"  # type: ignore[union-attr]
    assert ImportRun.objects.filter(source="reviews").count() == 2


def test_what_cannot_be_used_is_told_by_line_and_column(tmp_path: Path) -> None:
    day = clock.shop_date(clock.now()).isoformat()
    path = _file(
        tmp_path,
        f"淘宝,1,,很好,好,{day},,,",
        "淘宝,2,,5,好,昨天,,,",
        f"火星,3,,5,好,{day},,,",
        f"淘宝,4,,4,好,{day},,,",
    )
    report = import_reviews([path], actor=SYSTEM)
    assert [(bad.line, bad.column, bad.code) for bad in report.bad_rows] == [
        (2, "stars", "stars_unreadable"),
        (3, "at", "date_unreadable"),
        (4, "platform", "platform_unknown"),
    ]
    assert Review.objects.count() == 1


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    path = _file(tmp_path, f"淘宝,1,,1,坏了,{clock.shop_date(clock.now())},,,")
    before = Event.objects.count()
    report = import_reviews([path], actor=SYSTEM, dry_run=True)
    assert report.counts["added"] == 1
    assert (Review.objects.count(), ImportRun.objects.count(), Event.objects.count()) == (0, 0, before)


def test_a_workbook_is_read_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["星级", "评价", "评价日期"])  # type: ignore[union-attr]
    book.active.append([2, "一般", clock.now().replace(tzinfo=None)])  # type: ignore[union-attr]
    book.save(tmp_path / "reviews.xlsx")
    with pytest.raises(CommandError):
        call_command("import_reviews", str(tmp_path / "missing.csv"))
    report = import_reviews([tmp_path / "reviews.xlsx"], actor=SYSTEM)
    assert report.bad_rows[0].code == "platform_missing"
    call_command("import_reviews", str(tmp_path / "reviews.xlsx"), platform="jd")
    assert Review.objects.get().stars == 2


def test_other_columns_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("评分,内容\n5,好\n", encoding="utf-8")
    with pytest.raises(BadFile):
        import_reviews([tmp_path / "x.csv"], actor=SYSTEM)
