"""A thousand mails nobody would wish to get, made from a seed, each with the place where it must end up."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.mail.conftest import SERVICE, letter

TICKET, NEW, WAITS, ASIDE = "ticket", "new", "waits", "aside"
LARGE = 300_000  # bytes above which the test's account takes the header only


@dataclass(frozen=True)
class Sent:
    """One mail: `token` stands in its words; `end` says where it belongs, `who` whose ticket it is."""

    raw: bytes
    token: str
    end: str
    who: int = -1


@dataclass
class Sender:
    """A customer with a ticket, a Message-ID of ours that only they got, and mails they have sent."""

    address: str
    ref: str
    ours: str
    ids: list[str] = field(default_factory=list)


Maker = Callable[["Post", str, int], Sent]


class Post:
    def __init__(self, senders: list[Sender], seed: int) -> None:
        self.senders, self.chance = senders, random.Random(seed)

    def mails(self, count: int) -> Iterator[Sent]:
        """Every kind in turn, from changing senders, in an order that the seed decides."""
        made = []
        for number in range(count):
            kind = KINDS[number % len(KINDS)]
            made.append(kind(self, f"tok{number:05d}x", number % len(self.senders)))
        self.chance.shuffle(made)
        yield from made

    def of(self, who: int) -> Sender:
        return self.senders[who]

    def noise(self, size: int) -> bytes:
        return self.chance.randbytes(size)


def answer(post: Post, token: str, who: int) -> Sent:
    return Sent(letter(token, sender=post.of(who).address, In_Reply_To=post.of(who).ours), token, TICKET, who)


def answer_from_elsewhere(post: Post, token: str, who: int) -> Sent:
    refs = f"<a@b.example> {post.of(who).ours} <c@d.example>"
    return Sent(letter(token, sender=f"{token}@else.example", References=refs), token, TICKET, who)


def forged_answer(post: Post, token: str, who: int) -> Sent:
    ours = post.of(who).ours
    return Sent(
        letter(token, sender="evil@forger.example", In_Reply_To=ours[:-30] + "0" * 8 + ours[-22:]), token, WAITS
    )


def reference_of_own(post: Post, token: str, who: int) -> Sent:
    return Sent(
        letter(token, sender=post.of(who).address, subject=f"回复：{post.of(who).ref} 谢谢"), token, TICKET, who
    )


def reference_of_another(post: Post, token: str, who: int) -> Sent:
    return Sent(letter(token, sender=f"{token}@nosy.example", subject=f"Re: {post.of(who).ref}"), token, WAITS)


def no_id(post: Post, token: str, who: int) -> Sent:
    return Sent(letter(token, sender=post.of(who).address, subject="退款"), token, NEW, who)


def empty_id(post: Post, token: str, who: int) -> Sent:
    raw = letter(token, sender=post.of(who).address, subject="退款")
    return Sent(
        raw.replace(b"Subject:", b"Message-ID: <>\r\nIn-Reply-To: <>\r\nReferences: \r\nSubject:"), token, NEW, who
    )


def same_id_other_words(post: Post, token: str, who: int) -> Sent:
    return Sent(letter(token, sender=post.of(who).address, message_id="<same@everywhere.example>"), token, NEW, who)


def stranger(post: Post, token: str, who: int) -> Sent:
    return Sent(letter(token, sender=f"{token}@nobody.example", subject="退款"), token, WAITS)


def auto_reply(post: Post, token: str, who: int) -> Sent:
    name, value = post.chance.choice(
        [("Auto-Submitted", "auto-replied"), ("Precedence", "bulk"), ("X-Autoreply", "yes"), ("Return-Path", "<>")]
    )
    return Sent(
        letter(token, sender=post.of(who).address, In_Reply_To=post.of(who).ours, **{name: value}), token, ASIDE
    )


def our_own(post: Post, token: str, who: int) -> Sent:
    return Sent(letter(token, sender=post.of(who).address, message_id=post.of(who).ours), token, ASIDE)


def our_address(post: Post, token: str, who: int) -> Sent:
    return Sent(letter(token, sender=f"客服 <{SERVICE}>"), token, WAITS)


def stray_bounce(post: Post, token: str, who: int) -> Sent:
    raw = letter(token, sender="MAILER-DAEMON@mx.example", subject="Undelivered", References="<who@knows.example>")
    return Sent(raw, token, WAITS)


def cut_off(post: Post, token: str, who: int) -> Sent:
    head = f"From: {post.of(who).address}\r\nContent-Type: multipart/mixed; boundary=zz\r\n\r\n"
    head += f"--zz\r\nContent-Type: text/plain\r\n\r\n{token}"
    return Sent(head.encode(), token, NEW, who)


def no_boundary(post: Post, token: str, who: int) -> Sent:
    head = f"From: {post.of(who).address}\r\nSubject: {token}\r\nContent-Type: multipart/alternative\r\n\r\n{token}\r\n"
    return Sent(head.encode(), token, NEW, who)


def bad_base64(post: Post, token: str, who: int) -> Sent:
    head = f"From: {post.of(who).address}\r\nSubject: {token}\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!{'%' * 7}=\r\n"
    return Sent(head.encode(), token, NEW, who)


def mislabelled(post: Post, token: str, who: int) -> Sent:
    label = post.chance.choice(["gb2312", "iso-8859-1", "us-ascii", "utf-8", "x-unknown", "rot13", "\x00"])
    head = f"From: {post.of(who).address}\r\nContent-Type: text/plain; charset={label}\r\n\r\n"
    return Sent(head.encode() + f"{token} 退货地址在哪里㐂？".encode("gb18030"), token, NEW, who)


def html_only(post: Post, token: str, who: int) -> Sent:
    page = f"<html><style>p{{}}</style><script>alert('{token}')</script><p onclick=x>{token}<img src=x onerror=y></p>"
    head = f"From: {post.of(who).address}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    return Sent(head.encode() + page.encode(), token, NEW, who)


def deep_html(post: Post, token: str, who: int) -> Sent:
    head = f"From: {post.of(who).address}\r\nContent-Type: text/html\r\n\r\n"
    return Sent(head.encode() + b"<div>" * 5_000 + token.encode(), token, NEW, who)


def winmail(post: Post, token: str, who: int) -> Sent:
    body = base64.b64encode(post.noise(300)).decode()
    head = (
        f"From: {post.of(who).address}\r\nSubject: {token}\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n"
    )
    head += f"Content-Transfer-Encoding: base64\r\n\r\n{body}"
    return Sent(head.encode(), token, NEW, who)


def many_files(post: Post, token: str, who: int) -> Sent:
    part = "--zz\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment\r\n\r\n%PDF\r\n"
    head = f"From: {post.of(who).address}\r\nContent-Type: multipart/mixed; boundary=zz\r\n\r\n--zz\r\n\r\n{token}\r\n"
    return Sent(head.encode() + part.encode() * post.chance.choice([1, 30, 1000]) + b"--zz--", token, NEW, who)


def nested(post: Post, token: str, who: int) -> Sent:
    levels = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1_500))
    return Sent(f"From: {post.of(who).address}\r\nSubject: {token}\r\n".encode() + levels, "", WAITS)


def huge_header(post: Post, token: str, who: int) -> Sent:
    head = f"From: {post.of(who).address}\r\nSubject: {token} {'=?utf-8?q?a?= ' * 2_000}\r\nReferences: {'<a@b> ' * 3_000}\r\n"
    return Sent(head.encode() + b"X-A: y\r\n" * 2_000 + b"\r\n" + token.encode(), token, NEW, who)


def garbage(post: Post, token: str, who: int) -> Sent:
    return Sent(post.noise(post.chance.randrange(1, 3_000)) + token.encode(), "", WAITS)


def nothing(post: Post, token: str, who: int) -> Sent:
    return Sent(b"\r\n" * post.chance.randrange(1, 400), "", WAITS)


def nul_bytes(post: Post, token: str, who: int) -> Sent:
    head = f"From: {post.of(who).address}\r\nSubject: \x00\x01{token}\x1b\r\n\r\n\x00{token}\x00\x07"
    return Sent(head.encode(), token, NEW, who)


def eight_bit_ids(post: Post, token: str, who: int) -> Sent:
    raw = letter(token, sender=post.of(who).address, message_id="<ab.c@x.example>", References="<de.f@x.example>")
    return Sent(raw.replace(b"<ab.c", b"<ab\xe9c").replace(b"<de.f", b"<de\xff\xc3f"), token, NEW, who)


def two_senders(post: Post, token: str, who: int) -> Sent:
    return Sent(letter(token, sender=f"{post.of(who).address}, evil@forger.example"), token, WAITS)


def evil_sender(post: Post, token: str, who: int) -> Sent:
    raw = letter(token, sender="x@y.example")
    return Sent(raw.replace(b"x@y.example", b"\xff\x00\xfe@\xe2\x80\xae.example"), token, WAITS)


def too_large(post: Post, token: str, who: int) -> Sent:
    return Sent(letter(sender=post.of(who).address, subject=token) + b"A" * LARGE, "", WAITS)


def very_long(post: Post, token: str, who: int) -> Sent:
    return Sent(letter(f"{token} " + "长" * 30_000, sender=post.of(who).address), token, NEW, who)


KINDS: tuple[Maker, ...] = (
    answer, answer_from_elsewhere, forged_answer, reference_of_own, reference_of_another, no_id, empty_id,
    same_id_other_words, stranger, auto_reply, our_own, our_address, stray_bounce, cut_off, no_boundary, bad_base64,
    mislabelled, html_only, deep_html, winmail, many_files, nested, huge_header, garbage, nothing, nul_bytes,
    eight_bit_ids,
    two_senders, evil_sender, too_large, very_long,
)  # fmt: skip
