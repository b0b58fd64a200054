"""Back-tests over stored cases and over a file: what is read back, and what the command says."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import NotPermitted
from returns import history
from returns.actions.coding import code_missing
from returns.models import CodedCase, FactCoding, FreightEntry, ReturnLine, RuleVersion, Verdict
from returns.models.coded import coding_of
from returns.rules.backtest import facts_of
from returns.rules.pack import PACKS, load_pack, read_folder
from tests.world import a_return, an_order, member, staff


def _short_platform_window(folder: Path) -> Path:
    """The pack cn, where the platform's clock no longer opens the no-reason return, and a wrong size is the shop's."""
    for file in (PACKS / "cn").iterdir():
        text = file.read_text("utf-8")
        text = text.replace("no_reason|price|size,*,*,*,*,*,*,buyer", "no_reason|price,*,*,*,*,*,*,buyer")
        text = text.replace("C20,2,*,wrong,", "C20,2,*,size|wrong,")
        (folder / file.name).write_text(
            text.replace("W20,2,platform,*,*,*,yes,yes", "W20,2,platform,*,*,*,yes,late"), "utf-8"
        )
    return folder


def backtest(*args: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("backtest", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_a_verdict_leaves_its_facts_in_coded_form() -> None:
    ret = a_return(an_order())
    verdict = Verdict.objects.get(line__of=ret, superseded=False)

    coded = CodedCase.objects.get(line__of=ret)

    kept = coding_of(coded.coding_id).decode(bytes(coded.facts))
    assert kept == {name: value for name, value in verdict.facts.items() if name != "zone_of_receipt"}
    assert (coded.pack, coded.currency) == ("cn", ret.order.currency)
    assert coded.decided_on == clock.shop_date(verdict.decided_at)
    assert FactCoding.objects.count() == 1


@pytest.mark.django_db
def test_what_is_read_back_is_what_was_decided_on() -> None:
    for reason in ("preference", "flaw", "carrier_damage"):
        a_return(an_order(), reason=reason)
    facts = {verdict.line_id: verdict.facts for verdict in Verdict.objects.filter(superseded=False)}

    ((place, cases),) = history.read_cases("cn")

    assert len(cases) == 3
    assert place.line == max(facts)
    for case in range(3):
        told = facts[int(cases.refs(case))]
        stored = {name: value for name, value in told.items() if not name.endswith("_on") and name != "zone_of_receipt"}
        assert facts_of(cases.columns, case) == stored
    today = clock.shop_date(clock.now())
    assert {int(month) for month in cases.months} == {today.year * 100 + today.month}
    assert cases.currency_names == ("CNY",)


@pytest.mark.django_db
def test_reading_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PIECE", 2)
    for _ in range(5):
        a_return(an_order())

    pieces = list(history.read_cases("cn"))

    assert [len(cases) for _place, cases in pieces] == [2, 2, 1]
    rest = list(history.read_cases("cn", after=pieces[0][0]))
    assert [len(cases) for _place, cases in rest] == [2, 1]
    assert history.count_cases("cn") == 5
    assert history.count_cases("cn", clock.shop_date(clock.now()) + dt.timedelta(days=1)) == 0
    assert list(history.read_cases("eu")) == []


@pytest.mark.django_db
def test_older_verdicts_are_coded_once() -> None:
    for _ in range(3):
        a_return(an_order())
    before = {row.line_id: bytes(row.facts) for row in CodedCase.objects.all()}
    CodedCase.objects.all().delete()

    assert code_missing(actor=SYSTEM, most=2) == 2
    assert code_missing(actor=SYSTEM) == 1
    assert code_missing(actor=SYSTEM) == 0

    assert {row.line_id: bytes(row.facts) for row in CodedCase.objects.all()} == before
    with pytest.raises(NotPermitted):
        code_missing(actor=staff("agent"))


@pytest.mark.django_db
def test_a_fact_that_an_old_verdict_does_not_say_is_not_taken_for_its_default() -> None:
    a_return(an_order())
    verdict = Verdict.objects.get()
    Verdict.objects.update(facts={name: value for name, value in verdict.facts.items() if name != "intact"})
    CodedCase.objects.all().delete()
    code_missing(actor=SYSTEM)

    ((_place, cases),) = history.read_cases("cn")

    assert "intact" not in facts_of(cases.columns, 0)
    assert facts_of(cases.columns, 0)["reason"] == "preference"


@pytest.mark.django_db
def test_the_freight_of_a_parcel_is_shared_out_to_the_last_fen() -> None:
    ret = a_return(an_order())
    line = ReturnLine.objects.get(of=ret)
    for reason in ("flaw", "too_late"):
        ReturnLine.objects.create(of=ret, order_line=line.order_line, quantity=1, reason=reason)
    FreightEntry.objects.filter(of=ret, leg="return").update(amount_minor=1000)
    lines = sorted(ReturnLine.objects.filter(of=ret).values_list("pk", flat=True))

    freight = history.freight_of(lines)

    assert list(freight["return"]) == [334, 333, 333]
    assert list(freight["outbound"]) == [0, 0, 0]


@pytest.mark.django_db
def test_the_command_tells_what_changes_in_the_stored_cases(tmp_path: Path) -> None:
    kept = a_return(an_order(), reason="preference")
    moved = a_return(an_order(), reason="wrong_choice.size")
    FreightEntry.objects.filter(of=moved, leg="return").update(amount_minor=1350)

    out, _err = backtest("cn", str(_short_platform_window(tmp_path)))
    said, _err = backtest("cn", str(tmp_path), "--json")
    report = json.loads(said)

    assert out.startswith("1 of 2 cases would have been decided otherwise (50.00%); 0 cannot say.")
    assert moved.ref in out
    assert kept.ref not in out
    assert "not in the number" in out
    (change,) = report["transitions"]
    assert (change["before"]["return"], change["after"]["return"]) == ("buyer", "shop")
    lines = {(line["item"], line["payer"]): line for line in report["money"]["CNY"]["items"]}
    assert lines["return", "shop"]["difference"] == 1350
    assert lines["return", "buyer"]["difference"] == -1350
    draft = RuleVersion.objects.create(
        rule_set="cn", number=99, files=read_folder(tmp_path), semantics="1", author=member("lead"),
        created_at=clock.now(),
    )  # fmt: skip
    assert backtest("cn", str(draft))[0] == out
    none, _err = backtest("cn", str(tmp_path), "--since", "2199-01-01")
    assert none.startswith("0 of 0 cases")


FILE = """ref,reason,days_since_receipt,platform_window,line_paid,month,return_fee
a,preference,9,running,5000,2026-08,
b,preference,3,,1000,2026-08,900
c,preferense,3,,1000,2026-08,900
d,flaw,x,,1000,2026-08,900
e,flaw,3,,1000,2026-18,900
f,flaw,,,1000,2026-08,900
"""


def test_a_file_of_facts_is_tried_without_a_database(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("\n".join(FILE.split("\n")[:3]), "utf-8")
    (tmp_path / "pack").mkdir()

    out, err = backtest("cn", str(_short_platform_window(tmp_path / "pack")), "--csv", str(file), "--fee", "700")

    assert out.startswith("1 of 2 cases")
    assert "e.g. a:" in out
    assert "700 minor units" in out
    assert err == ""


def test_every_bad_cell_is_named_with_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text(FILE, "utf-8")
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match="4 lines could not be read") as refused:
        call_command("backtest", "cn", "cn", "--csv", str(file), stdout=out, stderr=err)

    assert refused.value.returncode == 1
    said = err.getvalue()
    assert "line 4, column reason: 'preferense' is not known; did you mean preference" in said
    assert "line 5, column days_since_receipt: write a whole number" in said
    assert "line 6, column month: write a month" in said
    assert "line 7, column days_since_receipt: must be given" in said
    assert out.getvalue().startswith("0 of 2 cases")


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("reason,dayz", "line 1, column dayz: is not a known fact"),
        ("reason,reason", "line 1, column reason: stands twice"),
        ("", "line 1: is empty"),
    ],
)
def test_a_bad_header_is_refused(tmp_path: Path, header: str, why: str) -> None:
    file = tmp_path / "cases.csv"
    file.write_text(header, "utf-8")
    with pytest.raises(CommandError, match=why):
        backtest("cn", "cn", "--csv", str(file))


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("cn", "cn@999"), "is not a version"),
        (("cn", "cn@"), "is not a version"),
        (("cn", "nowhere"), "neither a shipped pack"),
        (("cn", "cn", "--since", "yesterday"), "not a date"),
        (("cn", "cn", "--csv", "/nowhere.csv"), "cannot be read"),
        (("cn", "cn", "--fee", "-1"), "must not be negative"),
    ],
)
@pytest.mark.django_db
def test_what_cannot_be_read_is_told(args: Any, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        backtest(*args)
    assert load_pack("cn")
