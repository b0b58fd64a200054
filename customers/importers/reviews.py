"""Reviews from a platform's export: one row a review, CSV or workbook, columns known by their names; see docs/reviews.md.

Called by the command `import_reviews` and by the office's page. Safe to repeat.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Refusal
from aftersales.kernel.patience import be_patient
from aftersales.kernel.policy import check
from customers.actions.reviews import ReviewFacts, store_review
from customers.actions.reviews.importing import finish_reviews
from customers.importers.cells import Row
from customers.importers.decoding import files_of
from customers.importers.layouts import Layout
from customers.importers.problems import BadCell, BadFile
from customers.importers.report import Report
from customers.importers.tables import open_table
from customers.models import Review

COLUMNS = {
    "stars": "评分", "at": "评价时间", "text": "评价内容", "platform": "平台", "review_number": "评价编号",
    "order_number": "订单编号", "sku": "商家编码", "goods": "商品名称", "nick": "买家昵称", "photos": "图片数",
    "reply": "商家回复", "replied_at": "回复时间",
}  # fmt: skip
_REQUIRED = ("stars", "at", "text")
LAYOUT = Layout(
    "reviews",
    frozenset(_REQUIRED),
    frozenset(COLUMNS) - frozenset(_REQUIRED),
    names={
        **{chinese: name for name, chinese in COLUMNS.items()},
        "星级": "stars", "评价星级": "stars", "评价": "text", "评论内容": "text", "评论": "text", "评论时间": "at",
        "评价日期": "at",
        "评价id": "review_number", "评论id": "review_number", "订单号": "order_number", "sku编码": "sku", "商品": "goods",
        "商品标题": "goods", "昵称": "nick", "用户昵称": "nick", "晒图数": "photos", "评价解释": "reply", "解释": "reply",
        "回复": "reply",
    },
)  # fmt: skip
_STARS = {
    "好评": 5, "中评": 3, "差评": 1, "good": 5, "neutral": 3, "bad": 1,
    "一星": 1, "二星": 2, "两星": 2, "三星": 3, "四星": 4, "五星": 5,
}  # fmt: skip
_PLATFORMS = {
    **{value: value for value in Review.Platform.values},
    "淘宝": "taobao", "天猫": "tmall", "京东": "jd", "拼多多": "pdd", "抖音": "douyin", "抖店": "douyin", "官网": "own",
    "自营": "own",
    "其他": "other",
}  # fmt: skip


@dataclass(slots=True)
class ReviewReport(Report):
    """The frame's report, with reviews counted instead of orders."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("added", "changed", "unchanged", "bad"), 0))

    @property
    def records(self) -> int:
        return self.counts["added"] + self.counts["changed"] + self.counts["unchanged"]

    def as_data(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "dry_run": self.dry_run,
            "files": self.files,
            "reviews": dict(self.counts),
            "bad_rows": [dataclasses.asdict(bad) for bad in self.bad_rows],
            "bad_rows_total": self.bad_rows_total,
            "bad_files": self.bad_files,
            "remarks": self.remarks,
        }

    def summary(self) -> Iterator[str]:
        if self.dry_run:
            yield _now("Dry run: nothing was written. This is what would have happened.")
        for file in self.files:
            yield "  " + _now("%(file)s: %(kind)s, %(rows)s rows") % file
        yield (
            _now(
                "Reviews: %(added)s new, %(changed)s changed, %(unchanged)s known already; %(bad)s bad ones among the new."
            )
            % self.counts
        )
        for remark in self.remarks:
            yield "• " + remark


class _Undo(Exception):
    """Leaves the transaction of a dry run, so that it writes nothing."""


def import_reviews(paths: Sequence[Path], *, actor: Actor, platform: str = "", dry_run: bool = False) -> ReviewReport:
    """Read the files and tell what came of each row. `platform` is for files without that column.

    A row that cannot be used is reported by file, line and column, and the others go on. Raises `BadFile` when not one
    file can be read.
    """
    check(actor, "review.import")
    files = files_of(list(paths))
    report = ReviewReport(source="reviews", dry_run=dry_run)
    if not dry_run:
        _read_all(files, report, actor, platform)
        finish_reviews(report.as_data(), path=", ".join(file.name for file in files), actor=actor)
        return report
    try:
        with transaction.atomic():
            be_patient()
            _read_all(files, report, actor, platform)
            raise _Undo
    except _Undo:
        return report


