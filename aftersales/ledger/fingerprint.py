"""A hash of JSON-able content, the same for the same content in any order of keys. Used where a key guards content."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def fingerprint(content: Any) -> str:
    """SHA-256 in hex. What JSON does not know (dates, lazy texts) counts as its text."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
