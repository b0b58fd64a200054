"""A real IMAP server in a thread, with one mailbox, which fails where a test says so."""

from __future__ import annotations

import datetime as dt
import re
import socketserver
import threading
from dataclasses import dataclass, field


@dataclass
class Kept:
    """One mail on the server."""

    raw: bytes
    at: dt.datetime
    seen: bool = False


@dataclass
class Box:
    """What lies on the server, and how it behaves."""

    mails: dict[int, Kept] = field(default_factory=dict)
    validity: int = 1
    password: str = "secret"
    refuses: set[int] = field(default_factory=set)  # UIDs it has and does not hand over
    hangs_up_at: set[int] = field(default_factory=set)  # UIDs in the middle of whose bytes the line breaks, once
    wants_id: bool = False  # as NetEase's servers: no folder before the program has said its name
    fetched: list[int] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def put(self, raw: bytes, at: dt.datetime | None = None) -> int:
        """A mail arrives; returns its UID."""
        uid = max(self.mails, default=0) + 1
        self.mails[uid] = Kept(raw, at or dt.datetime.now(dt.UTC))
        return uid

    def renumber(self, validity: int) -> None:
        """The mailbox was restored: the same mails under other numbers."""
        self.mails = dict(enumerate(self.mails.values(), start=1001))
        self.validity = validity


class _Handler(socketserver.StreamRequestHandler):
    server: ImapDouble
    has_said_name = False

    def handle(self) -> None:
        self._say("* OK double")
        while line := self.rfile.readline():
            tag, _blank, command = line.decode("utf-8", "replace").strip().partition(" ")
            verb = command.split(" ")[0].upper()
            if verb == "UID":
                verb = "UID " + command.split(" ")[1].upper()
            self.server.box.commands.append(verb)
            if not self._answer(tag, verb, command):
                return

    def _answer(self, tag: str, verb: str, command: str) -> bool:
        box = self.server.box
        if verb == "LOGIN":
            ok = f'"{box.password}"' in command or command.endswith(f" {box.password}")
            self._say(f"{tag} OK in" if ok else f"{tag} NO [AUTHENTICATIONFAILED] wrong")
        elif verb == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1 ID")
            self._say(f"{tag} OK done")
        elif verb == "ID":
            self.has_said_name = True
            self._say("* ID NIL")
            self._say(f"{tag} OK done")
        elif verb in ("STATUS", "SELECT") and box.wants_id and not self.has_said_name:
            self._say(f"{tag} NO SELECT Unsafe Login. Please contact kefu@188.com for help")
        elif verb == "STATUS":
            self._say(f'* STATUS "INBOX" (UIDVALIDITY {box.validity})')
            self._say(f"{tag} OK done")
        elif verb == "SELECT":
            self._say(f"* {len(box.mails)} EXISTS")
            self._say(f"* OK [UIDVALIDITY {box.validity}] valid")
            self._say(f"{tag} OK [READ-WRITE]")
        elif verb == "UID SEARCH":
            self._say(f"* SEARCH {' '.join(map(str, self._found(command)))}".rstrip())
            self._say(f"{tag} OK done")
        elif verb == "UID FETCH":
            return self._fetch(tag, command)
        elif verb == "UID STORE":
            for uid in map(int, command.split(" ")[2].split(",")):
                if uid in box.mails:
                    box.mails[uid].seen = True
            self._say(f"{tag} OK done")
        elif verb == "LOGOUT":
            self._say("* BYE")
            self._say(f"{tag} OK done")
            return False
        else:
            self._say(f"{tag} BAD {verb}")
        return True

    def _found(self, command: str) -> list[int]:
        box = self.server.box
        if (asked := re.search(r"UID (\d+):\*", command)) is not None:
            first = int(asked[1])
            found = [uid for uid in sorted(box.mails) if uid >= first]
            return found or ([max(box.mails)] if box.mails else [])  # as the standard has it
        day = dt.datetime.strptime(command.split(" ")[-1], "%d-%b-%Y").date()
        return [uid for uid, mail in sorted(box.mails.items()) if mail.at.date() >= day]

    def _fetch(self, tag: str, command: str) -> bool:
        box = self.server.box
        parts = command.upper()
        for uid in map(int, command.split(" ")[2].split(",")):
            mail = box.mails.get(uid)
            if mail is None:
                continue
            if "BODY" not in parts:
                at = mail.at.astimezone(dt.UTC).strftime("%d-%b-%Y %H:%M:%S +0000")
                self._say(f'* {uid} FETCH (UID {uid} RFC822.SIZE {len(mail.raw)} INTERNALDATE "{at}")')
                continue
            if uid in box.refuses:
                self._say(f"{tag} NO [SERVERBUG] cannot read it")
                return True
            body = mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in parts else mail.raw
            self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(body)}}}\r\n".encode())
            if uid in box.hangs_up_at:
                box.hangs_up_at.discard(uid)
                self.wfile.write(body[: len(body) // 2])
                return False
            box.fetched.append(uid)
            self.wfile.write(body + b")\r\n")
        self._say(f"{tag} OK done")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class ImapDouble(socketserver.ThreadingTCPServer):
    """`with ImapDouble() as double:` listens on `double.port`; mails lie in `double.box`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.box = Box()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def server_close(self) -> None:
        self.shutdown()
        super().server_close()
