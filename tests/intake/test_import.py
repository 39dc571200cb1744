"""``wom-sim import``: every kind of trap in a customer table, and that nothing is half written."""

from __future__ import annotations

import datetime
import gzip
import json
import os
import sqlite3
import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wom_sim.cli import main
from wom_sim.intake.rows import SCHEMA

TRIAL = Path(os.environ.get("WOM_SIM_TRIAL_DATA", "trial_data"))
"""Public tables that are not part of the project, if they are there."""


class Done:
    """What a command said, and the base that it left."""

    def __init__(self, code, printed, out):
        self.code, self.out, self.err = code, printed.out, printed.err
        self.folder = out

    @property
    def customers(self) -> pd.DataFrame:
        table = pq.read_table(self.folder / "customers.parquet")
        assert table.schema.equals(SCHEMA)
        return table.to_pandas(types_mapper={pa.string(): pd.StringDtype("python")}.get, date_as_object=True)

    @property
    def report(self) -> dict:
        return json.loads((self.folder / "import.json").read_text())

    @property
    def text(self) -> str:
        return (self.folder / "report.md").read_text()

    @property
    def columns(self) -> dict:
        return {name: said["column"] for name, said in self.report["columns"].items()}

    def refused(self) -> list[tuple[int, str]]:
        return [(each["line"], each["reason"]) for each in self.report["refused"]]

    def cells(self) -> set[tuple[int, str, str]]:
        return {(each["line"], each["column"], each["what"]) for each in self.report["cells_listed"]}


@pytest.fixture
def imported(tmp_path, capsys):
    def run(text, *options, name="customers.csv"):
        file = tmp_path / name
        if text is not None:
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        out = tmp_path / "base"
        with pytest.raises(SystemExit) as ended:
            main(["import", str(file), "--out", str(out), *map(str, options)])
        done = Done(int(ended.value.code or 0), capsys.readouterr(), out)
        assert "Traceback" not in done.err
        if done.code:
            assert not out.exists(), "nothing is half written"
        assert not list(tmp_path.glob(".base*")), "nothing is left beside"
        return done

    return run


DUTCH = """klantnr;naam;sinds;laatste factuur;omzet p/m;belletjes 12m;postcode;status
000123;A. Vries;03-11-2019;01-02-2026;€ 1.234,50;0;1011AB;actief
000124;B. Çelik;2020-02-30;;29,95;;1011AB;actief
000124;B. Celik;12/31/2021;01-02-2026;29,95;14;1011 AB;opgezegd
;C. (onbekend);01-01-2024;01-02-2026;;3;;actief
"000126";"D; E en Zn";45292;01-02-2026;-12,00;9999;9999ZZ;actief
"""


def test_a_dutch_export_with_every_kind_of_trap(imported):
    done = imported(DUTCH)
    assert done.code == 0
    assert done.columns == {
        "customer": "klantnr", "revenue": "omzet p/m", "calls": "belletjes 12m", "since": "sinds", "churned": "status",
    }  # fmt: skip
    found = done.customers
    assert found["customer"].tolist() == ["000123", "000124", "000126"]
    assert found["revenue"].tolist() == [1234.5, 29.95, -12.0]
    assert found["calls"].isna().tolist() == [False, True, True]
    day = datetime.date
    assert found["since"].tolist() == [day(2019, 11, 3), None, day(2024, 1, 1)]
    assert found["line"].tolist() == [2, 3, 6]
    assert found["churned"].tolist() == [False, False, False]
    assert done.refused() == [(4, "differs"), (5, "no_id")]
    assert done.cells() == {
        (3, "sinds", "impossible_date"), (6, "sinds", "excel_date"), (6, "belletjes 12m", "filler"),
    }  # fmt: skip
    assert done.report["as_of"] == "2026-02-01", "the latest date in the table"
    assert done.report["ignored"] == {
        "naam": "personal", "laatste factuur": "not_needed", "postcode": "postcode",
    }  # fmt: skip
    assert done.report["rows"] == done.report["customers"] + done.report["rows_refused"]["count"] == 5
    for part in done.folder.iterdir():
        assert b"Vries" not in part.read_bytes(), "what is not needed is not kept"


TELCO_LIKE = """account,plan,monthly,total,months,left
A1,Monthly,29.85,29.85,1,No
A2,Yearly,56.95,,0,No
A3,Monthly,$53.85,"1,108.15",21,Yes
A4,Two year,,0,40,no
A5,,70.00,1400,20,1
"""


