"""The words of notices, written by managers: draft, test to oneself, publish, back to an earlier version.

Called by the office. What is published is never changed; version 0 is what the code says.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger import outbox
from aftersales.ledger.record import record
from aftersales.notices import braces, caps, gateways, samples, sms_rules, wording
from aftersales.notices.kinds import KINDS, Kind
from aftersales.notices.models import Notice, TemplateVersion
from aftersales.notices.recipients import Point

LONGEST = 2000
LONGEST_SUBJECT = 60


class NothingToPublish(Conflict):
    code = "template_no_draft"
    sentence = _("There is no draft. Write one first.")


@transaction.atomic
def save_draft(
    template: str, channel: str, locale: str, *, text: str, actor: Actor, subject: str = ""
) -> TemplateVersion:
    """Keep words as the draft of their text; the same again changes nothing. What could not be sent is refused now.

    Raises `BadInput` with the name of a variable nobody knows, and with the carrier's rule an SMS breaks.
    """
    check(actor, "template.change")
    kind = _kind(template, channel, locale)
    words = {"text": _clean(text), "subject": " ".join(subject.split())}
    judge(kind, channel, locale, **words)
    draft = _draft(template, channel, locale)
    if draft is not None and (draft.text, draft.subject) == (words["text"], words["subject"]):
        return draft
    draft = draft or TemplateVersion(template=template, channel=channel, locale=locale)
    draft.text, draft.subject = words["text"], words["subject"]
    draft.saved_at, draft.saved_by_id, draft.tested_at = clock.now(), actor.id, None
    draft.save()
    record("template.saved", on=draft, actor=actor, at=draft.saved_at, name=template, channel=channel, locale=locale)
    return draft


@transaction.atomic
def publish_draft(
    template: str, channel: str, locale: str, *, actor: Actor, provider_code: str = ""
) -> TemplateVersion:
    """Let the draft hold from now on, under the next number. Notices that wait keep the words they were given.

    An SMS that a carrier really sends needs the number under which the carrier has registered this very text.
    """
    check(actor, "template.change")
    kind = _kind(template, channel, locale)
    draft = _draft(template, channel, locale)
    if draft is None:
        raise NothingToPublish
    judge(kind, channel, locale, text=draft.text, subject=draft.subject)
    code = provider_code.strip()
    if channel == "sms" and gateways.current().really_sends and not code:
        raise BadInput(
            _("Enter the number under which the carrier has registered this text; it sends nothing else."),
            field="provider_code",
        )
    return _publish(draft, code, actor)


@transaction.atomic
def restore(template: str, channel: str, locale: str, number: int, *, actor: Actor) -> TemplateVersion | None:
    """Let an earlier version hold again, as a new one; 0 is what the code says. The one that holds changes nothing."""
    check(actor, "template.change")
    _kind(template, channel, locale)
    rows = TemplateVersion.objects.select_for_update().of(template, channel, locale).published()
    newest: TemplateVersion | None = rows.first()
    if newest is None and number == 0:
        return None
    earlier = rows.filter(number=number).first()
    if number and earlier is None:
        raise NotFound
    again = TemplateVersion(template=template, channel=channel, locale=locale)
    if earlier is not None:
        again.subject, again.text, again.provider_code = earlier.subject, earlier.text, earlier.provider_code
    if newest is not None and (newest.text, newest.subject) == (again.text, again.subject):
        return newest
    again.saved_at, again.saved_by_id = clock.now(), actor.id
    return _publish(again, again.provider_code, actor)


@transaction.atomic
def send_test(template: str, channel: str, locale: str, *, actor: Actor) -> Notice:
    """Send the draft, filled with sample values, to one's own e-mail address; an SMS as the words that a phone would show.

    Once for each saving of the draft; limited like every mail to one address.
    """
    check(actor, "template.change")
    _kind(template, channel, locale)
    draft = _draft(template, channel, locale)
    if draft is None:
        raise NothingToPublish
    user = User.objects.get(pk=actor.id or 0)
    now = clock.now()
    point = Point("email", user.email, f"{user.email[:1]}***@{user.email.partition('@')[2]}")
    if caps.is_reached(point, now):
        raise Conflict(_("You have had too many mails today. Try again tomorrow."), code="template_test_capped")
    params = wording.as_json(samples.sample(template, locale, now))
    notice, fresh = Notice.objects.get_or_create(
        key=f"email:test:{draft.pk}:{draft.saved_at.isoformat()}",
        defaults={
            "channel": Notice.Channel.EMAIL, "template": template, "locale": locale, "params": params,
            "recipient_type": "accounts.user", "recipient_id": user.pk, "to_masked": point.masked,
            "to_sha256": point.sha256, "at": now,
        },
    )  # fmt: skip
    if not fresh:
        return notice
    if channel == "email":
        mail = wording.mail(template, params, locale, now, words=draft)
    else:
        said = wording.sms(template, params, locale, now, words=draft)
        mail = wording.Mail(str(_("An SMS as it would be read")), said + "\n", "")
    payload = {
        "to": user.email,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "headers": {},
        "files": [],
    }
    notice.outbound = outbox.put(
        channel="email", key=f"email:notice:{notice.pk}", on=notice, payload=payload, topic=template
    )
    notice.save(update_fields=["outbound"])
    draft.tested_at = now
    draft.save(update_fields=["tested_at"])
    record("template.tested", on=draft, actor=actor, at=now, name=template, channel=channel, locale=locale)
    return notice


def judge(kind: Kind, channel: str, locale: str, *, text: str, subject: str) -> None:
    """Raise `BadInput` for the first thing because of which these words could not be sent."""
    known, now = samples.variables(kind, channel), clock.now()
    for field, words in (("subject", subject), ("text", text)):
        for name in braces.names_in(words):
            if name not in known:
                raise BadInput(
                    _("There is no variable {%(name)s}. Known are: %(known)s."), field=field, code="unknown_variable",
                    name=name[:40], known=", ".join(f"{{{each}}}" for each in known),
                )  # fmt: skip
    for name in samples.required(kind, channel):
        if name not in braces.names_in(text):
            raise BadInput(_("{%(name)s} must stand in the text: the notice is sent for it."), field="text", name=name)
    params = wording.as_json(samples.sample(kind.key, locale, now))
    draft = TemplateVersion(text=text, subject=subject)
    if channel == "email":
        length = len(wording.mail(kind.key, params, locale, now, words=draft).subject)
        if not subject or length > LONGEST_SUBJECT:
            raise BadInput(_("A subject has 1 to %(most)s characters; this has %(length)s."), field="subject",
                           most=LONGEST_SUBJECT, length=length)  # fmt: skip
        return
    try:
        sms_rules.check_template(text)
        said = wording.sms(kind.key, params, locale, now, words=draft)
        sms_rules.check(said, wording.sms_variables(kind.key, params, locale, now))
    except sms_rules.NotAllowed as rule:
        raise BadInput(
            _("The carrier would refuse this: %(why)s"), field="text", code="sms_rule", why=rule.told()
        ) from rule


def _draft(template: str, channel: str, locale: str) -> TemplateVersion | None:
    """The draft of a text, locked."""
    rows = TemplateVersion.objects.select_for_update().of(template, channel, locale)
    found: TemplateVersion | None = rows.filter(number=None).first()
    return found


def _publish(version: TemplateVersion, code: str, actor: Actor) -> TemplateVersion:
    rows = TemplateVersion.objects.of(version.template, version.channel, version.locale)
    version.number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    version.provider_code, version.published_at = code, clock.now()
    version.save()
    record(
        "template.published", on=version, actor=actor, at=version.published_at, name=version.template,
        channel=version.channel, locale=version.locale, version=version.number,
    )  # fmt: skip
    return version


def _kind(template: str, channel: str, locale: str) -> Kind:
    kind = KINDS.get(template)
    if kind is None or samples.is_fixed(kind) or channel not in TemplateVersion.Channel.values or locale not in LOCALES:
        raise NotFound
    return kind


LOCALES = ("zh-hans", "en")


def _clean(text: str) -> str:
    plain = text.replace("\r\n", "\n").strip()
    if not plain:
        raise BadInput(_("Please write something first."), field="text", code="empty")
    if len(plain) > LONGEST:
        raise BadInput(_("The text has %(length)s characters; %(longest)s are the most."), field="text",
                       length=len(plain), longest=LONGEST)  # fmt: skip
    return plain
