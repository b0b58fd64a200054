"""Who carries an SMS: one file each. To add one: a class of the shape `Gateway` and a line in `_GATEWAYS`."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from aftersales.notices.gateways.aliyun import Aliyun
from aftersales.notices.gateways.console import Console
from aftersales.notices.gateways.interface import Gateway, Sms
from aftersales.notices.gateways.tencent import Tencent

__all__ = ["Gateway", "Sms", "current"]

_GATEWAYS: dict[str, Callable[[], Gateway]] = {"console": Console, "aliyun": Aliyun, "tencent": Tencent}


def current() -> Gateway:
    """The gateway of SMS_GATEWAY."""
    return _GATEWAYS[settings.SMS_GATEWAY]()
