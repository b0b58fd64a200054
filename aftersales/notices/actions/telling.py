"""Tell a person something: choose the channels, freeze the words, and promise the sending to the outbox.

Called by the `notices.py` of the apps above, which listen to events; so everything here shares the listener's
transaction and happens once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Model

from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.actor import Role
from aftersales.ledger import outbox
from aftersales.ledger.models import Event
from aftersales.ledger.subject import subject_of
from aftersales.notices import braces, caps, samples, wording
from aftersales.notices.actions.undelivered import let_know
from aftersales.notices.envelope import Envelope, box_for
from aftersales.notices.kinds import KINDS, Kind
from aftersales.notices.models import Notice, Preference, TemplateVersion
from aftersales.notices.recipients import Point, Recipient, recipient

log = structlog.get_logger()

CHANNEL_OF = {"email": Notice.Channel.EMAIL, "phone": Notice.Channel.SMS}


@transaction.atomic
def tell(
    person: Model, template: str, params: dict[str, Any], *, event: Event | None = None, key: str = "",
    envelope: Envelope | None = None,
) -> list[Notice]:  # fmt: skip
    """Tell one person, on the channels that fit them; returns the notices, none when they cannot be reached.

    `params` may hold aware datetimes, `Money`, `Opens`, texts and numbers; `kinds.KINDS` says which are needed. `event` is what
    happened; without one, `key` must name the occasion, so that saying it twice is saying it once. E-mail where there
    is an address, else SMS; a pressing notice goes both ways. `envelope`: what a mail carries besides.
    Raises `KeyError` for an unknown template and
    `ValueError` for a missing parameter.
    """
    kind = KINDS[template]
    if missing := kind.needs - set(params):
        raise ValueError(f"{template} needs {', '.join(sorted(missing))}.")
    occasion = str(event.pk) if event else key
    if not occasion:
        raise ValueError(f"{template} was told without an event and without a key.")
    reach = recipient(person)
    if reach is None:
        return []
    now = clock.now()
    envelope = envelope or Envelope()
    kind, kept = kind.in_case(params), wording.as_json(params)
    if kind.staff:
        return [_in_desk(person, kind, kept, reach, event, occasion, now)] if reach.in_app else []
    box = box_for(event.subject if event else None)
    if box.address:
        kept["answer_to"] = box.address
    envelope = replace(envelope, sender=envelope.sender or box.sender)
    points = points_of(person, kind, reach, envelope.prefer, offers_sms=bool(params.get(wording.OWN_SMS)))
    until = kind.useful_until(params, now)
    named = f"{occasion}:{kind.key}:{_name(person)}"
    return [
        send(
            person, kind, kept, reach, point, event=event, key=f"{CHANNEL_OF[point.kind]}:{named}", now=now,
            envelope=envelope, useful_until=until,
        )
        for point in points
    ]  # fmt: skip


def tell_staff(
    template: str,
    params: dict[str, Any],
    *,
    roles: Iterable[Role] = (),
    users: Iterable[User] = (),
    event: Event | None = None,
    key: str = "",
) -> list[Notice]:
    """Tell members of staff in the desk: those named, and everybody active in these roles."""
    people = {user.pk: user for user in users}
    wanted = list(roles)
    if wanted:
        people |= {user.pk: user for user in User.objects.filter(role__in=wanted, is_active=True)}
    return [notice for user in people.values() for notice in tell(user, template, params, event=event, key=key)]


def points_of(
    person: Model, kind: Kind, reach: Recipient, prefer: str = "", *, offers_sms: bool = False
) -> list[Point]:
    """Where it goes: one address, or an e-mail and an SMS if it is pressing, among the channels they have not refused.

    A service notice may carry a deadline, so it always goes out somewhere: who refused every channel gets the first. What is
    of the shop's own accord goes by SMS only while it is told (`offers_sms`), when the consent to that was asked for.
    """
    first = {point.kind: point for point in reversed(reach.points)}
    first |= {point.kind: point for point in reach.points if prefer and point.value == prefer}
    ways = (*kind.channels, "sms") if offers_sms else kind.channels
    ordered = [first[name] for name in ("email", "phone") if name in first and CHANNEL_OF[name] in ways]
    wanted = [point for point in ordered if _allowed(person, point, kind, reach)]
    if not wanted and not kind.marketing:
        wanted = ordered[:1]
    return wanted if kind.pressing else wanted[:1]


def may_go(person: Model, point: Point, kind: Kind, reach: Recipient) -> bool:
    """Whether a notice of this kind may still go to this address of theirs."""
    return _allowed(person, point, kind, reach) or point in points_of(person, kind, reach)


def _allowed(person: Model, point: Point, kind: Kind, reach: Recipient) -> bool:
    of_kind = Preference.Kind.MARKETING if kind.marketing else Preference.Kind.SERVICE
    return not refuses(person, reach, channel=CHANNEL_OF[point.kind], kind=of_kind)


def refuses(person: Model, reach: Recipient, *, channel: Notice.Channel, kind: Preference.Kind) -> bool:
    """Whether the last word of theirs, or of whoever may be the same, is a no. Nobody asked is no refusal."""
    choices = Preference.objects.filter(
        recipient_type=person._meta.label_lower, recipient_id__in=(person.pk, *reach.same), channel=channel, kind=kind
    )
    last = choices.order_by("-changed_at", "allowed").first()
    return last is not None and not last.allowed


def _in_desk(
    person: Model,
    kind: Kind,
    params: dict[str, Any],
    reach: Recipient,
    event: Event | None,
    occasion: str,
    now: dt.datetime,
) -> Notice:
    notice, _ = Notice.objects.get_or_create(
        key=f"inapp:{occasion}:{kind.key}:{_name(person)}",
        defaults={
            "channel": Notice.Channel.IN_APP,
            "template": kind.key,
            "locale": reach.locale,
            "params": params,
            "event": event,
            "state": Notice.State.SENT,
            "at": now,
            "sent_at": now,
            **_named(person, "recipient"),
            **_about(event),
        },
    )
    return notice


def send(
    person: Model,
    kind: Kind,
    params: dict[str, Any],
    reach: Recipient,
    point: Point,
    *,
    event: Event | None,
    key: str,
    now: dt.datetime,
    envelope: Envelope,
    useful_until: dt.datetime | None,
) -> Notice:
    """One notice to one address, in the caller's transaction; the same `key` again returns the one that is there."""
    channel = CHANNEL_OF[point.kind]
    held_back = caps.is_reached(point, now)
    notice, fresh = Notice.objects.get_or_create(
        key=key,
        defaults={
            "channel": channel,
            "template": kind.key,
            "locale": reach.locale,
            "params": params,
            "to_masked": point.masked,
            "to_sha256": point.sha256,
            "event": event,
            "state": Notice.State.CAPPED if held_back else Notice.State.PENDING,
            "at": now,
            **_named(person, "recipient"),
            **_about(event),
        },
    )
    if fresh and held_back:
        let_know(notice, at=now)
    elif fresh:
        # The words are frozen now: what is sent after an outage is what was true when it happened.
        words = words_of(kind, channel, reach.locale)
        payload = payload_of(channel, point, kind.key, params, reach.locale, now, envelope, words)
        notice.outbound = outbox.put(
            channel=channel, key=f"{channel}:notice:{notice.pk}", on=notice, payload=payload, topic=kind.key,
            useful_until=useful_until,
        )  # fmt: skip
        notice.version = version_of(words)
        notice.save(update_fields=["outbound", "version"])
    return notice


