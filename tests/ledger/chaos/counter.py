"""The far side: counts effects by key, and behaves as badly as real ones do."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Handler(BaseHTTPRequestHandler):
    server: FarSideCounter

    def do_POST(self) -> None:
        key, _, what = self.rfile.read(int(self.headers["Content-Length"])).decode().partition(" ")
        refused, lost = self.server.count(key, what)
        if lost:  # it happened, and nobody is told
            self.close_connection = True
            return
        self.send_response(503 if refused else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *told: object) -> None:
        """Quiet."""


class FarSideCounter(ThreadingHTTPServer):
    """`effects[key]` is when it happened first (epoch seconds); `calls[key]` how often it was asked, `told[key]` for what.

    5 % are refused, of 10 % the answer is lost.
    """

    daemon_threads = True

    def __init__(self, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.chance = random.Random(seed)
        self.lock = threading.Lock()
        self.effects: dict[str, float] = {}
        self.calls: Counter[str] = Counter()
        self.told: defaultdict[str, set[str]] = defaultdict(set)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def count(self, key: str, what: str = "") -> tuple[bool, bool]:
        """Whether this call is refused (nothing happens) or its answer is lost (it does happen)."""
        with self.lock:
            self.calls[key] += 1
            self.told[key].add(what)
            if self.chance.random() < 0.05:
                return True, False
            self.effects.setdefault(key, time.time())
            return False, self.chance.random() < 0.10
