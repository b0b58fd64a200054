"""Reviews of the sample shop: praise, complaints in the words of shoppers, one answered, one ready, one left alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from customers.actions import reviews
from customers.actions.reviews import ReviewFacts
from customers.models import Order, Review
from returns.management.sample.cast import Cast

# Hours ago, platform, stars, words, photos, nickname shown, and whether it names its order.
_WRITTEN: tuple[tuple[int, str, int, str, int, str, bool], ...] = (
    (30, "taobao", 1, "用了不到一个星期就坏了，找客服半天没人理，太让人失望了。", 2, "t**8", True),
    (20, "tmall", 2, "和图片色差太大，布料也比想象的薄，不值这个价。", 1, "晴**天", True),
    (9, "jd", 3, "东西还行，就是发货太慢，等了一个星期。", 0, "j***n", True),
    (6, "pdd", 1, "收到的时候外箱破了，里面也压坏了，客服还让我自己去问快递。", 3, "m**y", True),
    (5, "douyin", 5, "第二次买了，做工很细，家里老人用着也方便，客服还特意教了怎么清洗。", 2, "小**鱼", True),
    (4, "taobao", 5, "整体满意，不过盖子有点漏水，希望改进。", 0, "l**1", False),
    (3, "taobao", 4, "没有异味，大小合适，物流也快。", 0, "a***e", False),
    (2, "own", 5, "Arrived in two days and works exactly as described. Very happy.", 0, "Ada L.", False),
)
_ANSWERS = {
    0: "您好！非常抱歉，质量和服务都没有做好。这一批货我们已经在逐件复查，客服值班也加了人手。请在订单页申请售后，"
       "运费由我们承担，可以换新也可以退款。谢谢您如实告诉我们。",
    1: "您好！色差让您失望了，对不起。商品页已经补上自然光下的实拍图和面料克重。请在订单页申请退货，运费由我们承担。",
    4: "谢谢您再次选择我们，也谢谢您对客服的肯定。清洗方法我们写成了一页说明，放进了包装里。祝您和家人生活愉快！",
}  # fmt: skip
Steps = list[tuple[dt.datetime, int, Callable[[Any], object]]]


def review_steps(orders: Sequence[Order], cast: Cast, now: dt.datetime) -> Steps:
    """Each comes in when it was written; two are answered, one reply waits to be copied."""
    delivered = [order for order in orders if order.delivered_at is not None]
    steps: Steps = []
    for number, written in enumerate(_WRITTEN):
        at = now - dt.timedelta(hours=written[0])
        order = delivered[number % len(delivered)] if delivered and written[-1] else None
        facts = _facts(written, order, at - dt.timedelta(minutes=20))
        steps.append((at, 0, _come_in(facts, cast)))
        if number in _ANSWERS:
            answered = min(at + dt.timedelta(hours=8), now)
            steps.append((answered, 1, _answer(facts.key, number, cast)))
    return steps


def _facts(written: tuple[int, str, int, str, int, str, bool], order: Order | None, at: dt.datetime) -> ReviewFacts:
    _hours, platform, stars, text, photos, nick, _named = written
    line = order.lines.order_by("id").first() if order else None
    return ReviewFacts(
        platform=platform, stars=stars, text=text, at=at, photos=photos, nick=nick,
        order_number=order.number if order else "", goods=line.title if line else "",
    )  # fmt: skip


def _come_in(facts: ReviewFacts, cast: Cast) -> Callable[[Any], object]:
    return lambda _case: reviews.add_review(facts, actor=cast.agent)


def _answer(key: str, number: int, cast: Cast) -> Callable[[Any], object]:
    def step(_case: Any) -> None:
        review = Review.objects.get(key=key)
        reviews.write_reply(review.pk, text=_ANSWERS[number], actor=cast.agent)
        if number != 1:  # the second waits to be copied
            reviews.publish_reply(review.pk, actor=cast.agent)

    return step