def payload_of(
    channel: str, point: Point, template: str, params: dict[str, Any], locale: str, now: dt.datetime,
    envelope: Envelope | None = None, words: TemplateVersion | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What the channel will send, in words: those of a manager where there are some, else the code's."""
    if channel == Notice.Channel.EMAIL:
        envelope = envelope or Envelope()
        mail = wording.mail(template, params, locale, now, words=words, leaves=True)
        headers = {"Reply-To": params["answer_to"]} if params.get("answer_to") else {}
        headers |= {"Auto-Submitted": "no"} if envelope.by_hand else {}
        return {
            "to": point.value, "subject": mail.subject, "text": mail.text, "html": mail.html,
            "headers": {**headers, **envelope.headers}, "files": list(envelope.files), "from": envelope.sender,
        }  # fmt: skip
    return {
        "to": point.value,
        "text": wording.sms(template, params, locale, now, words=words),
        "template": wording.sms_key(template, params),
        "locale": locale,
        "variables": wording.sms_variables(template, params, locale, now),
        "provider_code": words.provider_code if words else params.get(wording.OWN_SMS_CODE, ""),
        "order": braces.names_in(words.text if words else params.get(wording.OWN_SMS, "")),
    }


def words_of(kind: Kind, channel: str, locale: str) -> TemplateVersion | None:
    """A manager's words where they hold and still fit; None where the code's are said.

    Words that name what the code does not know any more would be sent with the name in its braces.
    """
    words = TemplateVersion.objects.holding(kind.key, channel, locale)
    if words is not None and not samples.still_fit(kind, channel, words.subject, words.text):
        log.error("notices.words_outdated", template=kind.key, channel=channel, locale=locale, version=words.number)
        return None
    return words


def version_of(words: TemplateVersion | None) -> int:
    """The number that a notice keeps of the words it was given; 0 for the code's."""
    return words.number or 0 if words else 0


def _named(thing: Model, prefix: str) -> dict[str, Any]:
    subject = subject_of(thing)
    return {f"{prefix}_type": subject["subject_type"], f"{prefix}_id": subject["subject_id"]}


def _about(event: Event | None) -> dict[str, Any]:
    return {"about_type": event.subject_type, "about_id": event.subject_id} if event else {}


def _name(person: Model) -> str:
    return f"{person._meta.label_lower}:{person.pk}"


def status_url(path: str) -> str:
    """The absolute address of one of our pages, from the settings and never from a request's Host header."""
    return f"{settings.SITE_URL}{path}"