def test_a_small_telecom_table(imported):
    done = imported(TELCO_LIKE)
    assert done.columns == {
        "customer": "account", "revenue": "monthly", "tenure": "months", "contract": "plan", "churned": "left",
        "segment": "plan",
    }  # fmt: skip
    found = done.customers
    assert found["churned"].tolist() == [False, False, True, False, True]
    assert found["contract_months"].tolist()[:4] == [1.0, 12.0, 1.0, 24.0]
    assert found["revenue"].tolist()[2] == 53.85
    assert found["household"].isna().all(), "an account that is the id is no household"
    assert "2 have left already" in done.out
    assert {"what": "lacking", "meaning": "calls"} in done.report["assumed"]


@pytest.mark.skipif(not (TRIAL / "telco_customer_churn.csv").exists(), reason="needs a table that is not shipped")
def test_a_public_telecom_table(imported):
    done = imported((TRIAL / "telco_customer_churn.csv").read_bytes())
    raw = pd.read_csv(TRIAL / "telco_customer_churn.csv")
    found = done.customers
    assert len(found) == 7043
    assert found["customer"].tolist() == raw["customerID"].tolist()
    assert found["revenue"].tolist() == raw["MonthlyCharges"].tolist()
    assert found["tenure_months"].tolist() == raw["tenure"].tolist()
    assert found["churned"].tolist() == (raw["Churn"] == "Yes").tolist()
    assert set(found["contract_months"]) == {1.0, 12.0, 24.0}
    assert found["segment"].tolist() == raw["Contract"].tolist()


HEADERS = {
    "IBM, wide": (
        "CustomerID,Count,Zip Code,Lat Long,Gender,Tenure Months,Contract,Monthly Charges,Total Charges,Churn Label,"
        "Churn Value,Churn Score,CLTV,Churn Reason\n"
        "3668-Q,1,90003,\"33.9, -118.2\",Male,2,Month-to-month,53.85,108.15,Yes,1,86,3239,Moved\n"
        "9237-H,1,90005,\"34.0, -118.3\",Female,8,Two year,70.7,151.65,No,0,67,2701,\n",
        {"customer": "CustomerID", "tenure": "Tenure Months", "contract": "Contract", "segment": "Contract",
         "revenue": "Monthly Charges", "churned": "Churn Label"},
        {"Churn Score", "CLTV", "Churn Reason"},
    ),
    "bank cards": (
        "CLIENTNUM,Attrition_Flag,Customer_Age,Income_Category,Card_Category,Months_on_book,Contacts_Count_12_mon,"
        "Naive_Bayes_Classifier_Attrition_1\n"
        "768805383,Existing Customer,45,$60K - $80K,Blue,39,3,0.00009\n"
        "818770008,Attrited Customer,49,Unknown,Blue,44,2,0.9\n"
        "713982108,Existing Customer,51,$80K - $120K,Blue,36,0,0.0001\n",
        {"customer": "CLIENTNUM", "churned": "Attrition_Flag", "tenure": "Months_on_book",
         "calls": "Contacts_Count_12_mon", "segment": "Income_Category"},
        {"Naive_Bayes_Classifier_Attrition_1"},
    ),
    "bank": (
        "RowNumber,CustomerId,Surname,CreditScore,Geography,Tenure,Balance,IsActiveMember,Exited\n"
        "1,15634602,Hargrave,619,France,2,0,1,1\n2,15647311,Hill,608,Spain,1,83807.86,1,0\n"
        "3,15619304,Onio,502,France,8,159660.8,0,1\n4,15619305,Onia,502,France,8,159660.8,0,1\n",
        {"customer": "CustomerId", "tenure": "Tenure", "churned": "Exited", "segment": "Geography"},
        set(),
    ),
    "software": (
        "account_id;segment;mrr_eur;renewal_date;support_tickets;nps;let_go\n"
        "a-1;SMB;10,50;31-12-2026;4;9;ja\na-2;Enterprise;20,25;30-11-2026;0;6;nee\na-3;SMB;5,75;15-01-2027;1;10;nee\n",
        {"customer": "account_id", "segment": "segment", "contract_end": "renewal_date", "calls": "support_tickets",
         "advocate": "nps", "let_go": "let_go"},
        set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "columns", "leaked"), HEADERS.values(), ids=HEADERS)
def test_headers_of_many_systems(imported, text, columns, leaked):
    done = imported(text)
    assert done.code == 0
    assert {name: column for name, column in done.columns.items() if name in columns} == columns
    assert {name for name, why in done.report["ignored"].items() if why == "leaked"} == leaked
    assert not leaked & set(done.columns.values())


