"""The one place that calls addresses other people chose: webhooks and the SMS gateway. Nothing else opens HTTP.

Against server-side request forgery (reliability F33): the name is looked up once, every address it has is judged, and
the connection goes to the very address that was judged; no redirect is followed, no proxy variable is read.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

CONNECT_SECONDS, TOTAL_SECONDS = 3.0, 10.0
MOST_ANSWER_BYTES = 64 * 1024
_PIECE = 16 * 1024  # bytes, one record of TLS: Python gives each of them the whole time-out again
_TUNNELS = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))


class Refused(Exception):
    """The address must not be called, whoever asks."""


class NotReached(Exception):
    """No connection came about: nothing was sent."""


class Lost(Exception):
    """The request left and no whole answer came back: it may have been acted on."""


@dataclass(frozen=True, slots=True)
class Target:
    """A judged address: where to connect, and what the URL said."""

    scheme: str
    host: str
    port: int
    path: str
    address: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    retry_after: float | None


def look_up(url: str) -> Target:
    """Judge an address. Raises `Refused` with the reason; `NotReached` when the name cannot be looked up now."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Refused("it is not an address") from None
    host = (parts.hostname or "").rstrip(".")
    if not host or any(character.isspace() or ord(character) < 32 for character in url):
        raise Refused("it is not an address")
    if parts.username is not None or parts.password is not None:
        raise Refused("it carries a user name")
    is_known = f"{host}:{port}" in settings.OUTBOUND_ALLOWED
    if parts.scheme != "https" and not (parts.scheme == "http" and is_known):
        raise Refused("only https is called")
    if port != 443 and not is_known:
        raise Refused(f"port {port} is not called")
    addresses = _addresses(host, port)
    for each in addresses:
        if not is_known and not _is_public(each):
            raise Refused("it leads into a private network")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, addresses[0])


@dataclass(frozen=True, slots=True)
class Host:
    """A judged server: the address to connect to, and whether the settings allow it although it is private."""

    address: str
    is_allowed: bool


def look_up_host(host: str, port: int, *, usual: tuple[int, ...]) -> Host:
    """Judge a server that is no web server, such as one for mail. Raises as `look_up` does."""
    host = host.rstrip(".")
    if not host or any(character.isspace() or ord(character) < 33 or character in "/@" for character in host):
        raise Refused("it is not an address")
    is_known = f"{host}:{port}" in settings.OUTBOUND_ALLOWED
    if port not in usual and not is_known:
        raise Refused(f"port {port} is not called")
    addresses = _addresses(host, port)
    if not is_known and not all(_is_public(each) for each in addresses):
        raise Refused("it leads into a private network")
    return Host(addresses[0], is_known)


def post(url: str, body: bytes, headers: dict[str, str], *, seconds: float | None = None) -> Answer:
    """POST and read the answer, in ten seconds in all; `seconds` for a large body. Raises `Refused`, `NotReached`, `Lost`."""
    deadline = time.monotonic() + (seconds or TOTAL_SECONDS)
    target = look_up(url)
    connection = http.client.HTTPConnection(target.host, target.port)
    try:
        wire = connection.sock = _connect(target)
    except (OSError, ssl.SSLError) as failure:
        raise NotReached(f"{type(failure).__name__}: {failure}") from failure
    try:
        wire.settimeout(_left(deadline))
        length = {"Content-Length": str(len(body)), "Connection": "close"}
        connection.request("POST", target.path, _in_pieces(body, wire, deadline), {**length, **headers})
        wire.settimeout(_left(deadline))
        response = connection.getresponse()
        answer = _read(response, wire, deadline)  # http.client lets go of its own reference once headers are read
        return Answer(response.status, answer, _seconds(response.headers.get("Retry-After")))
    except (OSError, http.client.HTTPException) as failure:
        raise Lost(f"{type(failure).__name__}: {failure}") from failure
    finally:
        connection.close()


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as failure:
        raise NotReached(f"{host} cannot be looked up: {failure}") from failure
    return [str(entry[4][0]) for entry in found]


def _is_public(address: str) -> bool:
    """Not ours, not the machine's, not the cloud's metadata, nor one of these in the clothes of IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif any(ip in net for net in _TUNNELS):
            return False
    return ip.is_global and not ip.is_multicast


def _connect(target: Target) -> socket.socket:
    wire = socket.create_connection((target.address, target.port), timeout=CONNECT_SECONDS)
    if target.scheme != "https":
        return wire
    try:
        # The certificate is checked against the name of the URL, not against the address.
        return ssl.create_default_context().wrap_socket(wire, server_hostname=target.host)
    except BaseException:
        wire.close()
        raise


def _in_pieces(body: bytes, wire: socket.socket, deadline: float) -> Iterator[bytes]:
    """However slowly they are taken, not beyond the deadline."""
    for start in range(0, len(body), _PIECE):
        wire.settimeout(_left(deadline))
        yield body[start : start + _PIECE]


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left


def _read(response: http.client.HTTPResponse, wire: socket.socket, deadline: float) -> bytes:
    """At most 64 KB, and not beyond the deadline however slowly it drips."""
    body = b""
    while len(body) < MOST_ANSWER_BYTES:
        left = _left(deadline)
        if wire.fileno() != -1:
            wire.settimeout(left)
        piece = response.read1(8192)
        if not piece:
            break
        body += piece
    return body[:MOST_ANSWER_BYTES]


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() else None
