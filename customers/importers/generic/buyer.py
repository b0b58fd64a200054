"""Who bought and where it went, from the columns of the shop's own list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from customers.actions.contacts import canonical_email, canonical_phone
from customers.actions.importing.shapes import AddressFacts, BuyerFacts
from customers.importers.buyers import buyer_key
from customers.importers.cells import Row
from customers.importers.generic.columns import LANGUAGES
from customers.importers.problems import BadCell


def buyer_of(head: Row, number: str) -> BuyerFacts:
    phone_text, email_text = head.text("phone", 40), head.text("email", 254)
    phone, email = canonical_phone(phone_text), canonical_email(email_text)
    if phone_text and phone is None and "*" not in phone_text:
        raise BadCell("phone", _("“%(text)s” is not a phone number."), code="phone_unreadable", text=phone_text)
    if email_text and email is None and "*" not in email_text:
        raise BadCell("email", _("“%(text)s” is not an e-mail address."), code="email_unreadable", text=email_text[:80])
    language = head.text("language", 10).casefold()
    if language not in LANGUAGES:
        raise BadCell(
            "language",
            _("The language “%(text)s” is not known: write zh or en."),
            code="language_unknown",
            text=language,
        )
    nick = head.text("nick", 80, cut=True)
    return BuyerFacts(
        key=buyer_key(number=head.identifier("customer_id"), phone=phone, email=email, nick=nick, order=number),
        name=head.text("customer_name", 80) or head.text("recipient", 60),
        nick=nick,
        locale=LANGUAGES[language],
        phones=(phone,) if phone else (),
        emails=(email,) if email else (),
    )


def address_of(head: Row) -> AddressFacts | None:
    facts = AddressFacts(
        recipient=head.text("recipient", 60),
        phone=head.text("recipient_phone", 30) or head.text("phone", 30),
        country=head.text("country", 2).upper(),
        province=head.text("province", 40),
        city=head.text("city", 60),
        district=head.text("district", 60),
        line=head.text("address", 200),
        postcode=head.identifier("postcode", 12),
        is_masked="*" in head.text("address", 200),
    )
    return facts if facts.line or facts.city or facts.province else None