# -- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("1.234,50", "29,95"), [1234.5, 29.95]),
        (("1,234.50", "29.95"), [1234.5, 29.95]),
        (("€ 12,00-", "EUR 3,5"), [-12.0, 3.5]),
        (("$(12.00)", "£3.5"), [-12.0, 3.5]),
        (("1'234.50", "1 234.5"), [1234.5, 1234.5]),
        (("1.234.567", "12,5"), [1234567.0, 12.5]),
        (("1.234,50", "29.95"), [1234.5, 29.95]),
        (("1.234", "29,95"), [1234.0, 29.95]),
        (("1.234", "29.95"), [1.234, 29.95]),
        (("12", "-"), [12.0, None]),
        (("12", "Unknown"), [12.0, None]),
        (("12", "n.v.t."), [12.0, None]),
        (("12", "9" * 400), [12.0, None]),
        (("12", "1e400"), [12.0, None]),
    ],
)
def test_numbers_as_people_write_them(imported, cells, expected):
    done = imported("id;revenue\n" + "".join(f"k{n};{cell}\n" for n, cell in enumerate(cells)))
    assert done.code == 0
    found = [None if pd.isna(value) else value for value in done.customers["revenue"]]
    assert found == expected


def test_thousands_or_decimals_are_asked_and_not_guessed(imported, tmp_path):
    text = "id;revenue\nk1;1.234\nk2;2.500\n"
    done = imported(text)
    mapping = tmp_path / "base.mapping.toml"
    assert done.code == 4
    assert f"Replace each ? in {mapping}" in done.err
    assert "columns.revenue.decimal: in revenue a sign may stand for decimals or for thousands" in done.err
    again = imported(text)
    assert "is there already; give it with --mapping, or remove it" in again.err
    assert imported(text, "--mapping", mapping).code == 4, "still a question"
    guessed = mapping.read_text()
    for sign, expected in ((",", [1234.0, 2500.0]), (".", [1.234, 2.5])):
        mapping.write_text(guessed.replace('decimal = "?"', f'decimal = "{sign}"'))
        answered = imported(text, "--mapping", mapping)
        assert answered.customers["revenue"].tolist() == expected
        for file in answered.folder.iterdir():
            file.unlink()
        answered.folder.rmdir()


def test_units_are_those_of_a_month(imported):
    done = imported("id,annual revenue,calls 12m,tenure years\nk1,120,24,2\nk2,60,6,1\n")
    found = done.customers
    assert found["revenue"].tolist() == [10.0, 5.0]
    assert found["calls"].tolist() == [2.0, 0.5]
    assert found["tenure_months"].tolist() == [24.0, 12.0]


def test_a_total_is_spread_over_the_time_as_a_customer(imported):
    done = imported("id,total charges,tenure\nk1,120.5,10\nk2,60.5,0\n")
    assert done.customers["revenue"].tolist() == [12.05, 60.5]


# -- dates ----------------------------------------------------------------------------------------------------------


def test_dates_that_may_be_read_either_way_are_asked(imported, tmp_path):
    text = "id,since,revenue\nk1,03/11/2019,1.5\nk2,04/05/2020,2.5\n"
    done = imported(text)
    assert done.code == 4
    assert "columns.since.order: in since day and month cannot be told apart" in done.err
    mapping = tmp_path / "base.mapping.toml"
    mapping.write_text(mapping.read_text().replace('order = "?"', 'order = "month first"'))
    found = imported(text, "--mapping", mapping).customers
    assert found["since"].tolist() == [datetime.date(2019, 3, 11), datetime.date(2020, 4, 5)]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("25/11/2019", "03/11/2019"), [(2019, 11, 25), (2019, 11, 3)]),
        (("11/25/2019", "03/11/2019"), [(2019, 11, 25), (2019, 3, 11)]),
        (("03.11.2019", "04.05.20"), [(2019, 11, 3), (2020, 5, 4)]),
        (("2019-11-03T10:00:00", "2019/11/04"), [(2019, 11, 3), (2019, 11, 4)]),
        (("20191103", "20200101"), [(2019, 11, 3), (2020, 1, 1)]),
        (("3 nov 2019", "March 5, 2020"), [(2019, 11, 3), (2020, 3, 5)]),
        (("5 mrt 2019", "1 maart 2020"), [(2019, 3, 5), (2020, 3, 1)]),
        (("45292", "2024-01-02"), [(2024, 1, 1), (2024, 1, 2)]),
        (("2019-11-03", "2019-02-29"), [(2019, 11, 3), None]),
        (("2019-11-03", "0001-01-01"), [(2019, 11, 3), None]),
        (("2019-11-03", "2099-01-01"), [(2019, 11, 3), None]),
    ],
)
def test_dates_as_people_write_them(imported, cells, expected):
    done = imported("id,since\n" + "".join(f'k{n},"{cell}"\n' for n, cell in enumerate(cells)))
    assert done.code == 0
    assert done.customers["since"].tolist() == [None if day is None else datetime.date(*day) for day in expected]


