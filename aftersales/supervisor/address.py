"""Opens the port before any child starts, and keeps it open while the web process is replaced."""

from __future__ import annotations

import errno
import socket

from aftersales.supervisor.refusal import CannotStart

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  named to be recognised
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket for gunicorn to inherit. Visitors who come while gunicorn restarts wait instead of failing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen(512)
    except OSError as error:
        opened.close()
        raise CannotStart(_why(error, host, port)) from None
    return opened


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program. Stop that one, or choose another port: make demo PORT={port + 1}"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than this account has. Choose one above 1023: make demo PORT=8000"
    return f"{host}:{port} cannot be opened: {error.strerror}."
