"""A complaint at the desk: taken from case, order or customer, and led through its seven steps on the ticket page."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from aftersales.files import store
from aftersales.files.actions.attaching import attach_all, read_file
from aftersales.files.packs import TO_BUILD
from aftersales.kernel import clock
from aftersales.ledger.models import Event, Timer
from customers.models import Promise
from tests.faces.api.test_callers import a_photo
from tests.faces.desk import stages
from tests.faces.desk.conftest import key
from tests.files.hostile import PDF
from tests.world import a_complaint, an_order, customer, member, staff
from tickets.actions.complaints.apologising import apologise
from tickets.actions.complaints.evidence import ask_pack, build_pack
from tickets.actions.complaints.opening import open_complaint
from tickets.actions.conversation import note, reply
from tickets.models import Complaint, EvidencePack, Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]
SAID = {"channel": "phone", "code": "freight", "statement": "退货运费凭什么要我出？"}


def begun() -> Complaint:
    order = an_order()
    return open_complaint(code="quality", statement="锅坏了", order_id=order.pk, actor=customer(order))


def test_it_is_taken_from_a_case_an_order_or_a_customer(sit: Sit) -> None:
    ret, agent = stages.submitted(), sit("agent")
    ticket, line = ret.ticket, ret.order.lines.get()
    for where, more in (
        (f"/desk/tickets/{ticket.ref}/complaint/", {}),
        (f"/desk/orders/{ret.order_id}/complaint/", {"line_id": str(line.pk)}),
        (f"/desk/people/{ticket.person.ref}/complaint/", {}),
    ):
        assert "Take a complaint" in agent.get(where).content.decode()
        assert agent.post(where, SAID | more).status_code == 302
    by_case, by_order, by_person = Complaint.objects.order_by("pk")
    assert by_case.about == ticket
    assert (by_order.line, by_order.ticket.order) == (line, ret.order)
    assert (by_person.ticket.order, by_person.ticket.person) == (None, ticket.person)
    assert {each.ticket.channel for each in (by_case, by_order, by_person)} == {"phone"}
    assert "Take a complaint" not in agent.get(f"/desk/tickets/{by_case.ticket.ref}/").content.decode()


def test_the_page_leads_from_apology_to_root_cause(sit: Sit, drain: Callable[[], int]) -> None:
    complaint, agent = begun(), sit("agent")
    ref, day = complaint.ticket.ref, (clock.shop_date(clock.now()) + dt.timedelta(days=3)).isoformat()
    page = f"/desk/tickets/{ref}/"

    def shown() -> str:
        return agent.get(page).content.decode()

    def does(noun: str, **said: str) -> None:
        answer = agent.post(f"/desk/complaints/{ref}/{noun}/", said)
        assert answer.status_code == 302, answer.content.decode()

    assert "or say sorry in your first reply" in shown()
    refused = agent.post(f"{page}reply/", {"text": "Send photos.", "seen": "999999", "key": key()})
    assert refused.status_code == 409
    assert "begins with an apology" in refused.content.decode()
    assert "Send photos." in refused.content.decode()  # nothing typed is lost
    does("apology", channel="phone", words="真的很抱歉")
    assert "answered on its day" in shown()
    early = agent.post(f"/desk/complaints/{ref}/plan/", {"text": "换新", "due_on": day})
    assert (early.status_code, "Hear the customer out first" in early.content.decode()) == (409, True)
    does("hearing", statement="锅坏了，没人管")
    does("aim", real_problem="没人管", aim="换新")
    does("fault", fault="carrier", reason="外箱有压痕")
    assert "Help the customer today" in shown()
    does("interim", text="先寄备用锅")
    assert "Help the customer today" not in shown()
    costly = agent.post(f"/desk/complaints/{ref}/plan/", {"text": "换新", "due_on": day, "cost": "50.01"})
    assert (costly.status_code, "Hand the complaint to a lead" in costly.content.decode()) == (409, True)
    does("plan", text="换新", promise="三天内寄出", due_on=day, cost="20")
    closing = agent.post(f"/desk/tickets/{ref}/closing/")
    assert (closing.status_code, "三天内寄出" in closing.content.decode()) == (409, True)
    agent.post(f"/desk/promises/{Promise.objects.get().pk}/keeping/")
    drain()
    does("satisfaction", stage="after", score="5", channel="phone")
    does("cause", root_cause="包装太薄", improvement="换厚箱", owner=str(member("lead").pk), due_on=day)
    improvement = complaint.improvements.get()
    assert agent.post(f"/desk/tickets/{ref}/closing/").status_code == 302
    assert agent.post(f"/desk/improvements/{improvement.pk}/finish/").status_code == 302
    assert Ticket.objects.get(ref=ref).status == "closed"
    page_now = shown()
    assert 'aria-current="step"' not in page_now.split("complaint-steps")[1].split("</ol>")[0]
    assert "换厚箱" in page_now
    assert "Fault decided: the carrier" in page_now


def test_an_escalation_is_entered_and_settled(sit: Sit) -> None:
    complaint = a_complaint(an_order())
    agent, row = sit("agent"), complaint.escalations.get()
    page = f"/desk/tickets/{complaint.ticket.ref}/"
    assert "Escalated to a lead" in agent.get(page).content.decode()
    agent.post(f"/desk/escalations/{row.pk}/outcome/", {"outcome": "组长致电，顾客接受换新"})
    assert "组长致电" in agent.get(page).content.decode()


def test_it_is_handed_up_and_classed_anew(sit: Sit) -> None:
    complaint, agent = begun(), sit("agent")
    where = f"/desk/complaints/{complaint.ticket.ref}/"
    day = (clock.shop_date(clock.now()) + dt.timedelta(days=3)).isoformat()
    late = agent.post(f"{where}escalation/", {"to": "lead", "reason": "顾客要求三倍赔偿", "due_on": "2026-01-05"})
    assert late.status_code == 400
    assert "due_on_error" in late.content.decode(), "the form shows it at its day"
    for _ in range(2):
        agent.post(f"{where}escalation/", {"to": "lead", "reason": "顾客要求三倍赔偿", "due_on": day})
    assert complaint.escalations.get().reason == "顾客要求三倍赔偿"
    agent.post(f"{where}class/", {"code": "freight"})
    complaint.refresh_from_db()
    assert complaint.classification.code == "freight"


def test_a_waived_apology_lets_the_answer_go(sit: Sit) -> None:
    complaint, agent = begun(), sit("agent")
    ref = complaint.ticket.ref
    agent.post(f"/desk/complaints/{ref}/apology-waiver/", {"reason": "顾客要求只谈方案"})
    agent.post(f"/desk/tickets/{ref}/reply/", {"text": "方案如下。", "seen": "999999", "key": key()})
    assert complaint.ticket.messages.filter(by="staff").exists()
    assert "None, because: 顾客要求只谈方案" in agent.get(f"/desk/tickets/{ref}/").content.decode()


def test_who_only_reads_is_offered_nothing(sit: Sit) -> None:
    complaint = begun()
    page = sit("auditor").get(f"/desk/tickets/{complaint.ticket.ref}/").content.decode()
    assert "complaint-steps" in page
    assert "/desk/complaints/" not in page


@pytest.mark.postgres  # SQLite asks list by list
def test_the_page_asks_a_fixed_number_of_questions(
    sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    complaint, agent = a_complaint(an_order()), sit("agent")
    page = f"/desk/tickets/{complaint.ticket.ref}/"
    agent.get(page)
    with django_assert_max_num_queries(8):
        agent.get(page)


def test_an_evidence_pack_is_made_taken_by_a_signed_link_and_deleted(sit: Sit, drain: Callable[[], int]) -> None:
    order = an_order()
    order.person.name = "林梅"
    complaint = a_complaint(order)
    note(complaint.ticket_id, text="内部看法：顾客不好惹", actor=staff("agent"))
    apologise(complaint.ticket_id, words="抱歉", channel="phone", actor=staff("agent"))
    reply(complaint.ticket_id, text="非常抱歉，我们来处理。", actor=staff("agent"))
    report = read_file(SimpleUploadedFile("林梅的检测报告.pdf", PDF))
    attach_all([a_photo(), report], on=complaint.ticket.messages.get(by="customer"), actor=staff("agent"))
    agent, page = sit("agent"), f"/desk/tickets/{complaint.ticket.ref}/"
    ask = f"/desk/complaints/{complaint.ticket.ref}/evidence-pack/"
    for _ in range(2):
        assert agent.post(ask, {"names_masked": "on"}).status_code == 302
    pack = EvidencePack.objects.get()
    assert (pack.status, pack.total) == ("building", 3)
    assert Timer.objects.get(kind="complaint.pack_due").lease == TO_BUILD, "many clips take longer than other timers"
    assert "Evidence pack: being made" in agent.get(page).content.decode()
    drain()
    found = re.search(r'href="(/desk/complaints/packs/[^"]+)"', agent.get(page).content.decode())
    assert found is not None
    answer = agent.get(found[1])
    files = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert sorted(name.split("/")[0] for name in files.namelist()) == ["complaint.html", "files", "photos"]
    packings = {each.filename.split("/")[0]: each.compress_type for each in files.infolist()}
    assert packings == {
        "complaint.html": zipfile.ZIP_DEFLATED,
        "files": zipfile.ZIP_DEFLATED,
        "photos": zipfile.ZIP_STORED,
    }
    shown = files.read("complaint.html").decode()
    assert "非常抱歉，我们来处理。" in shown
    for secret in ("内部看法", "林梅", "没有抽检"):
        assert secret not in shown
    assert 'src="photos/' in shown
    assert 'href="files/' in shown
    assert Event.objects.filter(name="complaint.pack_taken").count() == 1
    assert agent.get(found[1][:-3] + "xx/").status_code == 404
    assert sit("warehouse").get(found[1]).status_code == 403
    pack.refresh_from_db()
    with store.read(pack.stored_name, small=False) as file:
        whole = file.read()
    assert (pack.size, pack.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())
    with clock.fixed(pack.expires_at):  # type: ignore[arg-type]
        drain()
        drain()
    assert agent.get(found[1]).status_code == 404
    assert Event.objects.filter(name="complaint.pack_expired").count() == 1


def test_names_are_in_it_only_when_asked_for(drain: Callable[[], int]) -> None:
    complaint = a_complaint(an_order())
    with override("zh-hans"):
        pack = ask_pack(complaint.ticket_id, names_masked=False, actor=staff("agent"))
    drain()
    pack.refresh_from_db()
    with zipfile.ZipFile(store.read(pack.stored_name, small=False)) as files:
        page = files.read("complaint.html").decode()
    assert str(complaint.ticket.person) in page
    assert re.search(r"已升级至\s*组长", page), "to whom is said in words, in the language of the pack"
    assert build_pack(pack.pk, at=clock.now()).sha256 == pack.sha256


def test_an_improvement_is_offered_to_who_can_finish_it_and_given_on(sit: Sit) -> None:
    complaint, colleague, packer = a_complaint(an_order()), member("agent", "colleague"), member("warehouse")
    row = complaint.improvements.get()
    agent = sit("agent")
    assert f"/desk/improvements/{row.pk}/owner/" in agent.get(f"/desk/tickets/{complaint.ticket.ref}/").content.decode()
    for where in (f"/desk/complaints/{complaint.ticket.ref}/cause/", f"/desk/improvements/{row.pk}/owner/"):
        form = agent.get(where).content.decode()
        assert f'value="{colleague.pk}"' in form
        assert f'value="{packer.pk}"' not in form
    agent.post(f"/desk/improvements/{row.pk}/owner/", {"user": colleague.pk})
    home = sit("agent", "colleague").get("/desk/", follow=True).content.decode()
    assert "每批抽检三台" in home
    assert sit("agent", "colleague").post(f"/desk/improvements/{row.pk}/finish/").status_code == 302
    row.refresh_from_db()
    assert (row.owner, row.done_by) == (colleague, colleague)
