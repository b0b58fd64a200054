"""What a carrier does with a request before it reads it: take the signature apart and compute it anew, from the wire alone.

Written from the carriers' documentation and from nothing of ours, so that both would have to be wrong in the same way.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from urllib.parse import parse_qsl, quote, urlsplit

from tests.notices.http_double import Request


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _lower(request: Request) -> dict[str, str]:
    return {name.lower(): value.strip() for name, value in request.headers.items()}


def aliyun_accepts(request: Request, *, secrets: dict[str, str]) -> str:
    """`OK`, or the code with which Alibaba Cloud turns a request away (signature version 3)."""
    headers = _lower(request)
    told = re.fullmatch(
        r"ACS3-HMAC-SHA256 Credential=(?P<id>[^,]+),SignedHeaders=(?P<names>[^,]+),Signature=(?P<sig>[0-9a-f]{64})",
        headers.get("authorization", ""),
    )
    if told is None:
        return "IncompleteSignature"
    if told["id"] not in secrets:
        return "InvalidAccessKeyId.NotFound"
    if headers["x-acs-content-sha256"] != _sha(request.body):
        return "SignatureDoesNotMatch"
    names = told["names"].split(";")
    if names != sorted(names) or not {"host", "x-acs-action", "x-acs-date", "x-acs-signature-nonce"} <= set(names):
        return "IncompleteSignature"
    parts = urlsplit(request.path)
    query = "&".join(
        f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
        for name, value in sorted(parse_qsl(parts.query, keep_blank_values=True))
    )
    canonical = ["POST", parts.path, query, *(f"{name}:{headers[name]}" for name in names), ""]
    canonical += [told["names"], headers["x-acs-content-sha256"]]
    string = "ACS3-HMAC-SHA256\n" + _sha("\n".join(canonical).encode())
    wanted = hmac.digest(secrets[told["id"]].encode(), string.encode(), "sha256").hex()
    return "OK" if hmac.compare_digest(wanted, told["sig"]) else "SignatureDoesNotMatch"


def tencent_accepts(request: Request, *, secrets: dict[str, str]) -> str:
    """`OK`, or the code with which Tencent Cloud turns a request away (signature version 3)."""
    headers = _lower(request)
    told = re.fullmatch(
        r"TC3-HMAC-SHA256 Credential=(?P<id>[^/]+)/(?P<day>[\d-]{10})/(?P<service>\w+)/tc3_request, "
        r"SignedHeaders=(?P<names>[\w;-]+), Signature=(?P<sig>[0-9a-f]{64})",
        headers.get("authorization", ""),
    )
    if told is None:
        return "AuthFailure.InvalidAuthorization"
    if told["id"] not in secrets:
        return "AuthFailure.SecretIdNotFound"
    stamp = headers["x-tc-timestamp"]
    if abs(time.time() - int(stamp)) > 300 or told["day"] != time.strftime("%Y-%m-%d", time.gmtime(int(stamp))):
        return "AuthFailure.SignatureExpire"
    if told["service"] != "sms" or not {"content-type", "host"} <= set(told["names"].split(";")):
        return "AuthFailure.InvalidAuthorization"
    signed = [f"{name}:{headers[name].lower()}" for name in told["names"].split(";")]
    canonical = "\n".join(["POST", urlsplit(request.path).path, "", *signed, "", told["names"], _sha(request.body)])
    string = "\n".join(["TC3-HMAC-SHA256", stamp, f"{told['day']}/sms/tc3_request", _sha(canonical.encode())])
    day = hmac.digest(b"TC3" + secrets[told["id"]].encode(), told["day"].encode(), "sha256")
    signing = hmac.digest(hmac.digest(day, b"sms", "sha256"), b"tc3_request", "sha256")
    wanted = hmac.digest(signing, string.encode(), "sha256").hex()
    return "OK" if hmac.compare_digest(wanted, told["sig"]) else "AuthFailure.SignatureFailure"
