"""The editor of rules over HTTP: one change at a time, proved at once, refused with its place, undone, never lost."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from returns.actions import rulebook
from returns.models import RuleVersion
from returns.rules.pack import load_pack, read_pack
from tests.world import staff

pytestmark = pytest.mark.django_db
DAYS = "if-days_since_receipt"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def draft(db: None) -> RuleVersion:
    return rulebook.start_draft("cn", actor=staff("manager"), note="Shorter return window")


def at(draft: RuleVersion, table: str = "withdrawal", what: str = "") -> str:
    return f"/office/rules/drafts/{draft.pk}/{table}/{what}"


def fresh(draft: RuleVersion) -> RuleVersion:
    return RuleVersion.objects.get(pk=draft.pk)


def narrowed(draft: RuleVersion, **more: Any) -> dict[str, Any]:
    return {"edit": "cell", "row": "W04", "key": "if-intact", "value": "no", "revision": fresh(draft).revision, **more}


def gap_form(page: Any, draft: RuleVersion) -> dict[str, Any]:
    gap = page.context["state"].gaps[0]
    cells = {f"if-{name}": text for name, text in gap.cells.items()}
    return {"edit": "add", "like": gap.like, "revision": fresh(draft).revision, **cells}


class TestTheGrid:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_every_table_is_drawn_and_proved(self, office: Any, draft: RuleVersion, language: str) -> None:
        client = office()
        for table in load_pack("cn").tables:
            page = client.get(at(draft, table), headers={"Accept-Language": language})
            assert page.status_code == 200
            assert page.context["state"].proved
            assert page.context["grid"].total == page.content.decode().count('<tr id="row-')

    def test_words_and_a_layer_narrow_it(self, office: Any, draft: RuleVersion) -> None:
        page = office().get(at(draft, "remedies"), {"q": "recall", "layer": "0"}).context
        assert 0 < page["grid"].shown < page["grid"].total
        assert [layer.number for layer in page["grid"].layers] == [0]

    def test_a_lead_changes_and_an_agent_does_not_enter(self, office: Any, draft: RuleVersion) -> None:
        assert "rule-cell" in office("lead").get(at(draft)).content.decode()
        assert office("agent").get(at(draft)).status_code == 403

    def test_what_is_no_draft_any_more_is_only_read(self, office: Any, draft: RuleVersion) -> None:
        rulebook.discard_draft(draft.pk, actor=staff("manager"))
        client = office()
        assert "rule-cell" not in client.get(at(draft)).content.decode()
        answer = client.post(at(draft), narrowed(draft), headers=HTMX)
        assert answer.status_code == 409
        assert fresh(draft).files == draft.files

    def test_what_takes_away_from_the_law_is_said_beside_the_grid(self, office: Any, draft: RuleVersion) -> None:
        client = office()
        assert client.get(at(draft, "cause")).context["weakened"] == ()
        law = next(row for row in load_pack("cn").table("cause").rows if row.layer == 0)
        client.post(
            at(draft, "cause"), {"edit": "layer", "row": law.id, "layer": "3", "revision": fresh(draft).revision}
        )
        page = client.get(at(draft, "cause"))
        (told,) = page.context["weakened"]
        assert told.rows[0] == law.id
        assert "This takes away from the law" in page.content.decode()
        assert told.article[0].en in page.content.decode()

    def test_a_table_or_draft_that_is_not_there_is_404(self, office: Any, draft: RuleVersion) -> None:
        client = office()
        assert client.get(at(draft, "nothing")).status_code == 404
        assert client.get("/office/rules/drafts/9999/withdrawal/").status_code == 404
        assert client.get(at(draft, what="pick/?row=W04&key=if-nothing")).status_code == 404


class TestAChange:
    def test_a_narrowed_row_shows_its_gap_and_the_gap_is_closed_with_one_press(
        self, office: Any, draft: RuleVersion
    ) -> None:
        client = office()
        page = client.post(at(draft), narrowed(draft), headers=HTMX)
        assert page.status_code == 200
        assert "Add this row" in page.content.decode()
        assert not page.context["state"].proved
        while page.context["state"].gaps:
            page = client.post(at(draft), gap_form(page, draft), headers=HTMX)
        assert not page.context["state"].gaps
        assert fresh(draft).edits.count() == fresh(draft).revision - 1

    def test_without_javascript_it_leads_back_to_the_place(self, office: Any, draft: RuleVersion) -> None:
        answer = office().post(at(draft) + "?layer=0", narrowed(draft))
        assert answer.status_code == 302
        assert answer.url == at(draft) + "?layer=0#cell-W04-if-intact"

    def test_the_same_choice_again_changes_nothing(self, office: Any, draft: RuleVersion) -> None:
        client = office()
        client.post(at(draft), narrowed(draft), headers=HTMX)
        once = fresh(draft)
        client.post(at(draft), narrowed(draft), headers=HTMX)
        assert fresh(draft).revision == once.revision

    def test_the_last_change_is_undone_once(self, office: Any, draft: RuleVersion) -> None:
        client = office()
        client.post(at(draft), narrowed(draft), headers=HTMX)
        undo = {"edit": "undo", "revision": fresh(draft).revision}
        assert client.post(at(draft), undo, headers=HTMX).status_code == 200
        assert fresh(draft).files == draft.files
        assert client.post(at(draft), undo, headers=HTMX).status_code == 422

    @pytest.mark.parametrize(
        ("table", "form", "says"),
        [
            ("guarantee", {"edit": "cell", "row": "G01", "key": DAYS, "mode": "in", "low": "9", "high": "3"},
             "write the smaller number first"),
            ("guarantee", {"edit": "cell", "row": "G01", "key": DAYS, "mode": "in", "low": "", "high": "3"},
             "write a whole number"),
            ("guarantee", {"edit": "cell", "row": "G01", "key": DAYS, "mode": "in", "low": "0", "high": "9999"},
             "lies outside 0 to 3650"),
            ("guarantee", {"edit": "cell", "row": "G01", "key": "if-goods", "mode": "not"}, "tick at least one value"),
            ("guarantee", {"edit": "outcome", "row": "G01", "key": "then-guarantee"}, "say what is decided"),
            ("guarantee", {"edit": "layer", "row": "G01", "layer": "9"}, "one of the four layers"),
            ("guarantee", {"edit": "grounds", "row": "G01", "mark": "excerpt"}, "at least one source"),
            ("guarantee", {"edit": "words", "row": "G01", "customer_zh": "好"}, "both languages"),
            ("guarantee", {"edit": "copy", "row": "Z99"}, "not in table guarantee any more"),
            ("guarantee", {"edit": "example", "row": "G01", "facts": "{"}, "cannot be read"),
            ("guarantee", {"edit": "drop-example", "number": "99999"}, "not there any more"),
            ("guarantee", {"edit": "anything"}, "does not know that change"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_with_its_place_and_nothing_changes(
        self, office: Any, draft: RuleVersion, table: str, form: dict[str, str], says: str
    ) -> None:
        client = office()
        answer = client.post(at(draft, table), {**form, "revision": 1}, headers=HTMX)
        assert answer.status_code == 422
        assert answer["HX-Retarget"] == "#rule-refused"
        assert says in answer.content.decode()
        assert says in client.post(at(draft, table), {**form, "revision": 1}).content.decode()
        assert fresh(draft).revision == draft.revision

    def test_every_place_has_its_picker_and_saves_what_it_picked(self, office: Any, draft: RuleVersion) -> None:
        client = office()
        for table, row, key in (
            ("guarantee", "G01", "row"), ("guarantee", "G01", "layer"), ("guarantee", "G01", "grounds"),
            ("guarantee", "G01", "words"), ("guarantee", "G01", "if-goods"), ("guarantee", "G01", "if-days_since_receipt"),
            ("withdrawal", "W04", "if-intact"), ("cause", "C01", "then-carrier_claim"), ("cause", "C01", "then-fault"),
            ("deadlines", "T01", "then-days"), ("remedies", "D01", "then-remedies"),
        ):  # fmt: skip
            address = at(draft, table, f"pick/?row={row}&key={key}")
            assert client.get(address, headers=HTMX).content.decode().count("<html") == 0
            assert client.get(address).content.decode().count("</html>") == 1
        kept = {
            ("deadlines", "T01", "then-days"): (["9"], "outcome", "law|over,not excluded,customer,9,"),
            ("remedies", "D01", "then-remedies"): (["exchange", "return_refund", ""], "outcome", "exchange|return_refund"),
        }  # fmt: skip
        for (table, row, key), (value, edit, text) in kept.items():
            form = {"edit": edit, "row": row, "key": key, "value": value, "revision": fresh(draft).revision}
            assert client.post(at(draft, table), form, headers=HTMX).status_code == 200
            assert text in fresh(draft).files[f"{table}.csv"]

    def test_words_for_one_row_and_a_new_source(self, office: Any, draft: RuleVersion) -> None:
        client = office()
        words = {
            "customer_zh": "新的说明",
            "staff_zh": "员工看的",
            "customer_en": "new words {days}",
            "staff_en": "for staff",
        }
        told = client.post(at(draft, "return", "pick/?row=R10&key=words"), words, headers=HTMX).content.decode()
        assert "new words 3" in told
        form = {"edit": "words", "row": "R10", "own": "1", "revision": fresh(draft).revision, **words}
        assert client.post(at(draft, "return"), form, headers=HTMX).status_code == 200
        source = {
            "edit": "grounds", "row": "R10", "source": ["crpl_24"], "mark": "excerpt", "new_key": "ec_21", "new_kind": "law",
            "new_zh": "《电子商务法》第二十一条", "new_en": "E-Commerce Law, art. 21", "new_mark": "excerpt",
            "revision": fresh(draft).revision,
        }  # fmt: skip
        assert client.post(at(draft, "return"), source, headers=HTMX).status_code == 200
        pack = read_pack(fresh(draft).files)
        row = next(row for row in pack.table("return").rows if row.id == "R10")
        assert row.sources == ("crpl_24", "ec_21")
        assert pack.words["en"]["customer"][row.why] == "new words {days}"


class TestTwoAtOnce:
    def test_the_second_sees_the_first_ones_change_and_makes_theirs_on_top(
        self, office: Any, draft: RuleVersion
    ) -> None:
        mine = narrowed(draft)
        theirs = {"edit": "layer", "row": "W04", "layer": "1", "revision": draft.revision}
        office("lead").post(at(draft), theirs, headers=HTMX)
        client = office()
        answer = client.post(at(draft), mine, headers=HTMX)
        assert answer.status_code == 409
        said = answer.content.decode()
        assert "lead" in said
        assert "Make my change on top" in said
        assert "W04,1," in fresh(draft).files["withdrawal.csv"]
        again = {**dict(answer.context["again"]), "revision": fresh(draft).revision}
        assert client.post(at(draft), again, headers=HTMX).status_code == 200
        row = next(line for line in fresh(draft).files["withdrawal.csv"].splitlines() if line.startswith("W04"))
        assert row.startswith("W04,1,law,none,*,*,no,")


class TestExamplesAndCases:
    def test_an_example_that_goes_elsewhere_is_told_and_can_be_taken_over(
        self, office: Any, draft: RuleVersion
    ) -> None:
        client = office()
        page = client.post(at(draft), narrowed(draft), headers=HTMX)
        while page.context["state"].gaps:
            page = client.post(at(draft), gap_form(page, draft), headers=HTMX)
        astray = client.get(at(draft, what="examples/"), headers=HTMX).context["astray"]
        assert astray
        for _ in range(len(astray)):
            each = client.get(at(draft, what="examples/"), headers=HTMX).context["astray"][0]
            form = {"edit": "example", "number": each.number, "row": each.goes, "facts": each.text}
            client.post(at(draft), {**form, "revision": fresh(draft).revision}, headers=HTMX)
        assert client.get(at(draft, what="examples/"), headers=HTMX).context["astray"] == []

    def test_a_case_is_tried_before_and_after_and_kept(self, office: Any, draft: RuleVersion) -> None:
        client = office()
        case = {"reason": "flaw", "days_since_receipt": "3"}
        assert client.get(at(draft, "return", "try/"), case).context["same"]
        form = {"edit": "outcome", "row": "R10", "key": "then-payer", "value": "buyer", "revision": draft.revision}
        client.post(at(draft, "return"), form, headers=HTMX)
        page = client.get(at(draft, "return", "try/"), case)
        assert not page.context["same"]
        assert page.context["row"] == "R10"
        before = fresh(draft).files["examples.jsonl"].count("\n")
        keep = {"edit": "example", "row": "R10", "facts": page.context["facts_text"], "revision": fresh(draft).revision}
        client.post(at(draft, "return"), keep)
        assert fresh(draft).files["examples.jsonl"].count("\n") == before + 1

    @pytest.mark.parametrize(
        "case", [{"reason": "nonsense"}, {"reason": "flaw", "days_since_receipt": "soon"}, {"reason": "flaw"}]
    )
    def test_a_case_that_cannot_be_names_the_fact(self, office: Any, draft: RuleVersion, case: dict[str, str]) -> None:
        page = office().get(at(draft, "return", "try/"), case)
        assert page.status_code == 200
        assert "please check what was entered" in page.content.decode()


class TestTheTextForm:
    def up(self, client: Any, draft: RuleVersion, **files: str | bytes) -> Any:
        sent = [SimpleUploadedFile(name.replace("__", "."), body.encode() if isinstance(body, str) else body)
                for name, body in files.items()]  # fmt: skip
        return client.post(f"/office/rules/drafts/{draft.pk}/text/", {"files": sent, "revision": fresh(draft).revision})

    def test_the_zip_comes_back_as_it_went(self, office: Any, draft: RuleVersion) -> None:
        client = office()
        down = client.get(f"/office/rules/drafts/{draft.pk}/text.zip")
        with zipfile.ZipFile(io.BytesIO(down.content)) as archive:
            assert {name: archive.read(name).decode() for name in archive.namelist()} == draft.files
        assert self.up(client, draft, cn__zip=down.content).status_code == 302
        assert fresh(draft).revision == draft.revision

    def test_a_sheet_holds_no_formula_and_comes_back_with_its_change(self, office: Any, draft: RuleVersion) -> None:
        client = office()
        for table in load_pack("cn").tables:
            sheet = client.get(f"/office/rules/drafts/{draft.pk}/{table}.csv").content.decode("utf-8-sig")
            assert not [
                cell
                for line in sheet.splitlines()
                for cell in line.split(",")
                if cell[:1] in ("=", "+", "@") or cell[:2] == "->"
            ]
            assert self.up(client, draft, **{f"{table}__csv": sheet}).status_code == 302
        assert fresh(draft).revision == draft.revision
        sheet = client.get(f"/office/rules/drafts/{draft.pk}/guarantee.csv").content.decode("utf-8-sig")
        assert self.up(client, draft, guarantee__csv=sheet.replace("<=7", "<=6", 1)).status_code == 302
        assert "<=6" in fresh(draft).files["guarantee.csv"]

    @pytest.mark.parametrize(
        ("name", "change", "says"),
        [
            ("guarantee__csv", ("G01,", "=1+1,"), ["guarantee.csv", "line 2", "column id", "formula"]),
            ("guarantee__csv", ("goods,", "god,"), ["line 1", "did you mean goods"]),
            ("guarantee__csv", ("G02,", "G01,"), ["line 3", "column id", "line 2 has it"]),
            ("guarantee__csv", ("<=7", "9..3"), ["line 2", "column days_since_receipt", "start lies after its end"]),
            ("words__en__toml", ("cause_lost", "cause_lots"), ["words.en.toml", "cause_lost"]),
            ("sources__toml", ('kind = "law"', 'kind = "law"\nvalid_to = "2001-01-01"'), ["ended on 2001", "column sources"]),
            ("sources__toml", ("kind", "\x00kind"), ["sources.toml"]),
        ],
    )  # fmt: skip
    def test_a_bad_file_is_refused_with_its_place_and_nothing_is_saved(
        self, office: Any, draft: RuleVersion, name: str, change: tuple[str, str], says: list[str]
    ) -> None:
        body = draft.files[name.replace("__", ".")].replace(*change, 1)
        answer = self.up(office(), draft, **{name: body})
        assert answer.status_code in (400, 422)
        page = answer.content.decode().replace("&#x27;", "'")
        assert [each for each in says if each not in page] == []
        assert fresh(draft).files == draft.files

    def test_what_is_too_large_or_no_pack_is_refused(self, office: Any, draft: RuleVersion) -> None:
        client = office()
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("pack.toml", "#" * 10_000_000)
        for files, says in (
            ({"guarantee__csv": "x" * 10_000_000}, "too large"), ({"cn__zip": bomb.getvalue()}, "too large unpacked"),
            ({"cn__zip": b"PK not a zip"}, "cannot be opened"), ({"guarantee__xlsx": b"x"}, "is not a file of a pack"),
            ({"gaurantee__csv": "x"}, "is not a file of this pack"), ({"guarantee__csv": b"\xff\xfe"}, "is not UTF-8"),
            ({}, "choose a ZIP"),
        ):  # fmt: skip
            answer = self.up(client, draft, **files)
            assert answer.status_code == 422
            assert says in answer.content.decode()
        assert fresh(draft).revision == draft.revision

    def test_a_refusal_is_told_in_the_readers_language(self, office: Any, draft: RuleVersion) -> None:
        client = office()
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
        client.headers = {}
        page = self.up(client, draft, guarantee__csv=draft.files["guarantee.csv"].replace("G02,", "G01,", 1))
        assert "编号 G01 重复" in page.content.decode()

    def test_a_draft_whose_head_is_broken_can_still_be_mended(self, office: Any, draft: RuleVersion) -> None:
        broken = {**draft.files, "pack.toml": "name = ", "words.en.toml": "="}
        rulebook.save_draft(draft.pk, broken, revision=draft.revision, actor=staff("manager"))
        client = office()
        assert client.get(f"/office/rules/drafts/{draft.pk}/text/").status_code == 200
        assert client.get(at(draft, "return")).status_code == 200
        mended = {name.replace(".", "__"): draft.files[name] for name in ("pack.toml", "words.en.toml")}
        assert self.up(client, draft, **mended).status_code == 302
        assert fresh(draft).files == draft.files
