"""Packs as text: byte-identical round trip, a hash over the meaning, and refusals that name file, line, column and
what to do."""

import shutil
from pathlib import Path

import pytest

from returns.rules.canonical import write_body, write_head
from returns.rules.language import CellError, Column, Outcome, Row
from returns.rules.pack import PACKS, SEMANTICS, Pack, load_pack, open_pack, read_folder, read_pack, shipped
from returns.rules.text import BIGGEST_FILE, PackError, parse_table, read_file

PACK = load_pack("cn")
TABLES = [(pack, table) for pack in shipped() for table in load_pack(pack).tables]


@pytest.mark.parametrize(("shipped_pack", "name"), TABLES)
def test_the_shipped_tables_are_canonical_to_the_byte(shipped_pack: str, name: str) -> None:
    pack = load_pack(shipped_pack)
    table = pack.table(name)
    assert write_head(table) == pack.files[f"{name}.toml"]
    assert write_body(table) == pack.files[f"{name}.csv"]
    assert parse_table(name, write_head(table), write_body(table)) == table


def test_spelling_does_not_change_the_hash_and_meaning_does() -> None:
    files = dict(PACK.files)
    head, *rows = files["withdrawal.csv"].splitlines()
    files["withdrawal.csv"] = "\r\n".join([head, *reversed(rows)]) + "\r\n"
    files["words.zh.toml"] += "\n# a note\n"
    assert read_pack(files).sha256 == PACK.sha256
    files["words.zh.toml"] = files["words.zh.toml"].replace("您", "你", 1)
    assert read_pack(files).sha256 != PACK.sha256
    files = dict(PACK.files)
    files["guarantee.csv"] = files["guarantee.csv"].replace("8..730", "8..731", 1)
    assert read_pack(files).sha256 != PACK.sha256


@pytest.mark.parametrize("name", shipped())
def test_a_pack_is_rebuilt_from_its_files(name: str) -> None:
    pack = load_pack(name)
    again = read_pack(pack.files)
    assert (again.name, again.sha256) == (name, pack.sha256)
    facts = {"reason": "flaw", "days_since_receipt": 3}
    assert again.decide(facts).as_dict() == pack.decide(facts).as_dict()


def test_no_two_packs_have_the_same_hash() -> None:
    assert len({load_pack(name).sha256 for name in shipped()}) == len(shipped()) >= 3


@pytest.mark.parametrize("name", shipped())
def test_the_statutory_period_is_the_same_in_the_head_and_in_the_table(name: str) -> None:
    pack = load_pack(name)
    rows = [row for row in pack.table("deadlines").rows if row.layer == 0 and row.outcome[1] == "receipt"]
    days = next(row.outcome[0] for row in rows if "no_reason_return" in _clock(pack, row))
    assert days == pack.no_reason_days


def _clock(pack: Pack, row: Row) -> str:
    table = pack.table("deadlines")
    position = [column.name for column in table.columns].index("clock")
    return table.columns[position].format(row.cells[position])


