"""What somebody has begun: only sending it uses it up, and it goes along when its ticket is merged."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from aftersales.accounts.models import Team
from aftersales.files.actions.attaching import attach_all
from aftersales.files.models import Attachment
from tests.world import an_order, customer, staff
from tickets.actions.batches import open_batch, reply_to_all
from tickets.actions.bulk.running import do_some, start_bulk
from tickets.actions.conversation import note, reply, save_draft, undo
from tickets.actions.merging import merge_tickets
from tickets.actions.phrases import Brought, save_phrase
from tickets.actions.questions import ask_question
from tickets.models import Draft, Message, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def ticket() -> Ticket:
    order = an_order()
    return ask_question(order.pk, text="Where is my parcel?", actor=customer(order))


def begun(ticket: Ticket, text: str = "Dear Ms Lin, we", *, internal: bool = False, photos: int = 1) -> Draft:
    """What an agent has typed so far, with photos."""
    draft = save_draft(ticket.pk, text=text, internal=internal, actor=staff(), has_files=True)
    assert draft is not None
    attach_all([a_photo() for _each in range(photos)], on=draft, actor=staff())
    return draft


def a_photo() -> SimpleUploadedFile:
    body = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(body, "JPEG")
    return SimpleUploadedFile("cup.jpg", body.getvalue(), "image/jpeg")


def answered_all(ticket: Ticket) -> None:
    problem = open_batch(ticket.pk, title="Lot 7", about="lot", actor=staff())
    run = reply_to_all(problem.pk, text="We look into it.", key="page-1", actor=staff())
    do_some(run.pk)


def in_bulk(ticket: Ticket) -> None:
    run = start_bulk("reply", {"text": "We look into it."}, [ticket.pk], key="k", actor=staff())
    do_some(run.pk, most=10)


def by_a_phrase_in_bulk(ticket: Ticket) -> None:
    phrase = save_phrase(None, actor=staff("lead"), key="looking", title_zh="正在核查", text_zh="我们正在核查。")
    do_some(start_bulk("phrase", {"phrase": phrase.pk}, [ticket.pk], key="k", actor=staff()).pk, most=10)


def through_the_api(ticket: Ticket) -> None:
    reply(ticket.pk, text="We look into it.", actor=staff())


@pytest.mark.parametrize("say", [answered_all, in_bulk, by_a_phrase_in_bulk, through_the_api])
def test_other_words_of_its_author_leave_it_alone_and_never_take_its_files(
    ticket: Ticket, say: Callable[[Ticket], None]
) -> None:
    draft = begun(ticket)
    say(ticket)
    message = Message.objects.get(by="staff")
    assert Draft.objects.get().text == "Dear Ms Lin, we"
    assert Attachment.objects.of(draft).count() == 1
    assert not Attachment.objects.of(message).exists()


def test_the_note_of_a_step_leaves_the_note_one_has_begun(ticket: Ticket) -> None:
    draft = begun(ticket, "She rang and", internal=True)
    reply(ticket.pk, text="Hello", actor=staff(), steps=[["note", "rang the warehouse"]], from_draft=True)
    assert Message.objects.get(internal=True).text == "rang the warehouse"
    assert Draft.objects.get() == draft
    assert Attachment.objects.of(draft).count() == 1


@pytest.mark.parametrize("say", [reply, note])
def test_sent_it_has_become_the_message_files_and_all(ticket: Ticket, say: Callable[..., Message]) -> None:
    begun(ticket, internal=say is note)
    message = say(ticket.pk, text="Dear Ms Lin, we look into it.", actor=staff(), from_draft=True)
    assert not Draft.objects.exists()
    assert Attachment.objects.of(message).count() == 1


@pytest.fixture
def twin(ticket: Ticket) -> Ticket:
    """Another question of the same customer."""
    assert ticket.order is not None
    return ask_question(ticket.order.pk, text="And the invoice?", actor=customer(ticket.order))


def test_what_was_begun_goes_on_where_a_merged_ticket_goes_on(ticket: Ticket, twin: Ticket) -> None:
    begun(ticket, "She rang and", internal=True)
    begun(ticket)
    merge_tickets(ticket.pk, twin.pk, actor=staff("lead"))
    drafts = Draft.objects.order_by("internal")
    assert [(draft.ticket, draft.text, draft.user_id) for draft in drafts] == [
        (twin, "Dear Ms Lin, we", staff().id),
        (twin, "She rang and", staff().id),
    ]
    assert [Attachment.objects.of(draft).count() for draft in drafts] == [1, 1]


def test_what_was_begun_stays_with_whom_the_other_ticket_is_closed_to(ticket: Ticket, twin: Ticket) -> None:
    begun(ticket)
    Ticket.objects.filter(pk=twin.pk).update(team=Team.objects.create(name="甲组", is_closed=True))
    merge_tickets(ticket.pk, twin.pk, actor=staff("lead"))
    assert Draft.objects.get().ticket == ticket


def test_it_stands_behind_what_the_same_person_has_begun_there(ticket: Ticket, twin: Ticket, settings: Any) -> None:
    begun(ticket, photos=2)
    there = begun(twin, "Your invoice")
    other = save_draft(twin.pk, text="Somebody else's", internal=False, actor=staff("agent", "other"))
    Draft.objects.filter(ticket=ticket).update(cc={"ticked": ["a@example.org"], "typed": "b@example.org"})
    Draft.objects.filter(pk=there.pk).update(cc={"ticked": ["c@example.org"], "typed": "d@example.org"})
    settings.UPLOAD_MAX_TICKET_BYTES = 1  # what two drafts hold together is no reason not to merge
    for _time in range(2):
        merge_tickets(ticket.pk, twin.pk, actor=staff("lead"))
    assert set(Draft.objects.all()) == {there, other}
    there.refresh_from_db()
    assert there.text == "Your invoice\n\nDear Ms Lin, we"
    assert there.cc == {"ticked": ["c@example.org", "a@example.org"], "typed": "d@example.org, b@example.org"}
    assert Attachment.objects.of(there).count() == 3


def test_an_undo_is_never_refused_for_files_begun_since(ticket: Ticket, settings: Any) -> None:
    begun(ticket)
    message = reply(ticket.pk, text="On its way.", actor=staff(), hold=dt.timedelta(seconds=10), from_draft=True)
    draft = begun(ticket, "And")
    settings.UPLOAD_MAX_TICKET_BYTES = 1
    undo(message.pk, actor=staff())
    assert Attachment.objects.of(draft).count() == 2


CLOSE, HIGH = ["close", ""], ["priority", "high"]


def test_undone_a_reply_has_its_phrase_and_its_steps_again(ticket: Ticket) -> None:
    held = {"phrase": "solved", "steps": [CLOSE, HIGH], "hold": dt.timedelta(seconds=10)}
    message = reply(ticket.pk, text="It is solvd.", actor=staff(), **held)  # type: ignore[arg-type]
    save_draft(ticket.pk, text="And", internal=False, actor=staff(), brought=Brought("other", [HIGH, ["tag", "VIP"]]))
    undo(message.pk, actor=staff())
    draft = Draft.objects.get()
    assert (draft.phrase, draft.steps) == ("solved", [CLOSE, HIGH, ["tag", "VIP"]])


def test_steps_stay_with_a_draft_that_is_saved_without_a_word_of_them(ticket: Ticket) -> None:
    save_draft(ticket.pk, text="It", internal=False, actor=staff(), brought=Brought("solved", [CLOSE]))
    save_draft(ticket.pk, text="It is", internal=False, actor=staff())
    assert (Draft.objects.get().phrase, Draft.objects.get().steps) == ("solved", [CLOSE])
    save_draft(ticket.pk, text="It is", internal=False, actor=staff(), brought=Brought())
    assert (Draft.objects.get().phrase, Draft.objects.get().steps) == ("", [])


def test_a_merge_takes_steps_along_each_once(ticket: Ticket, twin: Ticket) -> None:
    save_draft(ticket.pk, text="It", internal=False, actor=staff(), brought=Brought("solved", [CLOSE, HIGH]))
    save_draft(twin.pk, text="Your", internal=False, actor=staff(), brought=Brought("", [HIGH]))
    save_draft(ticket.pk, text="She", internal=True, actor=staff(), brought=Brought("called", [CLOSE]))
    merge_tickets(ticket.pk, twin.pk, actor=staff("lead"))
    kept = Draft.objects.order_by("internal").values_list("ticket", "phrase", "steps")
    assert list(kept) == [(twin.pk, "solved", [HIGH, CLOSE]), (twin.pk, "called", [CLOSE])]
