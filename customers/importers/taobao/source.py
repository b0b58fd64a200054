"""Taobao's order and detail files into order facts. Times are Beijing time, money is CNY.

New exports hide name, phone and address: the buyer is then known by the order alone until staff learn more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput
from customers.actions.importing.shapes import OrderFacts, PaymentFacts, ShipmentFacts
from customers.importers.allocation import share_out
from customers.importers.cells import Row
from customers.importers.couriers import courier_code
from customers.importers.problems import BadCell, BadFile
from customers.importers.source import Found, Intake
from customers.importers.taobao.buyer import address_of, buyer_of
from customers.importers.taobao.layouts import DETAILS, ORDERS
from customers.importers.taobao.lines import details_of, lines_of
from customers.models import Order, Payment
from customers.models.shipment import TrackingStatus

_ZONE = ZoneInfo("Asia/Shanghai")
_CNY = "CNY"
_NOT_DIGITS = re.compile(r"\D+")
_STATUS = {
    "等待买家付款": Order.Status.UNPAID,
    "没有创建支付宝交易": Order.Status.UNPAID,
    "付款确认中": Order.Status.UNPAID,
    "买家已付款,等待卖家发货": Order.Status.PAID,
    "卖家部分发货": Order.Status.SHIPPED,
    "卖家已发货,等待买家确认": Order.Status.SHIPPED,
    "买家已签收,货到付款专用": Order.Status.DELIVERED,
    "交易成功": Order.Status.COMPLETED,
    "交易关闭": Order.Status.CANCELLED,
    "付款以后用户退款成功,交易自动关闭": Order.Status.CANCELLED,
    "付款以前,卖家或买家主动关闭交易": Order.Status.CANCELLED,
}
_UNDER_WAY = (Order.Status.SHIPPED, Order.Status.DELIVERED, Order.Status.COMPLETED)


class TaobaoSource:
    name = "taobao"
    shop_name = "淘宝"
    currency = _CNY

    def orders(self, files: Sequence[Path], intake: Intake) -> Iterator[Found]:
        """Every order of the order files, with the lines that the detail files give it. Raises `BadFile`."""
        kinds = set()
        for path in files:
            if (table := intake.open(path, (*ORDERS, *DETAILS))) is None:
                continue
            kinds.add(table.layout.name)
            intake.shelve(table, order_number, per_file=table.layout in ORDERS)
        if not kinds & {layout.name for layout in ORDERS}:
            raise BadFile(
                _("There is no order list among the files. Export “订单报表” as well: details alone carry no dates."),
                code="files_missing",
            )
        for layout in ORDERS:
            for number, row in intake.once(layout.name):
                try:
                    yield Found(_order(number, row, intake), row)
                except BadInput as problem:
                    intake.report.orders_left_out += 1
                    intake.report.complain(row, problem)


def order_number(row: Row) -> str:
    """The digits of the order number; exports wrap them in quotes, tabs and equals signs."""
    digits = _NOT_DIGITS.sub("", row.identifier("订单编号", required=True))
    if not digits:
        raise BadCell(
            "订单编号", _("There is no number in this cell."), code="order_number_missing", file=row.file, line=row.line
        )
    return digits


def status_of(row: Row) -> Order.Status:
    """The order's status. Files differ in the width of the comma, so it is made narrow first."""
    told = unicodedata.normalize("NFKC", row.text("订单状态", 60, required=True)).replace(" ", "")
    if told not in _STATUS:
        raise BadCell(
            "订单状态",
            _("The status “%(status)s” is not known."),
            code="status_unknown",
            file=row.file,
            line=row.line,
            status=told,
        )
    return _STATUS[told]


def _order(number: str, row: Row, intake: Intake) -> OrderFacts:
    status = status_of(row)
    placed_at = row.instant("订单创建时间", _ZONE, required=True)
    paid_at, shipped_at = row.instant("订单付款时间", _ZONE), row.instant("发货时间", _ZONE)
    confirmed_at = row.instant("确认收货时间", _ZONE)
    is_paid = status != Order.Status.UNPAID
    paid = row.money("买家实际支付金额", _CNY) if is_paid else 0
    freight = row.money("买家应付邮费", _CNY)
    details = details_of(number, row, intake, goods=row.money("买家应付货款", _CNY, default=max(0, paid - freight)))
    gross = [detail.unit_price_minor * detail.quantity for detail in details]
    told = [detail.paid_minor for detail in details]
    # The platform's own shares know which coupon was for which article; without them the price decides.
    weights = [share for share in told if share is not None] if None not in told else None
    shares = share_out(gross, paid=paid, freight=freight, weights=weights, currency=_CNY)
    return OrderFacts(
        number=number,
        buyer=buyer_of(row, number),
        address=address_of(row),
        status=status,
        external_status=row.text("订单状态", 60, cut=True),
        currency=_CNY,
        lines=lines_of(details, shares, is_under_way=status in _UNDER_WAY, is_paid=is_paid),
        shipments=_shipments(row, status),
        payments=_payments(row, paid),
        goods_minor=sum(gross),
        discount_minor=shares.total_discount if is_paid else 0,
        freight_minor=shares.freight,
        paid_minor=paid,
        free_shipping=Order.FreeShipping.PAID if freight else Order.FreeShipping.FREE,
        payment_method=Payment.Method.ALIPAY if paid else "",
        buyer_message=row.text("买家留言", 500, cut=True).strip("' "),
        seller_memo=row.text("订单备注", 500, cut=True).strip("' "),
        placed_at=placed_at,  # type: ignore[arg-type]  # required
        paid_at=paid_at,
        shipped_at=shipped_at,
        # The export does not say when the parcel was signed for. Confirming came later, so it never shortens the
        # customer's time.
        delivered_at=confirmed_at,
        completed_at=confirmed_at if status == Order.Status.COMPLETED else None,
    )


def _payments(row: Row, paid: int) -> tuple[PaymentFacts, ...]:
    if not paid:
        return ()
    at = row.instant("订单付款时间", _ZONE) or row.instant("订单创建时间", _ZONE)
    reference = row.identifier("支付交易号")
    return (PaymentFacts(1, Payment.Method.ALIPAY, paid, reference=reference, captured_at=at),)


def _shipments(row: Row, status: Order.Status) -> tuple[ShipmentFacts, ...]:
    """One parcel per tracking number; exports write `No:123` and join several with commas or semicolons."""
    text = row.identifier("物流单号", 400).removeprefix("No:").strip()
    numbers = [part for part in re.split(r"[,;，；、\s]+", text) if part]
    shipped_at, signed_at = row.instant("发货时间", _ZONE), row.instant("确认收货时间", _ZONE)
    if not numbers and status not in _UNDER_WAY:
        return ()
    arrived = status in (Order.Status.COMPLETED, Order.Status.DELIVERED)
    carrier = courier_code(row.text("物流公司", 40, cut=True).strip("' "))
    return tuple(
        ShipmentFacts(
            carrier=carrier,
            number=number[:40],
            status=TrackingStatus.SIGNED if arrived else TrackingStatus.IN_TRANSIT,
            shipped_at=shipped_at,
            signed_at=signed_at,
        )
        for number in dict.fromkeys(numbers or [""])
    )
