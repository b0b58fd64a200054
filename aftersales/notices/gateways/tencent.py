"""Tencent Cloud SMS (2021-01-11, SendSms), signed with TC3-HMAC-SHA256. Texts are its registered templates, values by place.

SMS_TEMPLATE_CODES maps our template and language to its number and the order of the variables:
{"proof.code:zh-hans": "1234567:code,minutes"}.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop as _

from aftersales.ledger.outbox import Permanent, Temporary, Unknown
from aftersales.notices import outbound
from aftersales.notices.gateways.interface import Sms, registered_code, registered_values

_SERVICE = "sms"
_TYPE = "application/json; charset=utf-8"
# Nothing was handed on, and a little later it may be. Limits for a day are not here: a notice does not wait so long.
_BUSY = (
    "RequestLimitExceeded", "LimitExceeded.PhoneNumberThirtySecondLimit", "LimitExceeded.PhoneNumberOneHourLimit",
    "LimitExceeded.DeliveryFrequencyLimit", "ResourceUnavailable",
)  # fmt: skip
_IN_DOUBT = ("InternalError", "FailedOperation.FailResolvePacket")  # it broke inside: the message may be on its way


class Tencent:
    really_sends = True

    def send(self, message: Sms) -> str:
        body = json.dumps(
            {
                "PhoneNumberSet": [message.to],
                "SmsSdkAppId": settings.SMS_SDK_APP_ID,
                "SignName": settings.SMS_SIGN_NAME,
                "TemplateId": registered_code(message),
                "TemplateParamSet": registered_values(message),
                "SessionContext": message.key[:512],
            },
            ensure_ascii=False,
        ).encode()
        headers = signed_headers(
            host=urlsplit(settings.SMS_ENDPOINT).netloc,
            service=_SERVICE,
            body=body,
            key_id=settings.SMS_ACCESS_KEY_ID,
            key_secret=settings.SMS_ACCESS_KEY_SECRET,
            at=message.at,  # the carrier compares it with its own clock
        )
        headers |= {"X-TC-Action": "SendSms", "X-TC-Version": "2021-01-11", "X-TC-Region": settings.SMS_REGION}
        try:
            answer = outbound.post(f"{settings.SMS_ENDPOINT}/", body, headers)
        except outbound.Refused as refusal:
            raise Permanent(_("SMS_ENDPOINT is not called: %(why)s"), why=refusal) from refusal
        except outbound.NotReached as absence:
            raise Temporary(_("The far side was not reached: %(failure)s"), failure=absence) from absence
        except outbound.Lost as loss:
            raise Unknown(_("The line broke before an answer came: %(failure)s"), failure=loss) from loss
        return _understood(answer)


def _understood(answer: outbound.Answer) -> str:
    """The carrier's number of the message, or the reason why not: its code only, since its sentence may hold the phone."""
    try:
        told = json.loads(answer.body)["Response"]
        error = told.get("Error")
        sent = {"Code": error["Code"], "SerialNo": ""} if error else told["SendStatusSet"][0]
        code, number = str(sent["Code"]), str(sent.get("SerialNo", ""))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        raise Unknown(_("The SMS gateway answered %(status)s in words we do not know."), status=answer.status) from None
    if code == "Ok":
        return number
    if answer.status == 429 or code.startswith(_BUSY):
        raise Temporary(_("The SMS gateway is busy (%(code)s)."), code=code, retry_after=answer.retry_after)
    if code.startswith(_IN_DOUBT):
        raise Unknown(_("The SMS gateway broke while it had the message (%(code)s)."), code=code)
    raise Permanent(_("The SMS gateway refused (%(code)s)."), code=code)


def signed_headers(
    *, host: str, service: str, body: bytes, key_id: str, key_secret: str, at: dt.datetime
) -> dict[str, str]:
    """The headers of a POST of JSON, signed as the carrier's documentation of signature version 3 says. `at` is aware."""
    stamp = str(int(at.timestamp()))
    day = at.astimezone(dt.UTC).strftime("%Y-%m-%d")
    names = "content-type;host"
    request = f"POST\n/\n\ncontent-type:{_TYPE}\nhost:{host}\n\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{day}/{service}/tc3_request"
    to_sign = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"TC3{key_secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    proof = f"TC3-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {"Content-Type": _TYPE, "Host": host, "X-TC-Timestamp": stamp, "Authorization": proof}
