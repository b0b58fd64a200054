"""Reviews on the desk: the list by urgency and filters, one review answered past the guard, and the table to copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import translation

from aftersales.desk.reviewing import stars_choices
from aftersales.kernel import clock
from customers.actions.reviews import ReviewFacts, add_review, write_reply
from customers.models import Review
from tests.world import an_order, staff
from tickets.models import Ticket

Sit = Callable[..., Client]
SORRY = "非常抱歉，请在订单页申请售后，运费由我们承担。"


def a_review(**given: Any) -> Review:
    facts: dict[str, Any] = {
        "platform": "taobao",
        "stars": 1,
        "text": "用了两次就坏了",
        "at": clock.now() - dt.timedelta(hours=1),
    }
    return add_review(ReviewFacts(**{**facts, **given}), actor=staff("agent"))


def test_the_list_shows_what_waits_with_its_clock_and_counts(sit: Sit) -> None:
    bad, good = a_review(), a_review(stars=5, text="很好用", platform="jd")
    page = sit().get("/desk/reviews/").content.decode()
    assert page.index(bad.ref) < page.index(good.ref), "what has a time stands first"
    assert "1 of 5 stars" in page
    assert "due due--" in page
    client = sit()
    assert good.ref not in client.get("/desk/reviews/?stars=bad").content.decode()
    assert bad.ref not in client.get("/desk/reviews/?platform=jd").content.decode()
    assert bad.ref in client.get("/desk/reviews/?q=两次").content.decode()
    assert "Nothing matches" in client.get("/desk/reviews/?q=没有的词").content.decode()
    assert "Nothing here yet" in client.get("/desk/reviews/?view=answered").content.decode()


def test_the_list_asks_little(sit: Sit, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        a_review(external_id=str(number))
    client = sit()
    client.get("/desk/reviews/")
    with django_assert_max_num_queries(16):
        client.get("/desk/reviews/")


def test_it_is_entered_by_hand_once(sit: Sit) -> None:
    order = an_order()
    client = sit()
    given = {
        "platform": "tmall", "stars": "2", "text": "与描述不符", "written_on": clock.shop_date(clock.now()).isoformat(),
        "order_number": order.number,
    }  # fmt: skip
    answer = client.post("/desk/reviews/new/", given)
    client.post("/desk/reviews/new/", given)
    review = Review.objects.get()
    assert answer.headers["Location"] == f"/desk/reviews/{review.ref}/"
    assert (review.person, review.stars) == (order.person, 2)
    wrong = client.post("/desk/reviews/new/", {**given, "order_number": "no-such"})
    assert wrong.status_code == 400
    assert "There is no order no-such" in wrong.content.decode()
    assert "Please" in client.post("/desk/reviews/new/", {}).content.decode() or Review.objects.count() == 1


def test_the_draft_speaks_to_what_was_said(sit: Sit) -> None:
    assert "质量问题" in sit().get(f"/desk/reviews/{a_review().ref}/").content.decode()
    late = a_review(text="发货太慢了", external_id="2")
    page = sit().get(f"/desk/reviews/{late.ref}/").content.decode()
    assert "这次的配送没有做好" in page
    assert "谢谢您用心写下的评价" in sit().get(f"/desk/reviews/{late.ref}/?phrase=review-praise").content.decode()


def test_a_phone_number_is_stopped_marked_and_kept_in_the_box(sit: Sit) -> None:
    review = a_review()
    answer = sit().post(f"/desk/reviews/{review.ref}/reply/", {"text": "抱歉，请拨打 138 0013 8000"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<mark title="a phone number">138 0013 8000</mark>' in page
    assert "Leave it out, the shop’s own number too" in page
    assert "抱歉，请拨打 138 0013 8000</textarea>" in page
    assert review.replies.count() == 0


def test_while_typing_the_guard_answers_and_keeps_nothing(sit: Sit) -> None:
    review = a_review()
    client = sit()
    page = client.post(
        f"/desk/reviews/{review.ref}/guard/", {"text": "加微信 shop2020"}, headers={"HX-Request": "true"}
    )
    assert "WeChat or QQ" in page.content.decode()
    calm = client.post(f"/desk/reviews/{review.ref}/guard/", {"text": SORRY}, headers={"HX-Request": "true"})
    assert "cannot be published" not in calm.content.decode()
    assert review.replies.count() == 0


def test_it_is_answered_copied_and_said_to_stand(sit: Sit) -> None:
    review, client = a_review(), sit()
    client.post(f"/desk/reviews/{review.ref}/reply/", {"text": SORRY})
    page = client.get(f"/desk/reviews/{review.ref}/").content.decode()
    assert f'data-copies="{SORRY}"' in page
    client.post(f"/desk/reviews/{review.ref}/publication/")
    review.refresh_from_db()
    assert review.state == "answered"
    assert "on the platform since" in client.get(f"/desk/reviews/{review.ref}/").content.decode()
    client.post(f"/desk/reviews/{review.ref}/taking-back/")
    client.post(f"/desk/reviews/{review.ref}/passing/", {"why": "同行恶意评价"})
    client.post(f"/desk/reviews/{review.ref}/resuming/")
    review.refresh_from_db()
    assert review.state == "open"


def test_the_table_holds_what_is_to_be_copied(sit: Sit) -> None:
    agent = staff("agent")
    first, second = a_review(external_id="=1+1"), a_review(external_id="2")
    write_reply(first.pk, text=SORRY + "谢谢", actor=agent)
    write_reply(first.pk, text=SORRY, actor=agent)
    lines = sit().get("/desk/reviews/replies/").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].endswith(SORRY)
    assert "'=1+1" in lines[1], "a spreadsheet must not run it"
    assert second.ref not in "".join(lines)


def test_thanks_for_praise_are_a_ticket_once(sit: Sit) -> None:
    order = an_order()
    review, client = a_review(stars=5, text="很喜欢", order_number=order.number), sit()
    assert "Open a praise ticket" in client.get(f"/desk/reviews/{review.ref}/").content.decode()
    client.post(f"/desk/reviews/{review.ref}/ticket/")
    client.post(f"/desk/reviews/{review.ref}/ticket/")
    assert Ticket.objects.get().kind == "praise"
    assert "Open a praise ticket" not in client.get(f"/desk/reviews/{review.ref}/").content.decode()


def test_who_only_reads_is_offered_nothing(sit: Sit) -> None:
    review = a_review()
    page = sit("auditor").get(f"/desk/reviews/{review.ref}/").content.decode()
    assert "<textarea" not in page
    assert sit("auditor").post(f"/desk/reviews/{review.ref}/reply/", {"text": SORRY}).status_code == 403
    assert sit().get("/desk/reviews/V-000000000/").status_code == 404


def test_stars_are_counted_in_the_readers_language() -> None:
    told = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told[language] = [str(words) for _value, words in stars_choices()][-2:]
    assert told == {"zh-hans": ["4 星", "5 星"], "en": ["4 stars", "5 stars"]}
