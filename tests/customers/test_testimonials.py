"""Words of customers: only of who agrees to being quoted, without private data, and not used one moment longer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from aftersales.kernel.errors import BadInput, NotPermitted
from aftersales.ledger.models import Event
from aftersales.notices.models import Notice
from customers import models
from customers.actions import testimonials
from customers.actions.consents import give_consent, withdraw_consent
from customers.actions.reviews.refusals import PrivateReply
from customers.models import Person
from tests.world import a_person, an_order, member, staff

pytestmark = pytest.mark.django_db


def who_agrees() -> Person:
    person = a_person()
    give_consent(person.pk, purpose="quoted", proof="聊天：可以引用", actor=staff())
    return person


def words_of(person: Person, text: str = "用了三年还像新的一样", role: str = "agent") -> models.Testimonial:
    return testimonials.keep_testimonial(
        person.pk, text=text, shown_as="杭州的林女士", source="11 月 1 日聊天", actor=staff(role)
    )


def events() -> list[str]:
    told = Event.objects.filter(name__startswith="testimonial.").order_by("id")
    return list(told.values_list("name", flat=True))


def test_only_of_who_agreed_and_the_same_words_are_kept_once() -> None:
    person = a_person()
    with pytest.raises(testimonials.QuotingNotAgreed):
        words_of(person)
    give_consent(person.pk, purpose="quoted", proof="聊天", actor=staff())
    assert words_of(person) == words_of(person)
    with pytest.raises(NotPermitted):
        words_of(person, "又一句", role="auditor")
    assert events() == ["testimonial.kept"]


@pytest.mark.parametrize(
    "text", ["打我电话 13812345678 问我就行", "加我微信 linmei2020", "住在文三路 12 号 3 幢 501 室"]
)
def test_words_that_hold_what_is_private_are_refused(text: str) -> None:
    with pytest.raises(PrivateReply):
        words_of(who_agrees(), text)
    assert not models.Testimonial.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "林梅说很好用",
        "林女士：客服很耐心",
        "在余杭区收到的，很快",
        "仓前路 1 号都能送到",
        "单号 20269999000011112222 那台很好",
    ],
)
def test_what_the_archive_knows_of_the_customer_is_found_as_in_a_reply_to_a_review(text: str) -> None:
    person = who_agrees()
    models.Address.objects.create(person=person, recipient="林梅", city="杭州市", district="余杭区", line="仓前路 1 号")
    an_order(person=person, number="20269999000011112222")
    with pytest.raises(PrivateReply) as refused:
        words_of(person, text)
    assert refused.value.field == "text"
    assert not models.Testimonial.objects.exists()


@pytest.mark.parametrize("named", ["林女士 13800000001", "lin.mei@example.org", "杭州仓前路 1 号的林女士"])
def test_what_stands_under_the_words_is_a_name_and_nothing_more(named: str) -> None:
    person = who_agrees()
    models.Address.objects.create(person=person, city="杭州市", district="余杭区", line="仓前路 1 号")
    with pytest.raises(PrivateReply) as refused:
        testimonials.keep_testimonial(person.pk, text="很好用", shown_as=named, source="聊天", actor=staff())
    assert refused.value.field == "shown_as"
    assert words_of(person).shown_as == "杭州的林女士"


@pytest.mark.parametrize("place", ["林梅的朋友圈", "寄给 lin.mei@example.org 的样册", "13800000001 的相册"])
def test_where_they_stand_names_nobody(place: str) -> None:
    kept = words_of(who_agrees())
    with pytest.raises(PrivateReply) as refused:
        testimonials.publish_testimonial(kept.pk, place=place, actor=staff("lead"))
    assert refused.value.field == "place"
    shown = "https://item.taobao.com/item.htm?id=678912345678"
    assert testimonials.publish_testimonial(kept.pk, place=shown, actor=staff("lead")).place == shown


def test_a_lead_publishes_once_and_a_withdrawal_ends_all_words_and_tells_where_they_stand(
    drain: Callable[[], int],
) -> None:
    person, lead = who_agrees(), member("lead")
    public, kept = words_of(person), words_of(person, "客服很耐心")
    with pytest.raises(NotPermitted):
        testimonials.publish_testimonial(public.pk, place="店铺首页", actor=staff())
    with pytest.raises(BadInput):
        testimonials.publish_testimonial(public.pk, place=" ", actor=staff("lead"))
    for _twice in range(2):
        testimonials.publish_testimonial(public.pk, place="店铺首页", actor=staff("lead"))
    withdraw_consent(person.pk, purpose="quoted", proof="来电", actor=staff())
    assert set(models.Testimonial.objects.values_list("state", "text")) == {("ended", "")}
    assert {str(each) for each in models.Testimonial.objects.all()} == {"–"}
    drain()
    told = Notice.objects.get(template="testimonial.ended", recipient_id=lead.pk)
    assert told.params["text"] == "店铺首页"
    with pytest.raises(testimonials.TestimonialEnded):
        testimonials.publish_testimonial(kept.pk, place="店铺首页", actor=staff("lead"))
    assert "三年" not in str(list(Event.objects.values("data"))), "events hold no word of what may not be used any more"
    assert events() == ["testimonial.kept"] * 2 + ["testimonial.published"] + ["testimonial.ended"] * 2


def test_another_consent_withdrawn_ends_no_words_and_ending_happens_once() -> None:
    person = who_agrees()
    give_consent(person.pk, purpose="news", proof="聊天", actor=staff())
    words = words_of(person)
    withdraw_consent(person.pk, purpose="news", proof="来电", actor=staff())
    words.refresh_from_db()
    assert words.state == "kept"
    for _twice in range(2):
        assert testimonials.end_testimonial(words.pk, actor=staff()).state == "ended"
    assert events() == ["testimonial.kept", "testimonial.ended"]


def test_the_consent_is_asked_for_again_before_publishing() -> None:
    person = who_agrees()
    words = words_of(person)
    person.consents.all().delete()
    with pytest.raises(testimonials.QuotingNotAgreed):
        testimonials.publish_testimonial(words.pk, place="店铺首页", actor=staff("lead"))


def test_from_the_customers_page_to_the_list_of_the_office() -> None:
    person, stranger = who_agrees(), a_person("路人", "+8613900000000", "nobody@shop.example")
    client = Client(headers={"accept-language": "en"})
    client.force_login(member("lead"))
    assert (
        f"/desk/people/{stranger.ref}/testimonial/" not in client.get(f"/desk/people/{stranger.ref}/").content.decode()
    )
    typed = {"text": "很好用", "shown_as": "林女士", "source": "chat"}
    assert client.post(f"/desk/people/{person.ref}/testimonial/", typed).status_code == 302
    words = models.Testimonial.objects.get()
    assert "很好用" in client.get(f"/desk/people/{person.ref}/").content.decode()
    assert client.post(f"/desk/testimonials/{words.pk}/publication/", {"place": "Home page"}).status_code == 302
    assert person.ref in client.get("/office/customers/testimonial/?state__exact=published").content.decode()
    assert client.post(f"/desk/testimonials/{words.pk}/ending/").status_code == 302
    words.refresh_from_db()
    assert words.state == "ended"


def test_words_that_were_ended_by_hand_go_when_the_consent_does() -> None:
    """Until then a lead still reads what is to be taken down."""
    person = who_agrees()
    ended = testimonials.end_testimonial(words_of(person).pk, actor=staff("lead"))
    assert ended.text
    withdraw_consent(person.pk, purpose="quoted", proof="来电", actor=staff())
    ended.refresh_from_db()
    assert ended.text == ""