def test_tenure_and_what_is_left_of_a_contract_count_from_the_day_of_the_table(imported, tmp_path):
    text = "id,since,contract end\nk1,2024-02-01,2026-08-01\nk2,2025-02-01,2025-12-31\n"
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        'as_of = 2026-02-01\n[columns.customer]\ncolumn = "id"\n[columns.since]\ncolumn = "since"\n'
        '[columns.contract_end]\ncolumn = "contract end"\n'
    )
    found = imported(text, "--mapping", mapping).customers
    assert found["tenure_months"].tolist() == pytest.approx([731 / 30.4375, 365 / 30.4375])
    assert found["contract_months_left"].tolist() == pytest.approx([181 / 30.4375, 0.0])


# -- ids and rows ---------------------------------------------------------------------------------------------------


def test_ids_keep_their_zeros_and_are_told_where_zeros_alone_differ(imported):
    done = imported("id,revenue\n007,1.5\n7,2.5\n08,3.5\n")
    assert done.customers["customer"].tolist() == ["007", "7", "08"]
    assert done.report["ids_alike_but_for_zeros"] == 1


def test_rows_that_come_again_and_ids_that_a_spreadsheet_rounded(imported):
    done = imported("id,revenue\na,1.5\nb,2.5\na,1.5\n1.23E+12,4.5\nc,\nd,1,2\nb,9.5\n e ,2\nf,3\ng,4\nUnknown,3\n")
    assert done.refused() == [(4, "same"), (5, "rounded_id"), (7, "width"), (8, "differs"), (12, "no_id")]
    assert done.customers["customer"].tolist() == ["a", "b", "c", "e", "f", "g"]
    assert "line 8: the same id as in line 3 with other values (revenue); the first was taken" in done.text
    assert "line 7: has 3 cells, the header has 2" in done.text


INVOICES = (
    "InvoiceNo,InvoiceDate,CustomerID,Amount\n1,2026-01-01,c1,10.5\n2,2026-01-15,c1,20\n3,2026-02-27,c1,30\n"
    "4,2026-01-20,c2,8\n5,2026-02-20,c2,4\n6,2026-02-21,,9\n"
)


def test_invoices_are_noticed_and_added_up_when_asked(imported, tmp_path):
    done = imported(INVOICES)
    assert done.code == 4
    assert "rows: ids come again and again, as in invoices" in done.err
    mapping = tmp_path / "base.mapping.toml"
    mapping.write_text(mapping.read_text().replace('rows = "?"', 'rows = "invoices"'))
    found = imported(INVOICES, "--mapping", mapping)
    assert found.customers["customer"].tolist() == ["c1", "c2"]
    assert found.customers["revenue"].tolist() == [60.5 / 2, 12.0 / 2], "over January and February"
    assert found.customers["since"].tolist() == [datetime.date(2026, 1, 1), datetime.date(2026, 1, 20)]
    assert found.refused() == [(7, "no_id")]


def test_households_by_address_without_keeping_it(imported):
    text = "id,postcode,huisnummer,revenue\na,1011AB,1,1.5\nb,1011 ab,1,2.5\nc,1011AB,2,2.5\nd,,2,3.5\n"
    done = imported(text)
    assert done.columns["household"] == ["postcode", "huisnummer"]
    found = done.customers["household"].tolist()
    assert found[0] == found[1] != found[2]
    assert pd.isna(found[3])
    assert b"1011" not in (done.folder / "customers.parquet").read_bytes()


def test_hashed_ids_cannot_be_read_and_come_again_with_a_key(imported, tmp_path):
    def once(*options):
        done = imported("id,revenue\nk000111,1.5\nk000222,2.5\n", *options)
        ids = done.customers["customer"].tolist()
        for file in done.folder.iterdir():
            assert b"k000111" not in file.read_bytes()
            file.unlink()
        done.folder.rmdir()
        return ids

    key = tmp_path / "key"
    key.write_text("a secret of more than sixteen bytes")
    assert once("--hash-ids") != once("--hash-ids")
    assert once("--hash-key", key) == once("--hash-key", key)
    key.write_text("short")
    assert "holds a secret of 5 bytes; at least 16 are needed" in imported("id,revenue\nk,1\n", "--hash-key", key).err


