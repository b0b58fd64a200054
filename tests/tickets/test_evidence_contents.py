"""What stands in an evidence pack: what the asker sees and no more, and no names where they are left out."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from aftersales.accounts.models import Team, User
from aftersales.files import store
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from customers.actions.promises import keep_promise
from customers.models import Address
from tests.faces.portal.test_road import a_photo
from tests.world import a_return, an_order, attach, customer, member, staff
from tickets.actions.by_staff import About, open_by_staff
from tickets.actions.complaints.apologising import apologise
from tickets.actions.complaints.deciding import give_interim
from tickets.actions.complaints.evidence import PackUnderWay, ask_pack, hand_out
from tickets.actions.complaints.opening import open_complaint
from tickets.actions.conversation import receive_message, reply
from tickets.actions.merging import merge_tickets
from tickets.actions.promises import promise_on_ticket
from tickets.models import Complaint, EvidencePack, Ticket

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def complaint() -> Complaint:
    """About a return that a closed team has: Amei is of it, Bohan of another."""
    for name, team in (("amei", "甲组"), ("bohan", "乙组")):
        group = Team.objects.create(name=team, is_closed=team == "甲组")
        User.objects.filter(pk=member("agent", name).pk).update(team=group)
    order = an_order()
    ret = a_return(order)
    receive_message(ret.ticket_id, text="退货里的悄悄话", actor=customer(order))
    attach(a_photo(), on=ret, actor=staff("agent"))
    made = open_complaint(
        code="quality", statement="用了两次就坏了", order_id=order.pk, about_id=ret.ticket_id, actor=customer(order)
    )
    Ticket.objects.filter(pk=ret.ticket_id).update(team=Team.objects.get(name="甲组"))
    Ticket.objects.filter(pk=made.ticket_id).update(team=None)
    return made


def someone(name: str) -> Actor:
    return User.objects.get(email=f"{name}@shop.example").as_actor()


def packed(pack: EvidencePack, drain: Drain) -> tuple[str, list[str]]:
    """The page of a pack and the names of its files."""
    drain()
    pack.refresh_from_db()
    with zipfile.ZipFile(io.BytesIO(store.read(pack.stored_name, small=False).read())) as files:
        return files.read("complaint.html").decode(), files.namelist()


def test_whoever_sees_the_case_has_its_words_verdicts_and_photos(complaint: Complaint, drain: Drain) -> None:
    assert complaint.about is not None
    with override("zh-hans"):
        pack = ask_pack(complaint.ticket_id, names_masked=True, actor=someone("amei"))
    page, files = packed(pack, drain)
    assert (pack.total, len(files), pack.left_out) == (2, 2, 0)
    assert "退货里的悄悄话" in page
    verdict = page.split("规则判定")[1].split("<h2>")[0]
    assert complaint.about.goods_return.ref in verdict
    assert "亚麻衬衫" in verdict
    course = page.split("处理经过")[1].split("<h2>")[0]
    assert "投诉" in course
    assert hand_out(pack.pk, actor=someone("amei")) == pack


def test_what_was_merged_into_it_is_told_too(complaint: Complaint, drain: Drain) -> None:
    ticket, writer = complaint.ticket, someone("amei")
    assert ticket.order is not None
    mailed = open_by_staff(
        kind="question", title="又来信", channel="phone", about=About(order=ticket.order), actor=writer
    )
    receive_message(mailed.pk, text="照片在这里，线都烧黑了", actor=customer(ticket.order))
    attach(a_photo(), on=mailed.messages.get(by="customer"), actor=customer(ticket.order))
    merge_tickets(mailed.pk, ticket.pk, actor=writer)
    pack = ask_pack(ticket.pk, names_masked=True, actor=writer)
    page, files = packed(pack, drain)
    assert (pack.total, len(files)) == (3, 3)
    assert "线都烧黑了" in page
    Ticket.objects.filter(pk=mailed.pk).update(team=Team.objects.get(name="甲组"))
    other = ask_pack(ticket.pk, names_masked=True, actor=someone("bohan"))
    page, files = packed(other, drain)
    assert (other.left_out, files) == (2, ["complaint.html"])
    assert "线都烧黑了" not in page


def test_a_request_that_the_complaint_is_not_about_is_in_it_with_its_verdict_and_the_page_says_so(
    complaint: Complaint, drain: Drain
) -> None:
    assert complaint.about is not None
    told = "只收入判定结果、未收入对话与照片的申请："
    with override("zh-hans"):
        page, _files = packed(ask_pack(complaint.ticket_id, names_masked=True, actor=someone("amei")), drain)
        assert told not in page
        Complaint.objects.filter(pk=complaint.pk).update(about=None)
        pack = ask_pack(complaint.ticket_id, names_masked=True, actor=someone("amei"))
    page, files = packed(pack, drain)
    assert f"{told}{complaint.about.goods_return.ref}" in page
    assert complaint.about.goods_return.ref in page.split("规则判定")[1].split("<h2>")[0]
    assert "退货里的悄悄话" not in page
    assert files == ["complaint.html"]


def test_what_is_closed_to_whoever_asks_is_left_out_and_the_page_says_so(complaint: Complaint, drain: Drain) -> None:
    assert complaint.about is not None
    with override("zh-hans"):
        pack = ask_pack(complaint.ticket_id, names_masked=True, actor=someone("bohan"))
    page, files = packed(pack, drain)
    assert files == ["complaint.html"]
    assert (pack.total, pack.left_out) == (1, 1)
    for closed in ("退货里的悄悄话", complaint.about.goods_return.ref, "亚麻衬衫"):
        assert closed not in page
    assert "用了两次就坏了" in page
    assert "另有 1 个" in page
    assert hand_out(pack.pk, actor=someone("bohan")) == pack


def test_a_pack_with_a_closed_case_is_taken_only_by_who_sees_it(complaint: Complaint, drain: Drain) -> None:
    pack = ask_pack(complaint.ticket_id, names_masked=True, actor=someone("amei"))
    with pytest.raises(PackUnderWay):
        ask_pack(complaint.ticket_id, names_masked=True, actor=someone("bohan"))
    packed(pack, drain)
    with pytest.raises(NotFound):
        hand_out(pack.pk, actor=someone("bohan"))
    assert not EvidencePack.objects.visible_to(someone("bohan")).exists()
    member("lead", "lead")
    for name in ("amei", "lead"):
        assert hand_out(pack.pk, actor=someone(name)) == pack
    assert ask_pack(complaint.ticket_id, names_masked=True, actor=someone("bohan")) != pack


def test_a_case_closed_after_it_was_packed_keeps_the_file_too(complaint: Complaint, drain: Drain) -> None:
    Team.objects.update(is_closed=False)
    pack = ask_pack(complaint.ticket_id, names_masked=True, actor=someone("bohan"))
    packed(pack, drain)
    assert hand_out(pack.pk, actor=someone("bohan")) == pack
    Team.objects.update(is_closed=True)
    with pytest.raises(NotFound):
        hand_out(pack.pk, actor=someone("bohan"))


def test_names_are_left_out_of_what_was_written_too(complaint: Complaint, drain: Drain) -> None:
    ticket, writer = complaint.ticket, someone("amei")
    order = ticket.order
    assert order is not None
    order.address = Address.objects.create(person=order.person, recipient="赵丽华", line="仓前路 1 号")
    order.save(update_fields=["address"])
    User.objects.filter(pk=writer.id or 0).update(name="阿美", signature="阿美\n售后主管\n分机 8012")
    apologise(ticket.pk, words="林女士，真的很抱歉。", channel="phone", actor=writer)
    reply(ticket.pk, text="林女士您好，阿美来处理。\n\n阿美\n售后主管\n分机 8012", actor=writer)
    receive_message(ticket.pk, text="我是林梅，包裹是赵丽华收的", actor=customer(order))
    give_interim(ticket.pk, text="先给林梅女士寄一台", actor=writer)
    with override("zh-hans"):
        masked = ask_pack(ticket.pk, names_masked=True, actor=writer)
        named = ask_pack(ticket.pk, names_masked=False, actor=writer)
    page, _ = packed(masked, drain)
    for name in ("林梅", "林女士", "赵丽华", "阿美", "售后主管", "8012"):
        assert name not in page, name
    for left in ("您好，", "来处理。", "包裹是", "收的", "寄一台", "姓名已隐去"):
        assert left in page, left
    whole, _ = packed(named, drain)
    for name in ("林女士您好", "分机 8012", "我是林梅，包裹是赵丽华收的", "先给林梅女士寄一台"):
        assert name in whole, name


def test_the_course_of_things_tells_what_was_promised_and_how_it_ended(complaint: Complaint, drain: Drain) -> None:
    writer, due = someone("amei"), clock.now() + dt.timedelta(days=2)
    promised = promise_on_ticket(complaint.ticket_id, text="周三前给林梅女士寄新壶", due_at=due, actor=writer)
    promise_on_ticket(complaint.ticket_id, text="周五回访", due_at=due, actor=writer)
    keep_promise(promised.pk, actor=writer)
    with override("zh-hans"):
        page, _ = packed(ask_pack(complaint.ticket_id, names_masked=True, actor=writer), drain)
    course = page.split("处理经过")[1].split("<h2>")[0]
    for told in ("承诺：周三前给", "寄新壶", "承诺已兑现：周三前给", "承诺：周五回访"):
        assert told in course, course
    assert "林梅" not in course
    assert course.count("周五回访") == 1
