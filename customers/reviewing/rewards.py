"""Money or gifts for a review, and asking for a better one: forbidden, in public as in private (R-125, R-126)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from customers.reviewing.digits import plain
from customers.reviewing.finding import Finding, Kind

_PRIZE = r"(?:红包|现金|优惠券|代金券|购物券|礼品|礼物|好礼|小礼|话费|礼金|返利|补贴|福利|积分|[\d.]+\s?元|几块钱|块钱)"
_REVIEW = r"(?:好评|五星|5\s?星|满分|晒图|晒单|追评|改评|差评|中评|评价)"
_GIFT = r"(?:cash ?back|gift cards?|vouchers?|coupons?|free gifts?|rewards?)"
_REWARDS = (
    re.compile(r"返\s?现|返利|好评\s?返|评价\s?返|晒[图单]\s?返|好评有[礼奖]|晒[图单]有[礼奖]|评价有[礼奖]|红\s?包"),
    re.compile(
        r"(?:送|赠送|返|发|给|补偿|奖励|领取?|转)(?:您|你|大家|一?[个份张点些])?"
        rf"[^。！？\n]{{0,6}}?{_PRIZE}[^。！？\n]{{0,16}}?{_REVIEW}"
    ),
    re.compile(rf"{_REVIEW}[^。！？\n]{{0,16}}?(?:送|赠|返|奖励|领取|可得|可获|换|兑)[^。！？\n]{{0,8}}?{_PRIZE}"),
    re.compile(r"(?<!补)(?:赠送|送|返还?)(?:给)?(?:您|你)[^。！？\n]{0,6}?(?:现金|优惠券|代金券|礼品|礼物|小礼|话费|礼金)"),
    re.compile(
        r"(?:修改|更改|删除|撤销|删掉|改掉|删|改)(?:一下|下)?(?:您|你)?的?(?:这[条个])?"
        r"(?:差评|中评|评价|评论|成好评|为好评|好评)"
    ),
    re.compile(r"(?:差评|中评|评价|评论)[^。！？\n]{0,6}?(?:改成|改为|删除|删掉|撤销|撤回)"),
    re.compile(
        r"(?:求|请|麻烦|帮忙|拜托|希望|恳请|能否|可以|欢迎)(?:您|你|亲)?[^。！？\n]{0,6}?"
        r"(?:给|打|写|补|改|追加?|来)[^。！？\n]{0,5}?(?:好评|五星|5\s?星|满分)"
    ),
    re.compile(r"求好评|邀请好评|好评哦?亲"),
    re.compile(rf"\b{_GIFT}\b[^.!?\n]{{0,60}}\b(?:review|rating|stars?)\b", re.IGNORECASE),
    re.compile(rf"\b(?:review|rating|stars?)\b[^.!?\n]{{0,60}}\b{_GIFT}", re.IGNORECASE),
    re.compile(r"\bcash ?back\b", re.I),
    re.compile(
        r"\b(?:change|remove|delete|edit|update|revise|withdraw|take down) (?:your|this|the) (?:\w+ ){0,2}"
        r"(?:review|rating|feedback)", re.I,
    ),
    re.compile(r"\b(?:give|leave|write|rate) (?:us )?(?:a |an )?(?:5|five)[- ]?stars?\b", re.I),
)  # fmt: skip


def find(text: str) -> Iterator[Finding]:
    """Every offer, and every wish for another review."""
    common = plain(text)
    for pattern in _REWARDS:
        for match in pattern.finditer(common):
            yield Finding(Kind.REWARD, *match.span(), text[match.start() : match.end()])
