"""One mail as it was read: facts about it, none of them believed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Part:
    """A file that came with it. `body` is None where there were too many or it could not be read."""

    name: str
    content_type: str
    body: bytes | None
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """`message_id` is "" where there is none that could be one; `answers` are the Message-IDs it refers to, nearest first.

    `sender` is a canonical address or ""; `recipients` all addresses it was sent or delivered to, `copied` those in its Cc,
    canonical. `text` are the new words, `quoted` the history below them. `automatic` names the sign that a machine wrote
    it, or is "".
    """

    message_id: str = ""
    answers: tuple[str, ...] = ()
    sender: str = ""
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    quoted: str = ""
    parts: tuple[Part, ...] = ()
    left_out: int = 0  # files beyond the most that are looked at
    from_html: bool = False
    automatic: str = ""
    auth: str = ""  # the receiving server's own line about SPF, DKIM and DMARC
    bounce: Bounce | None = None
    problems: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a mail could not be delivered. `about` are the Message-IDs found in what it sends back."""

    about: tuple[str, ...]
    status: str  # such as 5.1.1, or ""
    failed: bool  # False: only delayed, or delivered