def test_who_is_active_has_not_left(imported):
    found = imported("id,is_active\na,1\nb,0\nc,1\n").customers
    assert found["churned"].tolist() == [False, True, False]


def test_a_mapping_is_written_and_used_again(imported):
    done = imported(DUTCH)
    mapping = (done.folder / "mapping.toml").read_text()
    assert tomllib.loads(mapping)["columns"]["revenue"] == {"column": "omzet p/m", "per": "month", "decimal": ","}
    first = done.customers
    again = imported(DUTCH, "--mapping", done.folder / "mapping.toml")
    assert again.customers.equals(first)
    assert not again.report["mapping_guessed"]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ('[columns.customer]\ncolumn = "nr"\n', "columns.customer.column: the table has no column 'nr'; it has: id, r"),
        ('[columns.profit]\ncolumn = "id"\n', "columns.profit: no such meaning; allowed: customer, revenue"),
        ('[columns.revenue]\ncolumn = "r"\nper = "decade"\n', "columns.revenue.per: given 'decade'"),
        ("columns = 3\n", "columns: given '3'"),
        ("[columns\n", "is not TOML"),
    ],
)
def test_a_mapping_that_is_wrong(imported, tmp_path, mapping, words):
    (tmp_path / "m.toml").write_text(mapping)
    done = imported("id,r\na,1\n", "--mapping", tmp_path / "m.toml")
    assert (done.code, words in done.err) == (4, True), done.err


# -- files ----------------------------------------------------------------------------------------------------------

HOSTILE = {
    "empty": (b"", "is empty"),
    "blank": (b"\n \n", "is empty"),
    "one column": (b"id\n1\n2\n", "line 1: has one column"),
    "header alone": (b"id,revenue\n", "has no rows below its header"),
    "no header": (b"1,20.5,2020-01-01\n2,30.5,2020-01-02\n", "line 1: has no header: the first row is '1, 20.5"),
    "zero byte": (b"id,revenue\na,\x001\n", "line 2: is not text: it holds a zero byte"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "is not text"),
    "two encodings": ("id,segment\na,é\n".encode() + b"b,\xe9\n", "line 3: mixes encodings"),
    "open quotation mark": (b'id,revenue\na,1\n"b,2\n', "line 3: a quotation mark is opened here and never closed"),
    "a cell without end": (b'id,revenue\na,"' + b"1" * 140_000, "line 2: "),
    "damaged gzip": (gzip.compress(b"id,revenue\na,1\n", mtime=0)[:-9], "is packed (gzip) and damaged"),
    "zip": (b"PK\x03\x04abc", "cannot be read as an Excel file (.xlsx)"),
    "old Excel": (b"\xd0\xcf\x11\xe0abc", "is an old Excel file (.xls) or has a password"),
    "damaged Parquet": (b"PAR1abc", "cannot be read as Parquet"),
    "nothing known": (b"foo,bar\nx,y\n", "no column is recognised among foo, bar"),
    "no customer": (b"id,revenue\n1E+12,1\n2E+12,2\n", "every row was refused: 2 rounded_id"),
}


@pytest.mark.parametrize(("content", "words"), HOSTILE.values(), ids=HOSTILE)
def test_files_that_are_no_table(imported, content, words):
    done = imported(content)
    assert done.code == 4
    assert words in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_no_file_a_folder_and_a_pipe(imported, tmp_path):
    assert "cannot be read: No such file" in imported(None).err
    (tmp_path / "folder").mkdir()
    assert "is a folder; expected a file" in imported(None, name="folder").err
    assert "cannot be read" in imported(None, name="a\0b").err
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert "is a named pipe" in imported(None, name="pipe").err


def test_a_header_that_stands_twice_is_never_guessed(imported):
    done = imported("id,revenue,revenue,tenure\na,1,2,3\n")
    assert "revenue" not in done.columns
    assert set(done.report["ignored"]) == {"revenue (column 2)", "revenue (column 3)"}


def test_titles_above_the_header_are_left_out_and_lines_stay_right(imported):
    done = imported("Export of 1 May\n\nid;revenue\na;1,5\n\nb;2,5\n")
    assert done.customers["line"].tolist() == [4, 6]
    assert done.report["files"][0]["left_out_above"] == 1


