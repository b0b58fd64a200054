"""The lines of a Taobao order: from the detail file, or from the order itself where it holds a single article."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from customers.actions.importing.shapes import ArticleFacts, LineFacts
from customers.importers.allocation import Shares
from customers.importers.cells import Row
from customers.importers.problems import BadCell
from customers.importers.source import Intake
from customers.importers.taobao.layouts import NEW_DETAILS, OLD_DETAILS

_CNY = "CNY"
_NO_REFUND = ("没有申请退款", "无退款申请", "")


@dataclass(frozen=True, slots=True)
class Detail:
    """One sub-order. `paid_minor` is the platform's own share, None where the file does not tell it."""

    number: str
    article: ArticleFacts
    quantity: int
    unit_price_minor: int
    paid_minor: int | None
    platform_refund: str
    is_dispatched: bool


def details_of(number: str, order: Row, intake: Intake, *, goods: int) -> list[Detail]:
    """The sub-orders of an order. A sub-order that two files name is taken once, as the later file tells it."""
    new = {row.identifier("子订单编号", required=True): row for row in intake.shelf.get(NEW_DETAILS.name, number)}
    if new:
        return [_detail(row, sub_number) for sub_number, row in new.items()]
    old = _of_one_file(intake.shelf.get(OLD_DETAILS.name, number))
    if old:
        return [_detail(row, str(position)) for position, row in enumerate(old, start=1)]
    return [_only_article(order, goods)]


def _of_one_file(rows: list[Row]) -> list[Row]:
    """Old details carry no number of their own: the rows of the last file are the order, not those of all files."""
    return [row for row in rows if row.file == rows[-1].file]


def _detail(row: Row, number: str) -> Detail:
    refund = row.text("退款状态", 60, cut=True)
    has_share = bool(row.text("买家实际支付金额", 40))
    return Detail(
        number=number,
        article=_article(row, row.text("标题", 200, required=True, cut=True)),
        quantity=row.quantity("购买数量"),
        unit_price_minor=row.money("价格", _CNY, default=None),
        paid_minor=row.money("买家实际支付金额", _CNY) if has_share else None,
        platform_refund="" if refund in _NO_REFUND else refund,
        is_dispatched=bool(row.text("发货时间", 40)),
    )


def _only_article(order: Row, goods: int) -> Detail:
    """Without details an order can be taken only if it holds one kind of article: then price is goods by quantity."""
    kinds, quantity = order.quantity("宝贝种类", default=1), order.quantity("宝贝总数量", default=1)
    if kinds > 1:
        raise BadCell(
            "宝贝种类",
            _("The order holds %(kinds)s kinds of articles. Import the file of order details with it."),
            code="details_missing",
            file=order.file,
            line=order.line,
            kinds=kinds,
        )
    if goods % quantity:
        raise BadCell(
            "宝贝总数量",
            _(
                "The price of one of %(quantity)s articles does not come out even. Import the file of order details with it."
            ),
            code="details_missing",
            file=order.file,
            line=order.line,
            quantity=quantity,
        )
    title = order.text("宝贝标题", 200, required=True, cut=True)
    return Detail("1", _article(order, title), quantity, goods // quantity, None, "", False)


def _article(row: Row, title: str) -> ArticleFacts:
    variant = row.text("商品属性", 120, cut=True)
    merchant = row.identifier("商家编码") or row.identifier("外部系统编号")
    product = row.identifier("商品id") or merchant or f"T{_short(title)}"
    sku = merchant or (f"{product}-{_short(variant)}" if variant else product)
    return ArticleFacts(sku=sku, product=product, title=title, variant=variant)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def lines_of(details: Sequence[Detail], shares: Shares, *, is_under_way: bool, is_paid: bool) -> tuple[LineFacts, ...]:
    return tuple(
        LineFacts(
            number=detail.number,
            article=detail.article,
            quantity=detail.quantity,
            shipped_quantity=detail.quantity if is_under_way or detail.is_dispatched else 0,
            unit_price_minor=detail.unit_price_minor,
            discount_minor=discount if is_paid else 0,
            paid_minor=paid,
            freight_minor=0,
            platform_refund=detail.platform_refund,
        )
        for detail, paid, discount in zip(details, shares.paid, shares.discount, strict=True)
    )
