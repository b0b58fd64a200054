"""Every message to a customer stands on their page with its state: queued, sent, possibly sent, failed and why."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from aftersales.kernel import clock
from aftersales.notices import tell
from aftersales.notices.models import Notice
from tests.world import a_person, a_review, an_order

Sit = Callable[..., Client]


def test_the_states_are_told_in_words(sit: Sit) -> None:
    person = a_person()
    base = {"ref": "R-7K2MQX94D", "order_number": "42", "status_url": ""}
    for state, error in (("", ""), ("sent", ""), ("unknown", ""), ("failed", "The SMS gateway refused (isv.BLACK).")):
        (notice,) = tell(person, "return.withdrawn", base, key=state or "queued")
        if state:
            Notice.objects.filter(pk=notice.pk).update(state=state, error=error, sent_at=clock.now())
    page = sit().get(f"/desk/people/{person.ref}/").content.decode()
    for words in ("queued", "sent", "possibly sent", "not sent", "isv.BLACK", "Your request R-7K2MQX94D is withdrawn"):
        assert words in page, words
    assert "lin.mei@example.org" not in page, "addresses are masked"


def test_their_reviews_stand_there_too(sit: Sit) -> None:
    order = an_order()
    review = a_review(order)
    page = sit().get(f"/desk/people/{order.person.ref}/").content.decode()
    assert f"/desk/reviews/{review.ref}/" in page
