"""A real SMTP server in a thread, which takes mail, or fails at the point a test names."""

from __future__ import annotations

import socketserver
import threading
from dataclasses import dataclass, field


@dataclass
class Mails:
    """What the server took, and how it behaves: `answers` by command, `hang_up` before answering one."""

    taken: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    hang_up: str = ""  # "RCPT", "DATA" (before it is accepted) or "." (after the whole mail was received)
    features: tuple[str, ...] = ("8BITMIME",)


class _Handler(socketserver.StreamRequestHandler):
    server: SmtpDouble

    def handle(self) -> None:
        told = self.server.mails
        self._say(told.answers.get("CONNECT", "220 double"))
        while line := self.rfile.readline():
            verb = line.split(b":")[0].split()[0].decode().upper() if line.split() else ""
            told.commands.append(verb)
            if told.hang_up == verb:
                return
            if verb in told.answers:
                self._say(told.answers[verb])
            elif verb == "EHLO":
                lines = ["double", *told.features]
                for feature in lines[:-1]:
                    self._say(f"250-{feature}")
                self._say(f"250 {lines[-1]}")
            elif verb == "DATA":
                if not self._take(told):
                    return
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, told: Mails) -> bool:
        self._say("354 go on")
        body = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            body += line
        told.taken.append(body)
        if told.hang_up == ".":
            return False
        self._say(told.answers.get(".", "250 taken"))
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class SmtpDouble(socketserver.ThreadingTCPServer):
    """`with SmtpDouble() as double:` listens on `double.port` and keeps what came in `double.mails`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mails = Mails()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def server_close(self) -> None:
        self.shutdown()
        super().server_close()
