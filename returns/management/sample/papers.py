"""What people send along in the sample: a test report as the supplier writes it."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from aftersales.files.actions.attaching import read_file
from returns.management.sample.case import Case, Step
from tickets.actions.conversation import attach_files, reply

_REPORT = (
    ("检验项目", "标准要求", "检验结果", "判定"),
    ("水分（%）", "≤ 7.0", 5.2, "合格"),
    ("总灰分（%）", "≤ 6.5", 5.6, "合格"),
    ("铅（mg/kg）", "≤ 5.0", 0.8, "合格"),
    ("感官", "符合该等级特征", "符合", "合格"),
)


def answers_with_report(text: str) -> Step:
    """The shop answers, with a table attached."""

    def step(case: Case) -> None:
        book, body = Workbook(write_only=True), io.BytesIO()
        sheet = book.create_sheet("质检报告")
        for row in _REPORT:
            sheet.append(row)
        book.save(body)
        message = reply(case.ticket_pk, text=text, actor=case.cast.agent)
        report = read_file(SimpleUploadedFile("质检报告.xlsx", body.getvalue()))
        attach_files(message, [report], actor=case.cast.agent)

    return step
