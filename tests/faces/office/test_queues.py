"""A shop begins with four queues, and its managers add their own."""

from __future__ import annotations

from typing import Any

import pytest

from aftersales.accounts.models import Team, User
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput
from aftersales.ledger.models import Event
from tests.faces.desk import stages
from tests.world import member, staff
from tickets.actions.details import change_ticket
from tickets.actions.opening import open_ticket
from tickets.actions.queue_seeding import seed_queues
from tickets.models import MailAccount, Queue, Ticket

pytestmark = pytest.mark.django_db
ADD = "/office/tickets/queue/add/"
SHIPPED = ["returns", "questions", "complaints", "tasks"]


def given(**more: object) -> dict[str, object]:
    """What a manager types in."""
    words = {"reminder_zh": "还在吗？", "reminder_en": "Are you there?"}
    return {
        "key": "appliances",
        "name_zh": "家电",
        "name_en": "Home appliances",
        "position": 5,
        "strategy": "in_turn",
        **words,
        **more,
    }


def test_a_shop_begins_with_four_queues() -> None:
    assert [each.key for each in Queue.objects.all()] == SHIPPED


def test_seeding_again_keeps_what_the_shop_made_of_them() -> None:
    team = Team.objects.create(name="二线")
    Queue.objects.filter(key="returns").update(name_zh="退货组", position=9, strategy="by_load", team=team)
    before = list(Queue.objects.values())
    seed_queues()
    assert list(Queue.objects.values()) == before
    Queue.objects.get(key="tasks").delete()
    seed_queues()
    assert (Queue.objects.get(key="tasks").name_en, Queue.objects.count()) == ("Tasks", 4)


def test_a_manager_adds_a_queue_whose_key_then_stays(office: Any) -> None:
    team, client = Team.objects.create(name="二线"), office()
    page = client.get(ADD).text
    assert 'name="key"' in page
    assert client.post(ADD, given(team=team.pk)).status_code == 302
    queue = Queue.objects.get(key="appliances")
    assert (queue.name_zh, queue.name_en, queue.strategy, queue.team) == ("家电", "Home appliances", "in_turn", team)
    event = Event.objects.get(name="configuration.added")
    assert (event.subject_id, event.data["model"]) == (queue.pk, "tickets.queue")
    change = f"/office/tickets/queue/{queue.pk}/change/"
    assert 'name="key"' not in client.get(change).text
    client.post(change, given(key="other", name_en="Appliances"))
    queue.refresh_from_db()
    assert (queue.key, queue.name_en) == ("appliances", "Appliances")
    assert office("lead").post(ADD, given(key="further")).status_code == 403


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("returns", "There is a queue with this key already. Choose another."),
        ("家电", "A key has letters, digits, - and _ only."),
        ("home appliances", "A key has letters, digits, - and _ only."),
        ("", "Please fill this in."),
    ],
)
def test_a_key_that_is_taken_or_none_is_refused_at_its_field(office: Any, key: str, told: str) -> None:
    answer = office().post(ADD, given(key=key))
    assert answer.context["adminform"].form.errors == {"key": [told]}
    assert Queue.objects.count() == len(SHIPPED)


def test_a_new_queue_can_be_chosen_wherever_one_is_and_hands_its_tickets_out(office: Any) -> None:
    client, agent = office(), member("agent", "gui")
    team = Team.objects.create(name="二线")
    User.objects.filter(pk=agent.pk).update(team=team)
    client.post(ADD, given(team=team.pk))
    queue = Queue.objects.get(key="appliances")
    asked = stages.question()
    for where in (
        f"/desk/tickets/{asked.ref}/details/", f"/desk/bulk/new/?kind=queue&ticket={asked.ref}", "/desk/tickets/",
        "/office/tickets/mailaccount/add/",
    ):  # fmt: skip
        page = client.get(where).text
        assert "Home appliances" in page, where
        assert "Complaints" in page, where
    box = {"address": "home@shop.example", "port": 993, "folder": "INBOX", "queue": queue.pk}
    assert client.post("/office/tickets/mailaccount/add/", box).status_code == 302
    assert MailAccount.objects.get().queue == queue
    ticket = open_ticket(
        kind=Ticket.Kind.QUESTION, title="空调不制冷", person=asked.person, order=None, actor=staff("lead"), into=queue
    )
    ticket.refresh_from_db()
    assert (ticket.team, ticket.assignee_id) == (team, agent.pk)


def test_nothing_is_put_into_a_retired_queue_and_what_waits_in_it_is_found(office: Any) -> None:
    client, agent, asked = office(), staff("agent"), stages.question()
    assert "retired_at" not in client.get(ADD).text
    client.post(ADD, given())
    queue = Queue.objects.get(key="appliances")
    there = change_ticket(asked.pk, actor=agent, queue_id=queue.pk)
    assert retire(client, queue).status_code == 302
    client.get("/office/")  # what it said of the queue is read here
    other = stages.question()
    for where in (
        f"/desk/tickets/{other.ref}/details/", f"/desk/bulk/new/?kind=queue&ticket={other.ref}",
        "/office/tickets/mailaccount/add/",
    ):  # fmt: skip
        page = client.get(where).text
        assert "Complaints" in page, where
        assert f">{queue.name_en}<" not in page, where
    with pytest.raises(BadInput, match="Home appliances"):
        change_ticket(other.pk, actor=agent, queue_id=queue.pk)
    there.refresh_from_db()
    assert there.queue == queue
    assert f">{queue.name_en}<" in client.get(f"/desk/tickets/{there.ref}/details/").text
    change_ticket(there.pk, actor=agent, title="空调不制冷")  # other changes leave it there
    found = client.get("/desk/tickets/?queue=appliances").text
    assert there.ref in found
    assert other.ref not in found
    assert f">{queue.name_en}<" in found


def test_a_queue_into_which_something_is_put_by_itself_is_not_retired(office: Any) -> None:
    client = office()
    client.post(ADD, given())
    queue = Queue.objects.get(key="appliances")
    MailAccount.objects.create(address="home@shop.example", begins_at=clock.now(), queue=queue)
    told = "Mail to home@shop.example becomes tickets here. Choose another queue for it first."
    assert retire(client, queue).context["adminform"].form.errors == {"retired_at": [told]}
    answer = retire(client, Queue.objects.get(key="returns"))
    assert answer.context["adminform"].form.errors == {
        "retired_at": ["The desk itself puts tickets into this queue. Rename it instead."]
    }
    assert not Queue.objects.exclude(retired_at=None).exists()


def retire(client: Any, queue: Queue) -> Any:
    """Say in the office that it is not used any more."""
    at = {"retired_at": "2026-11-12T08:30"}
    return client.post(f"/office/tickets/queue/{queue.pk}/change/", given(**at))
