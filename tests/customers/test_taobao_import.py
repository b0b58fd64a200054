"""Taobao exports, old and new, with all that real files do: GBK, spaces in headers, masks, two widths of comma."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from customers.importers.problems import BadFile
from customers.models import ContactPoint, Order, OrderLine, Sku
from tests.customers.files import codes, csv_file, run, xlsx_file

pytestmark = pytest.mark.django_db

NUMBER = "1234567890123456789"
OLD = [
    "订单编号",
    "买家会员名",
    "买家支付宝账号",
    "支付交易号",
    "买家应付货款",
    "买家应付邮费",
    "总金额",
    "买家实际支付金额",
    "订单状态",
    "买家留言",
    "收货人姓名",
    "收货地址 ",
    "运送方式",
    "联系电话 ",
    "联系手机",
    "订单创建时间",
    "订单付款时间 ",
    "宝贝标题 ",
    "宝贝种类 ",
    "物流单号 ",
    "物流公司",
    "订单备注",
    "宝贝总数量",
]
OLD_DETAILS = [
    "订单编号",
    "标题",
    "价格",
    "购买数量",
    "外部系统编号",
    "商品属性",
    "套餐信息",
    "备注",
    "订单状态",
    "商家编码",
]
NEW = [
    "订单编号",
    "支付单号",
    "买家应付货款",
    "买家应付邮费",
    "总金额",
    "买家实付金额",
    "订单状态",
    "收货地址",
    "运送方式",
    "订单创建时间",
    "商品标题",
    "宝贝种类",
    "物流单号",
    "物流公司",
    "商家备注",
    "宝贝总数量",
    "发货时间",
    "确认收货时间",
]
NEW_DETAILS = [
    "子订单编号",
    "主订单编号",
    "商品标题",
    "商品价格",
    "购买数量",
    "商品属性",
    "订单状态",
    "买家实付金额",
    "退款状态",
    "退款金额",
    "商品ID",
    "发货时间",
]


def old_order(**changes: Any) -> list[Any]:
    values = dict(
        zip(
            OLD,
            [
                f'="{NUMBER}"',
                "lin_mei",
                "",
                "2026030122001",
                "138.00",
                "10.00",
                "148.00",
                "118.00",
                "卖家已发货，等待买家确认",
                "请发顺丰",
                "林梅",
                "浙江省 杭州市 西湖区 文三路 1 号 3 幢(310000)",
                "快递",
                "",
                "'13800138000",
                "2026-03-01 10:00:00",
                "2026-03-01 10:01:00",
                "衬衫，袜子",
                "2",
                "No:SF1385628716739",
                "顺丰速运",
                "'老客户",
                "3",
            ],
            strict=True,
        )
    )
    values.update(changes)
    return [values[column] for column in OLD]


DETAILS = [
    OLD_DETAILS,
    [f'="{NUMBER}"', "衬衫", "100.00", "1", "", "颜色：白;尺码：M", "", "", "卖家已发货，等待买家确认", "S-1"],
    [f'="{NUMBER}"', "袜子", "19.00", "2", "", "", "", "", "卖家已发货，等待买家确认", "S-2"],
]


def test_old_orders_and_details_in_gbk(tmp_path: Path) -> None:
    orders = csv_file(tmp_path / "ExportOrderList.csv", [OLD, old_order()], encoding="gbk")
    details = csv_file(tmp_path / "ExportOrderDetailList.csv", DETAILS, encoding="gbk")
    report = run(details, orders, source="taobao")  # in whatever order they are given
    assert codes(report) == []
    order = Order.objects.get()
    assert (order.number, order.status) == (NUMBER, "shipped")
    assert order.placed_at == dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)
    assert (order.goods_minor, order.freight_minor, order.paid_minor, order.discount_minor) == (
        13_800,
        1_000,
        11_800,
        3_000,
    )
    assert [(line.title, line.quantity, line.shipped_quantity, line.paid_minor) for line in order.lines.all()] == [
        ("衬衫", 1, 1, 7_826),
        ("袜子", 2, 2, 2_974),
    ]
    assert (order.person.name, order.person.nick) == ("林梅", "lin_mei")
    assert ContactPoint.objects.get().value == "+8613800138000"
    assert order.address is not None
    assert (order.address.province, order.address.district, order.address.line, order.address.postcode) == (
        "浙江省",
        "西湖区",
        "文三路 1 号 3 幢",
        "310000",
    )
    assert (order.shipments.get().carrier, order.shipments.get().number) == ("SF", "SF1385628716739")
    assert order.payments.get().reference == "2026030122001"
    assert set(Sku.objects.values_list("code", flat=True)) == {"S-1", "S-2"}
    assert run(orders, details, source="taobao").as_data()["orders"]["unchanged"] == 1


def test_new_orders_and_sub_orders_with_masked_data(tmp_path: Path) -> None:
    orders = xlsx_file(
        tmp_path / "orders.xlsx",
        [
            NEW,
            [
                NUMBER,
                "P1",
                138,
                0,
                138,
                118,
                "交易成功",
                "浙江省杭州市西湖区****",
                "快递",
                "2026-03-01 10:00:00",
                "衬衫",
                2,
                "SF1,SF2",
                "顺丰",
                "",
                3,
                "2026-03-02 09:00:00",
                "2026-03-06 20:00:00",
            ],
        ],
    )
    details = xlsx_file(
        tmp_path / "sub.xlsx",
        [
            NEW_DETAILS,
            [
                "9000000000000000001",
                NUMBER,
                "衬衫",
                100,
                1,
                "白 M",
                "交易成功",
                88,
                "无退款申请",
                "无退款申请",
                "77",
                "2026-03-02",
            ],
            ["9000000000000000002", NUMBER, "袜子", 19, 2, "", "交易成功", 30, "退款成功", "10.00", "78", "2026-03-02"],
        ],
    )
    report = run(orders, details, source="taobao")
    assert codes(report) == []
    order = Order.objects.get()
    assert order.status == "completed"
    assert order.delivered_at == order.completed_at == dt.datetime(2026, 3, 6, 12, tzinfo=dt.UTC)
    lines = {line.number: line for line in order.lines.all()}
    # The platform knows which coupon was for which article: its shares stand.
    assert lines["9000000000000000001"].paid_minor == 8_800
    assert lines["9000000000000000002"].paid_minor == 3_000
    assert lines["9000000000000000002"].platform_refund == "退款成功"
    assert lines["9000000000000000001"].platform_refund == ""
    assert order.address is not None
    assert order.address.is_masked
    assert order.person.name == ""
    assert not ContactPoint.objects.exists()
    assert sorted(order.shipments.values_list("number", flat=True)) == ["SF1", "SF2"]


def test_a_single_article_needs_no_details_and_several_do(tmp_path: Path) -> None:
    single = old_order(**{"订单编号": "1111111111111111111", "宝贝种类 ": "1", "宝贝标题 ": "衬衫", "宝贝总数量": "3"})
    report = run(csv_file(tmp_path / "a.csv", [OLD, single, old_order()], encoding="gb18030"), source="taobao")
    assert [(bad.line, bad.column, bad.code) for bad in report.bad_rows] == [(3, "宝贝种类", "details_missing")]
    line = OrderLine.objects.get()
    assert (line.title, line.quantity, line.unit_price_minor, line.paid_minor) == ("衬衫", 3, 4_600, 10_800)


@pytest.mark.parametrize(
    ("told", "status", "shipped"),
    [
        ("买家已付款,等待卖家发货", "paid", 0),
        ("买家已付款，等待卖家发货", "paid", 0),
        ("交易关闭", "cancelled", 0),
        ("等待买家付款", "unpaid", 0),
        ("交易成功", "completed", 1),
    ],
)
def test_states_in_either_width_of_comma(tmp_path: Path, told: str, status: str, shipped: int) -> None:
    details = [OLD_DETAILS, [NUMBER, "衬衫", "100.00", "1", "", "", "", "", told, ""]]
    run(
        csv_file(tmp_path / "a.csv", [OLD, old_order(订单状态=told)]),
        csv_file(tmp_path / "b.csv", details),
        source="taobao",
    )
    order = Order.objects.get()
    assert (order.status, order.lines.get().shipped_quantity) == (status, shipped)
    assert order.paid_minor == (0 if status == "unpaid" else 11_800)


def test_an_unknown_state_is_told_not_guessed(tmp_path: Path) -> None:
    report = run(csv_file(tmp_path / "a.csv", [OLD, old_order(订单状态="火星状态")]), source="taobao")
    assert codes(report) == ["status_unknown"]


def test_the_same_order_twice_in_one_file(tmp_path: Path) -> None:
    rows = [OLD, old_order(), old_order(), old_order(买家实际支付金额="1.00")]
    report = run(csv_file(tmp_path / "a.csv", rows), csv_file(tmp_path / "b.csv", DETAILS), source="taobao")
    assert (report.orders_repeated, codes(report), Order.objects.get().paid_minor) == (1, ["order_twice"], 11_800)


def test_a_total_row_that_does_not_add_up_is_remarked(tmp_path: Path) -> None:
    total = ["总计", *[""] * 6, "999.00", *[""] * 15]
    report = run(
        csv_file(tmp_path / "a.csv", [OLD, old_order(), total]), csv_file(tmp_path / "b.csv", DETAILS), source="taobao"
    )
    assert codes(report) == []
    assert any("999.00" in remark and "118.00" in remark for remark in report.remarks)


def test_details_alone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as told:
        run(csv_file(tmp_path / "b.csv", DETAILS), source="taobao")
    assert told.value.code == "files_missing"


def test_a_rounded_number_in_a_workbook_is_refused(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        NEW,
        [
            1.2345678901234568e18,
            "P1",
            10,
            0,
            10,
            10,
            "交易成功",
            "",
            "",
            "2026-03-01",
            "衬衫",
            1,
            "",
            "",
            "",
            1,
            "",
            "",
        ],
    ]
    report = run(xlsx_file(tmp_path / "a.xlsx", rows), source="taobao")
    assert [(bad.line, bad.column, bad.code) for bad in report.bad_rows] == [(2, "订单编号", "number_rounded")]