BAD_EDITS = [
    (
        "cause.csv", "C22,2,*,quality", "C22,2,*,qualitty",
        "cause.csv, line 17, column matter", "'qualitty' is not a value",
    ),
    ("cause.csv", "id,layer,stage,", "id,layer,stge,", "cause.csv, line 1", "did you mean stage"),
    ("cause.csv", "C21,2,", "C20,2,", "cause.csv, line 16, column id", "uses the id C20 again"),
    ("cause.csv", "C21,2,", "C21,7,", "column layer", "write 0 (law)"),
    ("cause.csv", "C21,2,", ",2,", "column id", "without an id"),
    ("cause.csv", "C21,2,", "C21,2,*,", "cause.csv, line 16", "has 17 fields where 16 are needed"),
    ("cause.csv", "C21,2,*,missing", "C21,2,=SUM(A1:A9),missing", "column stage", "looks like a spreadsheet formula"),
    ("cause.csv", "shop,no,cause_missing", "shopp,no,cause_missing", "column ->fault", "'shopp' is not an outcome"),
    ("cause.csv", "shop,no,cause_missing", "shop,maybe,cause_missing", "column ->carrier_claim", "write yes or no"),
    ("cause.csv", "cause_missing,", "cause_lacking,", "words.zh.toml", "has no [customer] text 'cause_lacking'"),
    (
        "cause.csv", "shop_cause|crpl_48,verified,-\nC22", "shop_cause|crpl_49,verified,-\nC22",
        "column sources", "did you mean",
    ),
    ("cause.csv", "shop_cause|crpl_48,verified,-\nC22", ",verified,-\nC22", "column sources", "names no source"),
    (
        "cause.csv", "shop_cause|crpl_48,verified,-\nC22", "shop_cause,verified,-\nC22",
        "column mark", "none of its sources is",
    ),
    (
        "cause.csv", "shop_cause|crpl_48,verified,-\nC22", "crpl_48,sure,-\nC22",
        "column mark", "write one of verified",
    ),
    (
        "cause.csv", "shop_cause|crpl_48,verified,-\nC22", "crpl_48,verified,hm\nC22",
        "words.zh.toml", "needs [contested.hm]",
    ),
    ("cause.csv", "<=184", "<=18d", "column days_since_receipt", "write *, =3, <=7"),
    ("cause.csv", "<=184", "9..3", "column days_since_receipt", "its start lies after its end"),
    ("cause.csv", "<=184", ">=4000", "column days_since_receipt", "is outside 0..3650"),
    ("withdrawal.csv", "W04,0,law,none,*,*,yes", "W04,0,law,none,*,*,true", "column intact", "write yes, no or *"),
    ("cause.toml", '"unshipped", ', "", "cause.toml, column stage", "missing: ['unshipped']"),
    ("cause.toml", 'name = "stage"', 'name = "stagge"', "cause.toml, column stagge", "did you mean stage"),
    ("cause.toml", "int = [0, 3650]", "int = [0, 30]", "column days_since_receipt", "must run from 0 to 3650"),
    ("cause.toml", "int = [0, 3650]", "bool = true", "column days_since_receipt", "the fact is int"),
    ("cause.toml", "int = [0, 3650]", "int = [9, 3]", "column days_since_receipt", "has an empty range"),
    ("cause.toml", "int = [0, 3650]", "int = 7", "column days_since_receipt", "write int = [lowest, highest]"),
    ("cause.toml", "int = [0, 3650]", "", "column days_since_receipt", "needs enum"),
    ("cause.toml", 'name = "stage"', 'name = ""', "cause.toml", "without a name"),
    ("cause.toml", 'name = "stage"', 'name = "matter"', "cause.toml", "names a column twice"),
    ("cause.toml", 'name = "carrier_claim"\nbool = true', 'name = "carrier_claim"', "->carrier_claim", "needs enum"),
    ("cause.toml", 'table = "cause"', "table = cause", "cause.toml", "is not valid TOML"),
    ("extras.toml", 'each = "extra"', 'each = "extras"', "extras.toml", "is not one of its columns"),
    (
        "outbound.toml", '"price_adjust", "goodwill_only"]', '"price_adjust", "goodwill"]',
        "outbound.toml", "no earlier table says",
    ),
    (
        "remedies.toml", '"goodwill_only"]', '"goodwill_only", "gift"]',
        "pack.toml", "a table says 'gift' for remedies",
    ),
    ("words.en.toml", "{promised_days}", "{promise_days}", "words.en.toml", "did you mean promised_days"),
    ("words.en.toml", "{promised_days}", "{promised_days", "words.en.toml", "is not a template"),
    ("sources.toml", 'mark = "verified"', 'mark = "certain"', "sources.toml", "has mark 'certain'"),
    ("sources.toml", 'kind = "law"\n', "", "sources.toml", "needs kind"),
    ("sources.toml", 'kind = "law"\n', 'kind = "law"\nurl = "x"\n', "sources.toml", "unknown entry url"),
    (
        "sources.toml", 'kind = "law"\n', 'kind = "law"\nvalid_to = 2025-12-31\n',
        "column sources", "ended on 2025-12-31",
    ),
    (
        "sources.toml", "valid_from = 2014-03-15\n", "valid_from = 2026-01-02\n",
        "column sources", "begins on 2026-01-02, after 2026-01-01",
    ),
    (
        "sources.toml", 'kind = "law"\n', 'kind = "law"\nvalid_to = "soon"\n',
        "sources.toml", "write a date such as",
    ),
    ("pack.toml", 'semantics = "1"\n', 'semantics = "1"\nno_reason_days = "7"\n', "pack.toml", "write whole days"),
    ("pack.toml", f'semantics = "{SEMANTICS}"', 'semantics = "99"', "pack.toml", "this engine has"),
    ("pack.toml", 'version = "2026.2"\n', "", "pack.toml", "needs version"),
    ("pack.toml", 'each = [', 'eech = [', "pack.toml", "did you mean each"),
    ("pack.toml", "effective = 2026-01-01", 'effective = "new year"', "pack.toml", "write a date such as"),
    ("pack.toml", "each = [", 'moves_with_holidays = "yes"\neach = [', "pack.toml", "write true or false"),
    ("pack.toml", 'remedy = "treble_damages"', 'remedy = "tripple_damages"', "pack.toml", "did you mean treble_damages"),
    ("pack.toml", "times = 3", "times = 3.5", "pack.toml", "without times"),
    ("pack.toml", '"guarantee", "remedies"]', '"guarantee"]', "pack.toml", "ends with remedies"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "place", "says"), BAD_EDITS)
def test_a_hand_edited_pack_is_refused_with_place_and_advice(
    file: str, old: str, new: str, place: str, says: str
) -> None:
    files = dict(PACK.files)
    assert old in files[file], "the edit must hit something"
    files[file] = files[file].replace(old, new, 1)
    with pytest.raises(PackError) as caught:
        read_pack(files)
    assert place in str(caught.value)
    assert says in str(caught.value)