def _read_all(files: Sequence[Path], report: ReviewReport, actor: Actor, platform: str) -> None:
    problem: BadFile | None = None
    for path in files:
        try:
            table = open_table(path, (LAYOUT,), report.complain, report.remark)
        except BadFile as bad:
            problem = bad
            report.complain_of_file(path.name, bad)
            continue
        rows = 0
        for row in table.rows:
            rows += 1
            _take(row, report, actor, platform)
        report.files.append({"file": path.name, "kind": "reviews", "rows": rows})
    if problem is not None and not report.files:
        raise problem


def _take(row: Row, report: ReviewReport, actor: Actor, platform: str) -> None:
    try:
        facts = _facts(row, platform)
        with transaction.atomic():
            review, outcome = store_review(facts, actor=actor)
    except Refusal as refusal:
        column = getattr(refusal, "field", "") or ""
        if column and not isinstance(refusal, BadCell):
            refusal = BadCell(column, str(refusal), code=refusal.code, file=row.file, line=row.line)
        report.complain(row, refusal)
        return
    report.counts[outcome] += 1
    report.counts["bad"] += outcome == "added" and review.is_bad


def _facts(row: Row, platform: str) -> ReviewFacts:
    zone = clock.shop_zone()
    at = row.instant("at", zone)
    if at is None:
        raise BadCell("at", _("This cell is empty. Say when the review was written."), code="cell_empty",
                      file=row.file, line=row.line)  # fmt: skip
    return ReviewFacts(
        platform=_platform(row, platform),
        stars=_stars(row),
        text=row.text("text", 2000),
        at=at,
        order_number=row.identifier("order_number", 64),
        sku=row.identifier("sku", 64),
        goods=row.text("goods", 200, cut=True),
        nick=row.text("nick", 80, cut=True),
        photos=_photos(row),
        external_id=row.identifier("review_number", 64),
        reply=row.text("reply", 500, cut=True),
        replied_at=row.instant("replied_at", zone),
    )


def _platform(row: Row, otherwise: str) -> str:
    text = row.text("platform", 20)
    found = _PLATFORMS.get(text.casefold()) if text else otherwise
    if found:
        return found
    if not text:
        raise BadCell("platform", _("No platform is given. Name it in this column, or for the whole file."),
                      code="platform_missing", file=row.file, line=row.line)  # fmt: skip
    raise BadCell("platform", _("The platform “%(text)s” is not known. Known are: %(known)s."), code="platform_unknown",
                  file=row.file, line=row.line, text=text, known=", ".join(Review.Platform.values))  # fmt: skip


def _stars(row: Row) -> int:
    """1 to 5, as a number, as stars, in words, or as one of Taobao's three grades."""
    text = row.text("stars", 20)
    if text.casefold() in _STARS:
        return _STARS[text.casefold()]
    if re.fullmatch(r"[★⭐️]{1,10}☆*", text):
        return min(5, sum(each in "★⭐" for each in text))
    if match := re.fullmatch(r"([1-5])(?:\.0+)?(?:\s*(?:星|分|stars?|/\s*5))?", text, re.IGNORECASE):
        return int(match[1])
    raise BadCell("stars", _("“%(text)s” is no number of stars. Write 1 to 5, or 好评, 中评, 差评."),
                  code="stars_unreadable", file=row.file, line=row.line, text=text)  # fmt: skip


def _photos(row: Row) -> int:
    text = row.text("photos", 10)
    if text and not re.fullmatch(r"\d{1,3}(?:\.0+)?", text):
        raise BadCell("photos", _("“%(text)s” is no number of photos."), code="photos_unreadable",
                      file=row.file, line=row.line, text=text)  # fmt: skip
    return int(float(text)) if text else 0
