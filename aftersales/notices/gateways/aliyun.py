"""Alibaba Cloud SMS (dysmsapi 2017-05-25, SendSms), signed with ACS3-HMAC-SHA256. Texts are its registered templates.

SMS_TEMPLATE_CODES maps our template and language to its codes: {"proof.code:zh-hans": "SMS_123456789"}; the registered
text must say what `templates/sms/` says, with the same variable names.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop as _

from aftersales.ledger.outbox import Permanent, Temporary, Unknown
from aftersales.notices import outbound
from aftersales.notices.gateways.interface import Sms, registered_code

_BUSY = ("isv.BUSINESS_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "Throttling", "ServiceUnavailable")


class Aliyun:
    really_sends = True

    def send(self, message: Sms) -> str:
        query = {
            "PhoneNumbers": message.to.removeprefix("+86"),
            "SignName": settings.SMS_SIGN_NAME,
            "TemplateCode": registered_code(message),
            "TemplateParam": json.dumps(message.variables, ensure_ascii=False),
            "OutId": message.key[:100],
        }
        host = urlsplit(settings.SMS_ENDPOINT).netloc
        headers = signed_headers(
            host=host,
            action="SendSms",
            version="2017-05-25",
            query=query,
            key_id=settings.SMS_ACCESS_KEY_ID,
            key_secret=settings.SMS_ACCESS_KEY_SECRET,
            at=message.at,  # the carrier compares it with its own clock
            nonce=secrets.token_hex(16),
        )
        try:
            answer = outbound.post(f"{settings.SMS_ENDPOINT}/?{_canonical(query)}", b"", headers)
        except outbound.Refused as refusal:
            raise Permanent(_("SMS_ENDPOINT is not called: %(why)s"), why=refusal) from refusal
        except outbound.NotReached as absence:
            raise Temporary(_("The far side was not reached: %(failure)s"), failure=absence) from absence
        except outbound.Lost as loss:
            raise Unknown(_("The line broke before an answer came: %(failure)s"), failure=loss) from loss
        return _understood(answer)


def _understood(answer: outbound.Answer) -> str:
    """`OK` and the carrier's number, or the reason why not. The carrier's sentence may hold the number, so only its code."""
    try:
        told = json.loads(answer.body)
        code = str(told["Code"])
    except (ValueError, KeyError, TypeError):
        raise Unknown(_("The SMS gateway answered %(status)s in words we do not know."), status=answer.status) from None
    if code == "OK":
        return str(told.get("BizId", ""))
    if answer.status == 429 or code.startswith(_BUSY):
        raise Temporary(_("The SMS gateway is busy (%(code)s)."), code=code, retry_after=answer.retry_after)
    raise Permanent(_("The SMS gateway refused (%(code)s)."), code=code)


def signed_headers(
    *,
    host: str,
    action: str,
    version: str,
    query: dict[str, str],
    key_id: str,
    key_secret: str,
    at: dt.datetime,
    nonce: str,
) -> dict[str, str]:
    """The headers of a POST without body, signed as the carrier's documentation of signature version 3 says."""
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = f"POST\n/\n{_canonical(query)}\n{lines}\n{names}\n{headers['x-acs-content-sha256']}"
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(key_secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    proof = f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={names},Signature={signature}"
    return {**headers, "Authorization": proof}


def _canonical(query: dict[str, str]) -> str:
    return urlencode(sorted(query.items()), quote_via=quote, safe="~")