def test_a_missing_language_and_a_file_of_ten_megabytes_are_named() -> None:
    files = {name: text for name, text in PACK.files.items() if name != "words.en.toml"}
    with pytest.raises(PackError, match=r"words\.en\.toml: is missing from the pack"):
        read_pack(files)
    with pytest.raises(PackError, match=r"cause\.csv: is larger than"):
        read_pack({**PACK.files, "cause.csv": PACK.files["cause.csv"] + "x" * 10_000_000})


def test_a_missing_file_and_an_empty_table_are_named() -> None:
    files = {name: text for name, text in PACK.files.items() if name != "cause.csv"}
    with pytest.raises(PackError, match=r"cause\.csv: is missing"):
        read_pack(files)
    files["cause.csv"] = PACK.files["cause.csv"].splitlines()[0] + "\n"
    with pytest.raises(PackError, match=r"cause\.csv: has no rows"):
        read_pack(files)
    files["cause.csv"] = PACK.files["cause.csv"].replace("C01,", '"C01,', 1)
    with pytest.raises(PackError, match="not readable as CSV"):
        read_pack(files)
    files["cause.csv"], files["cause.toml"] = PACK.files["cause.csv"], 'table = "cause"\n'
    with pytest.raises(PackError, match=r"needs at least one \[\[column\]\]"):
        read_pack(files)


def test_blank_lines_are_skipped() -> None:
    files = {**PACK.files, "cause.csv": PACK.files["cause.csv"].replace("\nC20", "\n\nC20")}
    assert read_pack(files).sha256 == PACK.sha256


def test_an_impossible_box_is_written_and_read_back_and_refused_when_wrong() -> None:
    box = '\n[[impossible]]\nintact = "no"\nwindow = "over"\nbecause = "never both"\n'
    head = PACK.files["withdrawal.toml"] + box
    table = parse_table("withdrawal", head, PACK.files["withdrawal.csv"])
    assert table.impossible[0].because == "never both"
    assert parse_table("withdrawal", write_head(table), write_body(table)) == table
    for old, new, says in (
        ('because = "never both"', "", "without because"),
        ('intact = "no"', 'intactt = "no"', "did you mean intact"),
        ('intact = "no"', 'intact = "never"', "write yes, no or"),
    ):
        with pytest.raises(PackError, match=says):
            parse_table("withdrawal", head.replace(old, new), PACK.files["withdrawal.csv"])


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("*", "*"), ("a|c", "a|c"), ("c|a", "a|c"), ("not b", "not b"), ("a|c|d", "not b"), ("a|b|c|d", "*"),
    ],
)  # fmt: skip
def test_enum_cells_have_one_spelling(text: str, canonical: str) -> None:
    column = Column.enum("e", ("a", "b", "c", "d"))
    assert column.format(column.parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("=3", "=3"), ("3", "=3"), ("0..9", "*"), ("<=7", "<=7"), ("0..7", "<=7"), ("3..9", ">=3"), ("3..7", "3..7")],
)
def test_number_cells_have_one_spelling(text: str, canonical: str) -> None:
    column = Column("n", "int", (), 0, 9)
    assert column.format(column.parse(text)) == canonical


def test_a_cell_must_leave_something() -> None:
    with pytest.raises(CellError, match="leaves no value"):
        Column.enum("e", ("a", "b")).parse("not a|b")


def test_outcomes_are_typed() -> None:
    days = Outcome("days", "int")
    assert days.parse("-") is None
    assert days.parse("7") == 7
    assert [days.format(value) for value in (None, 7)] == ["-", "7"]
    with pytest.raises(CellError, match="whole number or -"):
        days.parse("seven")
    with pytest.raises(CellError, match="twice"):
        Outcome("r", "list", ("a", "b")).parse("a|a")


def test_a_pack_opens_by_name_or_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(PACKS / "cn", folder)
    assert open_pack(str(folder)).sha256 == PACK.sha256
    assert read_folder(folder).keys() == PACK.files.keys()
    assert "cn" in shipped()
    with pytest.raises(PackError, match="neither a shipped pack"):
        open_pack(str(tmp_path / "none"))
    with pytest.raises(PackError, match="there are cn"):
        load_pack("../cn")
    (folder / "pack.toml").unlink()
    with pytest.raises(PackError, match=r"has no pack\.toml"):
        open_pack(str(folder))


def test_files_that_are_no_text_or_too_large_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "cause.csv"
    file.write_bytes("原因".encode("gb18030"))
    with pytest.raises(PackError, match="is not UTF-8"):
        read_file(file)
    file.write_bytes(b"x" * (BIGGEST_FILE + 1))
    with pytest.raises(PackError, match="is larger than"):
        read_file(file)
    with pytest.raises(PackError, match="is missing"):
        read_file(tmp_path / "nothing.csv")
    file.write_bytes(b"\xef\xbb\xbfid\n")
    assert read_file(file) == "id\n"
