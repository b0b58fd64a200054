"""What comes out of real-world files before anything is stored: encodings, headers, long numbers, damaged files."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import gzip
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aftersales.kernel.errors import BadInput
from customers.importers.cells import Row
from customers.importers.decoding import files_of, rows_of
from customers.importers.generic.columns import LINES
from customers.importers.layouts import clean_header, recognise
from customers.importers.problems import BadCell, BadFile
from customers.importers.shelf import Shelf
from customers.importers.taobao.layouts import DETAILS, NEW_DETAILS, NEW_ORDERS, OLD_ORDERS, ORDERS
from tests.customers.files import csv_file, xlsx_file

BEIJING = ZoneInfo("Asia/Shanghai")
WORDS = [["订单编号", "备注"], ["1", "龍門客棧 𠮷野家"]]


def row(**cells: object) -> Row:
    return Row("a.csv", 7, cells)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_whatever_encoding_it_has(tmp_path: Path, encoding: str) -> None:
    path = csv_file(tmp_path / "a.csv", WORDS, encoding=encoding)
    assert [cells for _line, cells in rows_of(path)][1] == ["1", "龍門客棧 𠮷野家"]


def test_gbk_that_claims_nothing_is_read_even_if_the_chinese_comes_late(tmp_path: Path) -> None:
    rows = [["a", "b"], *[["x" * 90, "y"] for _ in range(30_000)], ["末", "行"]]
    path = csv_file(tmp_path / "late.csv", rows, encoding="gbk")
    assert list(rows_of(path))[-1] == (30_002, ["末", "行"])


@pytest.mark.parametrize(
    "header",
    [
        ["订单编号", "下单时间", "收货人"],  # Chinese letters
        ["order_number", "ordered_at", "note"],  # none but ASCII: its first letter would be swallowed
        ["note", "order_number", "ordered_at"],  # whose first column may be missing: it would be, unsaid
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_gbk_behind_a_mark_of_utf8_keeps_its_first_column(tmp_path: Path, header: list[str], packed: bool) -> None:
    text = codecs.BOM_UTF8 + "\r\n".join([",".join(header), "甲,乙,丙"]).encode("gbk")
    path = tmp_path / "a.csv"
    path.write_bytes(gzip.compress(text) if packed else text)
    assert list(rows_of(path)) == [(1, header), (2, ["甲", "乙", "丙"])]


def test_bytes_that_are_no_text_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"a,b\n1,2\n\xff\xff\xff,3\n")
    with pytest.raises(BadFile) as told:
        list(rows_of(path))
    assert (told.value.code, told.value.params["line"]) == ("encoding_unknown", 3)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"  \r\n ", "file_empty"),
        (b"PK\x03\x04 this is no workbook", "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old workbook", "file_xls"),
        (b"\x1f\x8b\x08\x00broken", "file_damaged"),
    ],
)
def test_a_file_that_is_none_gets_its_own_sentence(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    with pytest.raises(BadFile) as told:
        list(rows_of(path))
    assert told.value.code == code
    assert "orders.csv" in str(told.value)


def test_gzip_tabs_and_workbooks_are_known_by_their_content_not_their_name(tmp_path: Path) -> None:
    packed = csv_file(tmp_path / "packed.csv", WORDS, packed=True)
    book = xlsx_file(tmp_path / "book.csv", WORDS)
    (tmp_path / "tabs.csv").write_text("订单编号\t备注\n1\t龍門客棧 𠮷野家\n", encoding="utf-8")
    for path in (packed, book, tmp_path / "tabs.csv"):
        assert list(rows_of(path)) == [(1, ["订单编号", "备注"]), (2, ["1", "龍門客棧 𠮷野家"])]


def test_a_folder_stands_for_its_tables(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv.gz", "c.XLSX", "~$c.xlsx", ".hidden.csv", "readme.md"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in files_of([tmp_path])] == ["a.csv.gz", "b.csv", "c.XLSX"]
    with pytest.raises(BadFile):
        files_of([tmp_path / "nowhere"])


@pytest.mark.parametrize("cell", ["﻿宝贝标题 ", "宝贝标题　", "\t宝贝标题", '="宝贝标题"', " 宝贝标题​"])
def test_headers_are_compared_without_what_exports_put_around_them(cell: str) -> None:
    assert clean_header(cell) == "宝贝标题"


def test_a_note_above_the_header_is_passed_over() -> None:
    note = ["说明：本表仅供参考", None]
    header = ["订单编号", "下单时间", "商品名称", "数量", "单价"]
    assert recognise([note, header], [LINES], "a.csv") == (LINES, 1)


def test_the_nearest_kind_is_named_with_what_is_missing() -> None:
    header = ["订单编号", "买家会员名", "总金额", "订单状态", "订单创建时间", "买家实际付款"]
    with pytest.raises(BadFile) as told:
        recognise([header], (*ORDERS, *DETAILS, LINES), "orders.csv")
    assert told.value.code == "header_unknown"
    assert told.value.params["nearest"] == OLD_ORDERS.name
    assert told.value.params["missing"] == "买家实际支付金额 (买家实际付款?)"


def test_the_layout_that_asks_for_more_wins() -> None:
    sub_orders = ["子订单编号", "主订单编号", "商品标题", "商品价格", "购买数量", "商品属性"]
    assert recognise([sub_orders], (*ORDERS, *DETAILS), "a.xlsx")[0] is NEW_DETAILS
    orders = ["订单编号", "支付单号", "总金额", "买家实付金额", "订单状态", "订单创建时间"]
    assert recognise([orders], (*ORDERS, *DETAILS), "a.xlsx")[0] is NEW_ORDERS


@pytest.mark.parametrize(
    "value",
    [1.2345678901234568e18, 1234567890123456768, "1.23457E+18", "1.2345678901234568e18", "1234567890123456789.0"],
)
def test_a_long_number_that_a_spreadsheet_has_rounded_is_refused(value: object) -> None:
    with pytest.raises(BadCell) as told:
        row(订单编号=value).identifier("订单编号")
    assert (told.value.code, told.value.line) == ("number_rounded", 7)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1234567890123456789", "1234567890123456789"),
        ('="1234567890123456789"', "1234567890123456789"),
        ("'1234567890123456789", "1234567890123456789"),
        ("1234567890123456789\t", "1234567890123456789"),
        (12345, "12345"),
        (12345.0, "12345"),
        ("12345.0", "12345"),
        ("SF1385628716739", "SF1385628716739"),
        (None, ""),
    ],
)
def test_numbers_that_are_names_survive_unchanged(value: object, text: str) -> None:
    assert row(a=value).identifier("a") == text


@pytest.mark.parametrize(
    ("value", "minor"),
    [
        ("128", 12800),
        ("¥1,280.50", 128050),
        ("１２.５０", 1250),
        ("99.00元", 9900),
        (30.000000000000004, 3000),
        (12, 1200),
        (None, 0),
        ("--", 0),
    ],
)
def test_amounts_are_exact(value: object, minor: int) -> None:
    assert row(a=value).money("a", "CNY") == minor


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("-1", "money_negative"),
        ("12.345", "money_too_precise"),
        ("zwölf", "money_unreadable"),
        ("1e30", "money_too_large"),
        (12.345, "money_too_precise"),
        ("NaN", "money_unreadable"),
    ],
)
def test_amounts_that_are_none_are_refused(value: object, code: str) -> None:
    with pytest.raises(BadInput) as told:
        row(a=value).money("a", "CNY")
    assert told.value.code == code


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "", "many", 0, 2.5, "1000000", "٣"])
def test_quantities_are_whole_and_at_least_one(value: object) -> None:
    with pytest.raises(BadCell):
        row(a=value).quantity("a")
    assert [row(a=good).quantity("a") for good in ("2", 2, 2.0, "2.0", "２", "1,000")] == [2, 2, 2, 2, 2, 1000]


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01 10:05:00",
        "2026/3/1 10:05",
        "2026年3月1日 10:05",
        "2026-03-01T02:05:00Z",
        dt.datetime(2026, 3, 1, 10, 5),
    ],
)
def test_instants_are_read_in_the_zone_of_the_file(value: object) -> None:
    assert row(a=value).instant("a", BEIJING) == dt.datetime(2026, 3, 1, 2, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize("value", ["soon", "2026-13-01", "1899-12-31", "31/12/2026"])
def test_what_is_no_date_is_told(value: str) -> None:
    with pytest.raises(BadCell):
        row(a=value).instant("a", BEIJING)


def test_control_characters_are_refused_and_long_words_cut_only_where_they_may_be() -> None:
    with pytest.raises(BadCell):
        row(a="a\x00b").text("a")
    with pytest.raises(BadCell):
        row(a="x" * 11).text("a", 10)
    assert row(a="x" * 11).text("a", 10, cut=True) == "x" * 9 + "…"


def test_the_shelf_gives_back_what_was_put_there_in_order() -> None:
    first, second = row(a="1", at=dt.datetime(2026, 3, 1), n=1.5), Row("b.csv", 8, {"a": None})
    with Shelf() as shelf:
        assert shelf.put("items", [("x", first), ("y", second), ("x", second)]) == 3
        assert shelf.get("items", "x") == [first, second]
        assert list(shelf.keys("items")) == ["x", "y"]
        assert shelf.get("others", "x") == []


def test_an_open_quotation_mark_is_told_not_swallowed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"' + "x" * (csv.field_size_limit() + 10), encoding="utf-8")
    with pytest.raises(BadFile) as told:
        list(rows_of(path))
    assert (told.value.code, told.value.params["line"]) == ("file_damaged", 2)
