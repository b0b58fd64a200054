"""The office's pages: settings are typed in and recorded, everything else is read, and nobody looks around corners."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten, label_for_field
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from aftersales.accounts.models import User
from aftersales.kernel import clock, datewords
from aftersales.kernel.admin import OfficeInline, OfficePage
from aftersales.kernel.templatetags.numbers import grouped
from aftersales.ledger import outbox
from aftersales.ledger.models import Due, Event, Outbound, Timer
from customers.models import Category, ImportRun, Order, Shop, Sku
from returns.models import Refund, Return
from returns.rules.pack import load_pack, shipped
from tests.customers.files import csv_file, generic_rows
from tests.world import a_return, a_shop, a_sku, an_order, member

pytestmark = pytest.mark.django_db
SHOP_FORM = {
    "name": "山野家居", "platform": "own", "currency": "CNY", "country": "CN", "province": "浙江",
    "return_recipient": "售后仓", "return_phone": "0571-00000000", "return_address": "杭州市 2 号",
    "refund_provider": "manual", "rule_pack": "cn", "second_person_above": "300.00", "freight_estimate": "12",
    "undo_seconds": "10", "complaints_until": "18:00", "complaints_next_day": "12:00", "goodwill_limit": "50",
    "review_reply_hours": "48",
}  # fmt: skip


class TestSettings:
    def test_a_manager_changes_a_shop_and_the_change_is_an_event(self, office: Any) -> None:
        shop = a_shop()
        answer = office().post(f"/office/customers/shop/{shop.pk}/change/", SHOP_FORM)
        assert answer.status_code == 302
        shop.refresh_from_db()
        assert shop.second_person_above_minor == 30_000
        assert shop.review_reply_hours == 48
        event = Event.objects.get(name="configuration.changed")
        assert event.data["before"]["second_person_above_minor"] == 50_000
        assert event.data["after"]["second_person_above_minor"] == 30_000
        assert event.data["after"]["return_address"] == "杭州市 2 号"
        assert "name" not in event.data["after"]

    @pytest.mark.parametrize("pack", shipped())
    def test_a_manager_chooses_among_the_shipped_packs_and_the_next_request_is_judged_by_it(
        self, office: Any, pack: str
    ) -> None:
        shop = a_shop()
        page = f"/office/customers/shop/{shop.pk}/change/"
        client = office()
        assert f'value="{pack}"' in client.get(page).text
        assert client.post(page, {**SHOP_FORM, "rule_pack": pack}).status_code == 302
        ret = a_return(an_order(shop=Shop.objects.get(pk=shop.pk)))
        assert ret.lines.get().verdicts.get().pack == pack

    def test_saving_the_same_records_nothing(self, office: Any) -> None:
        shop, client = a_shop(), office()
        client.post(f"/office/customers/shop/{shop.pk}/change/", SHOP_FORM)
        client.post(f"/office/customers/shop/{shop.pk}/change/", SHOP_FORM)
        assert Event.objects.filter(name="configuration.changed").count() == 1

    @pytest.mark.parametrize("amount", ["twelve", "-1", "1.234", "1e3000", ""])
    def test_an_amount_that_is_none_is_told_at_its_field(self, office: Any, amount: str) -> None:
        shop = a_shop()
        answer = office().post(f"/office/customers/shop/{shop.pk}/change/", {**SHOP_FORM, "freight_estimate": amount})
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors["freight_estimate"]
        assert not Event.objects.filter(name="configuration.changed").exists()

    def test_only_words_the_rules_know_are_offered(self, office: Any) -> None:
        category = Category.objects.create(code="c", name_zh="服饰")
        form = {"code": "c", "name_zh": "服饰", "name_en": "", "goods_class": "nonsense", "warranty_days": "0"}
        answer = office().post(f"/office/customers/category/{category.pk}/change/", form)
        assert answer.context["adminform"].form.errors["goods_class"]

    def sku_form(self, sku: Sku, **fields: str) -> dict[str, Any]:
        return {"product": sku.product_id, "code": sku.code, "variant": "白 M", "currency": "CNY", **fields}

    def test_a_count_of_stock_leaves_what_an_action_moved_meanwhile(self, office: Any) -> None:
        sku = a_sku(on_hand=10)
        client = office()
        Sku.objects.filter(pk=sku.pk).update(on_hand=11)
        form = self.sku_form(sku, price="99.00", on_hand="11")
        client.post(f"/office/customers/sku/{sku.pk}/change/", form)
        sku.refresh_from_db()
        assert (sku.price_minor, sku.on_hand) == (9_900, 11)

    def test_stock_set_aside_cannot_be_counted_away(self, office: Any) -> None:
        sku = a_sku(on_hand=10)
        Sku.objects.filter(pk=sku.pk).update(reserved=5)
        form = self.sku_form(sku, price="1", on_hand="4")
        answer = office().post(f"/office/customers/sku/{sku.pk}/change/", form)
        assert answer.status_code == 200
        assert Sku.objects.get(pk=sku.pk).on_hand == 10

    @pytest.mark.parametrize("role", ["lead", "auditor"])
    def test_who_may_look_may_not_change(self, office: Any, role: str) -> None:
        shop, client = a_shop(), office(role)
        assert client.get(f"/office/customers/shop/{shop.pk}/change/").status_code == 200
        assert client.post(f"/office/customers/shop/{shop.pk}/change/", SHOP_FORM).status_code == 403
        assert client.get("/office/customers/shop/add/").status_code == 403


class TestWhatHappenedStays:
    @pytest.mark.parametrize("model", [Return, Refund, Order, Event, Timer])
    def test_no_page_changes_adds_or_deletes_it(self, office: Any, model: Any) -> None:
        a_return(an_order())
        Refund.objects.create(
            ref="F-0000000AA", of=Return.objects.get(), total_minor=1, currency="CNY", created_at=clock.now()
        )
        row, client = model.objects.first(), office()
        base = f"/office/{model._meta.app_label}/{model._meta.model_name}"
        before = model.objects.values().get(pk=row.pk)
        assert client.get(f"{base}/{row.pk}/change/").status_code == 200
        assert client.post(f"{base}/{row.pk}/change/", {"status": "closed", "total_minor": "9"}).status_code == 403
        assert client.post(f"{base}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.post(f"{base}/add/", {}).status_code == 403
        client.post(f"{base}/", {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
        client.post(f"{base}/", {"form-TOTAL_FORMS": "1", "form-0-id": row.pk, "form-0-status": "closed", "_save": "1"})
        assert model.objects.values().get(pk=row.pk) == before

    def test_every_page_is_one_of_ours(self) -> None:
        """No page without the policy table, no editing in lists, no inline that writes, nothing deleted, no foreign page."""
        for model, page in admin.site._registry.items():
            assert isinstance(page, OfficePage), model
            assert not page.list_editable, model
            assert page.list_max_show_all <= 200
            assert not page.show_full_result_count
            for inline in page.inlines:
                assert issubclass(inline, OfficeInline), inline


class TestLookingAroundCorners:
    @pytest.mark.parametrize(
        "address",
        [
            "accounts/user/?password__startswith=md5",
            "accounts/apikey/?sha256__startswith=0",
            "accounts/apikey/?created_by__password__startswith=md5",
            "customers/order/?claim_sha256__startswith=a",
            "customers/order/?person__contact_points__value=%2B8613800000001",
            "returns/return/?person__contact_points__value__startswith=138",
        ],
    )
    def test_an_address_cannot_ask_about_columns_that_are_not_shown(self, office: Any, address: str) -> None:
        an_order()
        assert office().get(f"/office/{address}").status_code in (302, 400)

    def test_contacts_are_masked_on_every_page(self, office: Any) -> None:
        ret, client = a_return(an_order()), office()
        for page in (
            "customers/person/", f"customers/person/{ret.person_id}/change/", f"customers/order/{ret.order_id}/change/",
            "returns/return/", f"returns/return/{ret.pk}/change/", f"tickets/ticket/{ret.ticket_id}/change/",
        ):  # fmt: skip
            text = client.get(f"/office/{page}").content.decode()
            assert "13800000001" not in text, page
            assert "lin.mei@" not in text, page

    def test_what_a_message_says_is_for_those_who_repair(self, office: Any) -> None:
        ret = a_return(an_order())
        item = outbox.put(channel="email", key="k", on=ret, payload={"text": "你好，林梅"})
        page = f"/office/ledger/outbound/{item.pk}/change/"
        assert "林梅" in office("lead").get(page).content.decode()
        assert "林梅" not in office("auditor").get(page).content.decode()

    def test_html_in_what_people_typed_is_shown_as_text(self, office: Any) -> None:
        order = an_order()
        order.buyer_message = "<script>alert(1)</script>"
        order.save()
        page = office().get(f"/office/customers/order/{order.pk}/change/").content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


class TestQueries:
    @pytest.mark.parametrize("page", ["returns/return", "customers/order", "tickets/ticket", "customers/person"])
    def test_a_list_costs_the_same_whatever_it_holds(self, office: Any, page: str) -> None:
        client, counts = office(), []
        for _ in range(2):
            for _row in range(3):
                a_return(an_order())
            client.get(f"/office/{page}/")
            with CaptureQueriesContext(
                connection,
            ) as seen:
                client.get(f"/office/{page}/")
            counts.append(len(seen))
        assert counts[0] == counts[1]
        assert counts[0] <= 14


class TestRepair:
    def stuck(self, **fields: Any) -> Outbound:
        item = outbox.put(channel="refund", key="refund:F", on=a_shop(), payload={"a": 1})
        Outbound.objects.filter(pk=item.pk).update(**{"status": Due.Status.QUARANTINED, "last_error": "away", **fields})
        item.refresh_from_db()
        return item

    def do(self, client: Client, model: str, action: str, *rows: Any) -> str:
        data = {"action": action, "_selected_action": [row.pk for row in rows], "reason": "looked it up"}
        return client.post(f"/office/ledger/{model}/", data, follow=True).content.decode()

    def test_a_row_set_aside_is_tried_again_and_that_is_an_event(self, office: Any) -> None:
        item = self.stuck()
        self.do(office("lead"), "outbound", "try_again", item)
        item.refresh_from_db()
        assert item.status == Due.Status.PENDING
        event = Event.objects.get(name="work.retried")
        assert (event.actor_label, event.data["why"]) == ("lead", "looked it up")

    def test_without_a_reason_nothing_is_put_right(self, office: Any) -> None:
        item = self.stuck()
        data = {"action": "try_again", "_selected_action": [item.pk], "reason": " "}
        assert "Say why" in office("lead").post("/office/ledger/outbound/", data, follow=True).content.decode()
        item.refresh_from_db()
        assert item.status == Due.Status.QUARANTINED

    def test_a_payment_in_doubt_is_not_repeated(self, office: Any) -> None:
        item = self.stuck(status=Due.Status.UNKNOWN)
        page = self.do(office("lead"), "outbound", "try_again", item)
        assert "Look at the far side first" in page
        item.refresh_from_db()
        assert item.status == Due.Status.UNKNOWN

    def test_a_timer_is_tried_again_or_given_up(self, office: Any) -> None:
        a_return(an_order())
        one, two = Timer.objects.pending().order_by("id")[:2]
        Timer.objects.update(status=Due.Status.QUARANTINED, failures=5)
        client = office("manager")
        self.do(client, "timer", "try_again", one)
        self.do(client, "timer", "give_up", two)
        one.refresh_from_db()
        two.refresh_from_db()
        assert (one.status, one.failures, two.status) == (Due.Status.PENDING, 0, Due.Status.CANCELLED)

    def test_what_waits_its_turn_is_left_alone_and_that_is_said(self, office: Any) -> None:
        a_return(an_order())
        timer = Timer.objects.pending()[0]
        client = office("lead")
        assert "This row waits its turn and will be done" in self.do(client, "timer", "give_up", timer)
        assert "waits its turn already; nothing was changed" in self.do(client, "timer", "try_again", timer)
        timer.refresh_from_db()
        assert timer.status == Due.Status.PENDING
        assert not Event.objects.filter(name__startswith="work.").exists()

    def test_giving_up_what_was_given_up_says_so_and_changes_nothing(self, office: Any) -> None:
        a_return(an_order())
        timer, client = Timer.objects.pending()[0], office("lead")
        Timer.objects.filter(pk=timer.pk).update(status=Due.Status.QUARANTINED)
        assert "1 row put right." in self.do(client, "timer", "give_up", timer)
        again = self.do(client, "timer", "give_up", timer)
        assert "was cancelled or given up before; nothing was changed" in again
        assert "put right" not in again
        assert Event.objects.filter(name="work.cancelled").count() == 1

    def test_only_rows_that_need_a_person_can_be_chosen(self, office: Any) -> None:
        a_return(an_order())
        client = office("lead")
        assert 'name="action"' not in client.get("/office/ledger/timer/").content.decode()
        timer = Timer.objects.pending()[0]
        Timer.objects.filter(pk=timer.pk).update(status=Due.Status.QUARANTINED)
        page = client.get("/office/ledger/timer/").content.decode()
        assert re.findall(r'name="_selected_action" value="(\d+)"', page) == [str(timer.pk)]

    def test_an_auditor_repairs_nothing(self, office: Any) -> None:
        item = self.stuck()
        self.do(office("auditor"), "outbound", "try_again", item)
        item.refresh_from_db()
        assert item.status == Due.Status.QUARANTINED

    def test_stuck_work_stands_on_the_dashboard(self, office: Any) -> None:
        self.stuck()
        client = office()
        assert client.get("/office/").context["stuck"] == 1
        assert "refund:F" in client.get("/office/ledger/outbound/?stuck=1").content.decode()


class TestImports:
    def upload(self, client: Client, content: bytes, **more: Any) -> Any:
        data = {"source": "generic", "files": SimpleUploadedFile("orders.csv", content, "text/csv"), **more}
        return client.post("/office/imports/new/", data)

    def test_a_trial_run_writes_nothing_and_the_real_one_does(self, office: Any, tmp_path: Path) -> None:
        content = csv_file(tmp_path / "orders.csv", generic_rows("A-1", "A-2")).read_bytes()
        client = office("lead")
        tried = self.upload(client, content)
        assert tried.context["waiting"]
        assert not Order.objects.exists()
        done = client.post("/office/imports/run/")
        assert done.context["report"].result.orders_created > 0
        assert Order.objects.exists()
        assert ImportRun.objects.count() == 1
        assert client.post("/office/imports/run/").status_code == 302

    @pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"a,b\n1,2\n", "订单\n".encode("gb18030")])
    def test_a_file_that_is_none_is_told_and_writes_nothing(self, office: Any, content: bytes) -> None:
        answer = self.upload(office("lead"), content)
        assert answer.status_code == 200
        assert not Order.objects.exists()
        form = answer.context["form"]
        report = answer.context["report"]
        assert form.errors or report.bad_rows_total

    def test_no_file_is_asked_for_in_our_words(self, office: Any) -> None:
        client = office("lead")
        page = client.post("/office/imports/new/", {"source": "generic"}).content.decode()
        assert "No file was chosen. Choose the export as CSV, CSV.GZ or XLSX" in page
        client.cookies["desk_language"] = "zh-hans"
        assert (
            "没有选择文件。请选择导出的" in client.post("/office/imports/new/", {"source": "generic"}).content.decode()
        )

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "“orders.csv” is empty"),
            (b"a,b\n1,2\n", "The columns of orders.csv are not known"),
            ("订单编号\n".encode("gb18030") + b"\xff\xff\xff\n", "orders.csv is neither UTF-8 nor GBK text (line"),
            (b"\xd0\xcf\x11\xe0old workbook", "orders.csv is an old .xls workbook"),
        ],
    )
    def test_a_wrong_file_is_named_with_the_reason_and_not_offered_for_real(
        self, office: Any, content: bytes, said: str
    ) -> None:
        client = office("lead")
        answer = self.upload(client, content)
        assert said in answer.content.decode()
        assert not answer.context["waiting"]
        assert client.post("/office/imports/run/").status_code == 302
        assert not ImportRun.objects.exists()

    def test_a_bad_cell_is_named_by_file_line_column_and_reason(self, office: Any, tmp_path: Path) -> None:
        rows = generic_rows("A-1", "A-2")
        rows[2][1] = "yesterday"
        answer = self.upload(office("lead"), csv_file(tmp_path / "orders.csv", rows).read_bytes())
        page = re.sub(r"<td [^>]+>", "<td>", answer.content.decode())
        assert "<td>orders.csv</td><td>3</td><td>ordered_at</td>" in page
        assert answer.context["waiting"]

    def test_too_much_is_refused_before_it_is_read(self, office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("aftersales.office.imports.MOST_BYTES", 10)
        assert self.upload(office("lead"), b"x" * 11).context["form"].errors["files"]

    def test_a_name_cannot_leave_its_folder(self, office: Any, settings: Any) -> None:
        data = {"source": "generic", "files": SimpleUploadedFile("../../etc/passwd.csv", b"a\n", "text/csv")}
        office("lead").post("/office/imports/new/", data)
        assert not (Path(settings.DATA_DIR) / "etc").exists()

    @pytest.mark.parametrize("role", ["auditor", "agent"])
    def test_it_is_for_leads_and_managers(self, office: Any, role: str) -> None:
        assert office(role).get("/office/imports/new/").status_code == 403


class TestRules:
    def test_every_table_and_row_of_every_pack_can_be_read_in_both_languages(self, office: Any) -> None:
        client = office("auditor")
        for language in ("en", "zh-hans"):
            for name in shipped():
                pack = load_pack(name)
                page = client.get(f"/office/rules/{name}/", headers={"Accept-Language": language})
                assert page.context["proved"]
                for table in pack.tables:
                    text = client.get(
                        f"/office/rules/{name}/{table}/", headers={"Accept-Language": language}
                    ).content.decode()
                    for row in pack.table(table).rows:
                        assert f'id="{row.id}"' in text

    def test_rows_are_found_by_words_and_by_contest(self, office: Any) -> None:
        client = office()
        everything = client.get("/office/rules/cn/remedies/").context
        some = client.get("/office/rules/cn/remedies/", {"q": "crpl_25"}).context
        assert 0 < len(some["rows"]) < len(everything["rows"])
        contested = client.get("/office/rules/cn/remedies/", {"contested": "on"}).context["rows"]
        assert contested
        assert all(row.contested for row in contested)

    @pytest.mark.parametrize("path", ["nowhere/", "cn/nowhere/", "nowhere/sources/"])
    def test_what_is_not_there_is_not_there(self, office: Any, path: str) -> None:
        assert office().get(f"/office/rules/{path}").status_code == 404


class TestPeopleAndKeys:
    PERSON = {
        "email": "New@Shop.example", "name": "新人", "role": "agent", "locale": "", "team": "", "is_active": "on",
        "password_now": "correct horse battery",
    }  # fmt: skip

    def refused(self, client: Client, **fields: str) -> Any:
        return client.post("/office/accounts/user/add/", {**self.PERSON, **fields}).context["adminform"].form.errors

    def test_a_manager_makes_somebody_who_can_sign_in(self, office: Any) -> None:
        assert office().post("/office/accounts/user/add/", self.PERSON).status_code == 302
        made = User.objects.get(email="new@shop.example")
        assert made.check_password("correct horse battery")
        assert Event.objects.get(name="user.made").data == {"name": "新人", "role": "agent"}

    def test_a_weak_password_or_a_taken_address_is_told_at_its_field(self, office: Any) -> None:
        client = office()
        assert self.refused(client, password_now="short")["password_now"]
        assert self.refused(client, email="MANAGER@shop.example")["email"]

    def change(self, client: Client, user: User, **fields: str) -> Any:
        form = {"name": user.name, "role": user.role, "locale": "", "team": "", "is_active": "on", "password_now": ""}
        return client.post(f"/office/accounts/user/{user.pk}/change/", {**form, **fields}, follow=True)

    def test_a_role_change_counts_at_the_next_click_and_is_an_event(self, office: Any) -> None:
        lead, manager = office("lead"), office("manager")
        user = member("lead")
        assert lead.get("/office/").status_code == 200
        self.change(manager, user, role="warehouse")
        assert lead.get("/office/").status_code == 403
        event = Event.objects.get(name="user.role_changed")
        assert (event.data["before"], event.data["after"]) == ("lead", "warehouse")

    def test_nobody_changes_their_own_role_or_locks_themselves_out(self, office: Any) -> None:
        client = office()
        me = member("manager")
        assert "Ask another manager" in self.change(client, me, role="agent").content.decode()
        form = {"name": me.name, "role": me.role, "locale": "", "team": "", "password_now": ""}
        client.post(f"/office/accounts/user/{me.pk}/change/", form)
        me.refresh_from_db()
        assert (me.role, me.is_active) == ("manager", True)

    @pytest.mark.parametrize("path", ["accounts/user/add/", "accounts/apikey/add/"])
    def test_people_and_keys_ask_for_the_password_again(self, office: Any, path: str) -> None:
        answer = office(recently=False).get(f"/office/{path}")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/reauthenticate/")

    def test_shops_do_not(self, office: Any) -> None:
        shop = a_shop()
        assert office(recently=False).get(f"/office/customers/shop/{shop.pk}/change/").status_code == 200
        assert Shop.objects.count() == 1


class TestWords:
    def test_every_column_of_the_office_has_a_chinese_name(self) -> None:
        """Lists, pages and the tables on them: an English word among them is a field without a name of its own."""
        bare = []
        with translation.override("zh-hans"):
            for model, page in admin.site._registry.items():
                named: list[Any] = [(model, page, page.list_display), (model, page, _fields(model, page))]
                named += [(each.model, each(model, admin.site), each.fields) for each in page.inlines]
                for of, owner, names in named:
                    bare += [
                        f"{of.__name__}.{name}"
                        for name in names or ()
                        if not re.search("[\u4e00-\u9fff]|SKU|^ID$", str(label_for_field(name, of, owner)))
                    ]
        assert sorted(set(bare)) == []

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_an_instant_has_one_form_on_lists_and_pages(self, office: Any, language: str) -> None:
        ret, client = a_return(an_order()), office()
        client.cookies["desk_language"] = language
        with translation.override(language):
            words = datewords.exact(ret.submitted_at, clock.now())
        for page in ("returns/return/", f"returns/return/{ret.pk}/change/"):
            assert words in client.get(f"/office/{page}").content.decode(), page
        timer = Timer.objects.first()
        assert timer is not None
        with translation.override(language):
            due = datewords.exact(timer.due_at, clock.now())
        assert due in client.get(f"/office/ledger/timer/{timer.pk}/change/").content.decode()

    def test_an_objection_is_said_where_there_is_one_and_only_there(self, office: Any) -> None:
        quiet, loud = a_return(an_order()), a_return(an_order())
        Return.objects.filter(pk=loud.pk).update(is_contested=True)
        page = office().get("/office/returns/return/").content.decode()
        assert page.count("badge--danger") == 1
        assert "icon-no.svg" not in page
        assert quiet.ref in page

    def test_large_numbers_are_grouped(self) -> None:
        with translation.override("zh-hans"):
            assert grouped(4876) == "4,876"

    def test_what_a_list_is_narrowed_by_stays_in_sight(self, office: Any) -> None:
        a_return(an_order())
        shown = office().get("/office/returns/return/?status__exact=submitted")
        assert "status: submitted" in shown.content.decode()


def _fields(model: Any, page: Any) -> list[Any]:
    """What a page shows besides what its form names itself; of one that names nothing every column, as the admin does."""
    if page.fields:
        return [name for name in flatten(page.fields) if name not in page.form.declared_fields]
    if page.change_verb is not None:
        return []
    return [each.name for each in model._meta.fields if each.name not in ("id", *(page.exclude or ()))]
