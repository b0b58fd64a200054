"""By which channels a customer does not want to hear of what: what may be refused, in words, and what is refused now."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.prepared import prepared
from aftersales.notices.models import Notice, Preference
from customers.models import Person

Channel, Kind = Notice.Channel, Preference.Kind
Row = tuple[str, str]

# SMS of our own accord have no row: they need a consent of their own (`Purpose.SMS`), and taking it back is the refusal.
CHOICES: dict[str, tuple[Notice.Channel, Preference.Kind, str | Promise]] = {
    "email": (Channel.EMAIL, Kind.SERVICE, _("E-mail about orders and requests")),
    "sms": (Channel.SMS, Kind.SERVICE, _("SMS about orders and requests")),
    "email-news": (Channel.EMAIL, Kind.MARKETING, _("E-mail of our own accord: greetings, reminders, news")),
}


@prepared
def refused_by(*, person: int) -> QuerySet[Preference, Row]:
    """Channels and kinds that the person refuses."""
    rows = Preference.objects.filter(recipient_type=Person._meta.label_lower, recipient_id=person, allowed=False)
    return rows.values_list("channel", "kind")


def refused_among(rows: Iterable[Row]) -> set[str]:
    """The keys of `CHOICES` that these refuse."""
    refused = set(rows)
    return {key for key, (channel, kind, _words) in CHOICES.items() if (channel.value, kind.value) in refused}


def words_of(keys: set[str]) -> list[str]:
    """As the customer's page says them, in the order of the table."""
    return [str(words) for key, (_channel, _kind, words) in CHOICES.items() if key in keys]
