"""A log is read by many; it must not hold what opens an order or a photo."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from structlog.contextvars import merge_contextvars
from structlog.stdlib import ProcessorFormatter
from structlog.testing import capture_logs

from aftersales.logs import logging_config, without_capabilities


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("GET /l/abcDEF_123-token/", "GET /l/…/"),
        ("GET /files/A-7K2MQX94D/1abc:signature/?thumb=1", "GET /files/A-7K2MQX94D/…/?thumb=1"),
        ("Not Found: /l/abc", "Not Found: /l/…"),
        ("POST /hooks/sms/aliyun/kept-from-readers/", "POST /hooks/sms/aliyun/…/"),
        ("GET /returns/R-7K2MQX94D/label/", "GET /returns/R-7K2MQX94D/label/"),
    ],
)
def test_what_opens_something_is_masked(line: str, kept: str) -> None:
    assert without_capabilities(None, "info", {"request": line, "code": 200}) == {"request": kept, "code": 200}


@pytest.mark.parametrize("form", ["json", "lines"])
def test_what_other_libraries_log_is_masked_too(form: str) -> None:
    config = logging_config(form, "INFO")["formatters"]["desk"]
    formatter = ProcessorFormatter(processors=config["processors"], foreign_pre_chain=config["foreign_pre_chain"])
    record = logging.LogRecord(
        "django.request", logging.WARNING, __file__, 1, "Gone: %s", ("/l/" + "k" * 43 + "/",), None
    )
    line = formatter.format(record)
    assert "Gone: /l/…/" in line
    assert "kkk" not in line


@pytest.mark.django_db
def test_a_line_names_the_peer_and_not_what_the_client_says() -> None:
    with capture_logs([merge_contextvars]) as lines:
        Client(REMOTE_ADDR="192.0.2.7", headers={"x-forwarded-for": "203.0.113.9"}).get("/desk/")
    assert {line["ip"] for line in lines if line["event"].startswith("request_")} == {"192.0.2.7"}