def test_lines_are_right_below_a_cell_of_two_lines(imported):
    done = imported('id,note,revenue\na,"two\nlines",1.5\nb,x,2.5\n,y,3\n')
    assert done.customers["line"].tolist() == [2, 4]
    assert done.refused() == [(5, "no_id")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(imported, encoding):
    done = imported("id;segment;revenue\na;Zoë;1,5\nb;Zoë;2,5\nc;y;3,5\nd;y;2,5\n".encode(encoding))
    assert done.customers["segment"].tolist() == ["Zoë", "Zoë", "y", "y"]
    assert done.report["files"][0]["encoding"] == encoding


def test_encoding_can_be_said(imported):
    text = "id;segment;revenue\na;é;1,5\nb;é;2,5\n".encode("cp850")
    assert imported(text, "--encoding", "cp850").customers["segment"].tolist() == ["é", "é"]


def test_an_encoding_that_is_not_known(imported):
    assert "encoding: given 'klingon', which is not known" in imported("id,revenue\na,1\n", "--encoding", "klingon").err


def test_several_files_of_one_form(imported, tmp_path):
    (tmp_path / "more.csv").write_text("id,revenue\nc,3.5\na,9.5\n")
    done = imported("id,revenue\na,1.5\nb,2.5\n", tmp_path / "more.csv")
    assert done.customers["customer"].tolist() == ["a", "b", "c"]
    assert done.customers["file"].tolist() == ["customers.csv", "customers.csv", "more.csv"]
    assert done.report["refused"][0]["file"] == "more.csv"


def test_several_files_of_two_forms(imported, tmp_path):
    (tmp_path / "more.csv").write_text("id,calls\nc,3.5\n")
    done = imported("id,revenue\na,1.5\n", tmp_path / "more.csv")
    assert "has other columns than" in done.err
    assert "lacks revenue; has calls as well" in done.err


def test_excel(imported, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Klanten"
    sheet.append(["Export"])
    sheet.append(["klantnr", "sinds", "omzet", "opgezegd"])
    sheet.append([123, datetime.date(2020, 1, 31), 1234.5, "nee"])
    sheet.append([124, 45292, "29,95", "ja"])
    sheet.append([125, None, "#N/A", None])
    for row in (3, 4, 5):
        sheet.cell(row, 1).number_format = "000000"
    book.create_sheet("Uitleg")
    book.save(tmp_path / "c.xlsx")
    done = imported(None, name="c.xlsx")
    found = done.customers
    assert found["customer"].tolist() == ["000123", "000124", "000125"]
    assert found["since"].tolist() == [datetime.date(2020, 1, 31), datetime.date(2024, 1, 1), None]
    assert found["revenue"].tolist()[:2] == [1234.5, 29.95]
    assert found["churned"].tolist() == [False, True, None]
    assert found["line"].tolist() == [3, 4, 5]
    assert done.report["files"][0]["other_sheets"] == ["Uitleg"]
    for file in done.folder.iterdir():
        file.unlink()
    done.folder.rmdir()
    assert "has no sheet 'x'; it has: Klanten, Uitleg" in imported(None, "--sheet", "x", name="c.xlsx").err


def test_parquet_keeps_large_ids_and_dates(imported, tmp_path):
    table = pa.table(
        {
            "customer_id": [9007199254740993, 9007199254740995],
            "revenue": [1.5, None],
            "since": pa.array([datetime.date(2020, 1, 1), None]),
            "churned": [True, False],
        }
    )
    pq.write_table(table, tmp_path / "c.parquet")
    found = imported(None, name="c.parquet").customers
    assert found["customer"].tolist() == ["9007199254740993", "9007199254740995"]
    assert found["since"].tolist() == [datetime.date(2020, 1, 1), None]
    assert found["churned"].tolist() == [True, False]


def test_a_database(tmp_path, capsys):
    with sqlite3.connect(tmp_path / "crm.db") as base:
        base.execute("create table c (id text, revenue real, left_ integer)")
        base.executemany("insert into c values (?, ?, ?)", [("007", 1.5, 0), ("008", 2.5, 1)])

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["import", *arguments, "--out", str(tmp_path / "out")])
        return int(ended.value.code or 0), capsys.readouterr()

    address = f"sqlite:///{tmp_path / 'crm.db'}"
    assert run(address, "--query", "select id, revenue, left_ as churned from c")[0] == 0
    found = pd.read_parquet(tmp_path / "out" / "customers.parquet")
    assert found["customer"].tolist() == ["007", "008"]
    assert found["churned"].tolist() == [False, True]
    assert "say what to read, as in --query" in run(address)[1].err
    code, said = run("sqlite:///nowhere.db", "--query", "select 1")
    assert (code, "no such file" in said.err, Path("nowhere.db").exists()) == (4, True, False)
    assert "no such table" in run(address, "--query", "select * from d")[1].err
    code, said = run("postgresql://me:secret@localhost:9/x", "--query", "select 1")
    assert code == 4
    assert "secret" not in said.err


# -- the folder -----------------------------------------------------------------------------------------------------


def test_an_earlier_base_is_replaced_and_other_files_are_not(imported, tmp_path, capsys):
    assert imported(DUTCH).code == 0
    assert imported(TELCO_LIKE).customers["customer"].tolist() == ["A1", "A2", "A3", "A4", "A5"]
    mine = tmp_path / "base" / "mine.txt"
    mine.write_text("mine")
    with pytest.raises(SystemExit):
        main(["import", str(tmp_path / "customers.csv"), "--out", str(tmp_path / "base")])
    assert "holds other files (mine.txt); give another folder" in capsys.readouterr().err
    assert mine.read_text() == "mine"


def test_a_report_in_dutch(imported):
    done = imported(DUTCH, "--lang", "nl")
    assert "Klanten overgenomen: 3" in done.out
    assert "regel 3: sinds: een datum die niet bestaat, weggelaten" in done.text


@pytest.mark.parametrize(("lang", "unknown", "kept"), [("en", "Unknown, to", "Striking"), ("nl", "Onbekend", "Opvall")])
def test_what_is_kept_does_not_stand_under_what_is_to_be_drawn(imported, lang, unknown, kept):
    text = imported("id,revenue,calls\n007,-1.5,\n7,2.5,3\n08,3.5,\n", "--lang", lang).text
    parts = dict(part.split("\n\n", 1) for part in text.split("## ")[1:])
    (drawn,) = [body for head, body in parts.items() if head.startswith(unknown)]
    (odd,) = [body for head, body in parts.items() if head.startswith(kept)]
    assert drawn.count("- ") == 1 and drawn.strip().endswith(": 2")
    assert odd.count("- ") == 2 and odd.count(": 1") == 2
    text = imported("id,revenue,calls\n1,1.5,\n2,2.5,3\n", "--lang", lang).text
    assert kept not in text and unknown in text


def test_counts_of_the_report_are_those_of_the_table(imported):
    done = imported(DUTCH)
    found = done.customers
    for name, count in done.report["unknown"].items():
        assert count == int(found[name].isna().sum()), name


# -- what a sceptic tried ------------------------------------------------------------------------------------------


def of_parquet(tmp_path, columns, *more, index=None):
    """Return the customers of a Parquet file of some columns, and what was said."""
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    if index is not None:
        table.to_pandas().set_index(index).to_parquet(tmp_path / "t.parquet")
    else:
        pq.write_table(table, tmp_path / "t.parquet")
    with pytest.raises(SystemExit) as ended:
        main(["import", str(tmp_path / "t.parquet"), "--out", str(tmp_path / "out"), *more])
    assert not ended.value.code
    return pq.read_table(tmp_path / "out" / "customers.parquet")


BIG = 2**53


@pytest.mark.parametrize("dictionary", [False, True])
def test_whole_number_ids_keep_their_last_digit_where_one_is_missing(tmp_path, dictionary):
    ids = pa.array([BIG + 1, None, BIG + 3, 5], type=pa.int64())
    ids = ids.dictionary_encode() if dictionary else ids
    found = of_parquet(tmp_path, {"customer_id": ids, "revenue": [1.0, 2.0, 3.0, 4.0]})
    assert found["customer"].to_pylist() == [str(BIG + 1), str(BIG + 3), "5"]


def test_ids_of_a_query_keep_their_last_digit_and_bytes_are_text(tmp_path):
    base = sqlite3.connect(tmp_path / "crm.db")
    base.execute("create table c (customer_id integer, revenue real, segment blob)")
    rows = [(BIG + 1, 5.0, b"gold"), (None, 6.0, b"gold"), (BIG + 3, 7.0, b"tin")]
    base.executemany("insert into c values (?, ?, ?)", rows)
    base.commit()
    base.close()
    address = f"sqlite:///{tmp_path / 'crm.db'}"
    with pytest.raises(SystemExit) as ended:
        main(["import", address, "--query", "select * from c", "--out", str(tmp_path / "out")])
    assert not ended.value.code
    found = pq.read_table(tmp_path / "out" / "customers.parquet")
    assert found["customer"].to_pylist() == [str(BIG + 1), str(BIG + 3)]
    assert set(found["segment"].to_pylist()) <= {"gold", "tin", None}


def test_an_index_of_pandas_is_a_column(tmp_path):
    columns = {"customer_id": ["0a", "0b", "0c"], "revenue": [1.0, 2.0, 3.0]}
    assert of_parquet(tmp_path, columns, index="customer_id")["customer"].to_pylist() == ["0a", "0b", "0c"]


def test_without_ids_that_is_said_on_the_screen(tmp_path, capsys):
    of_parquet(tmp_path, {"revenue": [1.0, 2.0]})
    assert "No column holds an id: customers are numbered in their order." in capsys.readouterr().out


def test_twelve_invoices_a_month_apart_are_twelve_months(tmp_path):
    rows = [f"{who},2025-{month:02d}-01,10" for who in "AB" for month in range(1, 13)]
    (tmp_path / "i.csv").write_text("\n".join(["customer id,invoice date,revenue", *rows]))
    (tmp_path / "m.toml").write_text(
        'rows = "invoices"\nas_of = 2026-01-01\n[columns]\ncustomer = {column = "customer id"}\n'
        'invoice_date = {column = "invoice date"}\nrevenue = {column = "revenue", per = "month", decimal = "."}\n'
    )
    with pytest.raises(SystemExit) as ended:
        main(["import", str(tmp_path / "i.csv"), "--mapping", str(tmp_path / "m.toml"), "--out", str(tmp_path / "o")])
    assert not ended.value.code
    assert pq.read_table(tmp_path / "o" / "customers.parquet")["revenue"].to_pylist() == [10.0, 10.0]


@pytest.mark.parametrize("kind", [pa.date32(), pa.timestamp("s")])
def test_years_that_cannot_be_are_left_out_of_dates_that_are_dates_already(tmp_path, kind):
    days = pa.array([date(2020, 1, 31), date(1, 1, 1), date(2021, 5, 1)]).cast(kind)
    found = of_parquet(tmp_path, {"customer_id": ["a", "b", "c"], "customer_since": days, "revenue": [1.0, 2.0, 3.0]})
    assert found["since"].to_pylist() == [date(2020, 1, 31), None, date(2021, 5, 1)]


def test_lists_are_not_read_and_that_is_said(tmp_path, capsys):
    columns = {"customer_id": ["a", "b"], "segment": [["x"], ["y"]], "revenue": [1.0, 2.0]}
    assert of_parquet(tmp_path, columns)["segment"].to_pylist() == [None, None]
    assert "segment (holds lists, which are not read)" in capsys.readouterr().out


def test_a_header_that_stands_twice_is_told(tmp_path, capsys):
    twice = pa.table([["a", "b"], [1.0, 2.0], [3.0, 4.0]], names=["customer_id", "revenue", "revenue"])
    assert of_parquet(tmp_path, twice)["revenue"].to_pylist() == [None, None]
    assert "revenue (column 2) (its header stands twice or is empty" in capsys.readouterr().out


def test_bytes_that_are_no_text_are_refused(tmp_path, capsys):
    pq.write_table(pa.table({"customer_id": [b"\xff", b"a"], "revenue": [1.0, 2.0]}), tmp_path / "t.parquet")
    with pytest.raises(SystemExit) as ended:
        main(["import", str(tmp_path / "t.parquet"), "--out", str(tmp_path / "out")])
    assert ended.value.code == 4
    assert "column customer_id holds bytes that are no text" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_of_several_files_a_line_is_told_with_its_file(tmp_path):
    for folder, rows in (("one", "a,1\na,2\nc,1\nd,1\ne,1\n"), ("two", "b,1\n,5\na,7\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.csv").write_text("customer id,revenue\n" + rows)
    files = [str(tmp_path / folder / "x.csv") for folder in ("one", "two")]
    with pytest.raises(SystemExit) as ended:
        main(["import", *files, "--out", str(tmp_path / "out")])
    assert not ended.value.code
    text = (tmp_path / "out" / "report.md").read_text()
    assert f"{files[1]}, line 3: has no id" in text
    assert f"{files[0]}, line 3: the same id as in line 2" in text
    assert f"{files[1]}, line 4: the same id as in line 2 ({files[0]})" in text
    assert set(pq.read_table(tmp_path / "out" / "customers.parquet")["file"].to_pylist()) == set(files)
