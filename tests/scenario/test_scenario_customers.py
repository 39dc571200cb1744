"""``population.file`` in a scenario: what is wrong with it is a fault at its place, what follows from it is said."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from customer_tables import customer_table, some_customers, write_base

from wom_sim.scenario import ScenarioError, fingerprint, load_scenario, to_toml
from wom_sim.scenario.notes import notes
from wom_sim.study.runs import world_key
from wom_sim.words import Words

SCENARIO = """
name = "own customers"
[population]
file = "base"
[choose]
limit = 2
[run]
days = 20
replications = 2
[[policies]]
name = "letter"
use = "bulk_letter"
"""
KNOWN = {"calls": [1.0, 2.0, 3.0, 12.0], "revenue": [10.0, 20.0, None, 40.0], "churned": [False, False, False, True]}


@pytest.fixture
def firm(tmp_path):
    def write(known=KNOWN, more: str = "", scenario: str = SCENARIO):
        if known is not None:
            write_base(tmp_path / "base", known)
        (tmp_path / "firm.toml").write_text(scenario + more, encoding="utf-8")
        return tmp_path / "firm.toml"

    return write


def faults_of(file, *overrides: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file, overrides)
    return [str(fault) for fault in caught.value.faults]


# -- the file ----------------------------------------------------------------------------------------------------------


def test_customers_are_those_of_the_file_who_have_not_left(firm):
    scenario = load_scenario(firm())
    assert scenario.population.customers == 3
    assert scenario.population.file.endswith("base/customers.parquet")


@pytest.mark.parametrize("path", ["base", "base/customers.parquet", "../{folder}/base"])
def test_the_path_is_relative_to_the_file_that_names_it(firm, tmp_path, path):
    file = firm(scenario=SCENARIO.replace('"base"', f'"{path.format(folder=tmp_path.name)}"'))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "child.toml").write_text('extends = "../firm.toml"\n', encoding="utf-8")
    for each in (file, tmp_path / "sub" / "child.toml"):
        assert load_scenario(each).population.file == str(tmp_path / "base" / "customers.parquet")


def test_an_override_is_relative_to_the_working_folder(firm, tmp_path, monkeypatch):
    file = firm(scenario=SCENARIO.replace('file = "base"', "customers = 7"))
    monkeypatch.chdir(tmp_path)
    assert load_scenario(file, ["population.file=base"]).population.customers == 3
    for order in (1, -1):
        both = ["population.file=base", "population.customers=2"][::order]
        assert load_scenario(file, both).population.customers == 2


def test_customers_that_are_inherited_are_another_firms(firm, tmp_path):
    firm(scenario=SCENARIO.replace('file = "base"', "customers = 5_000"))
    child = tmp_path / "child.toml"
    child.write_text('extends = "firm.toml"\n[population]\nfile = "base"\n', encoding="utf-8")
    assert load_scenario(child).population.customers == 3
    child.write_text('extends = "firm.toml"\n[population]\nfile = "base"\ncustomers = 6\n', encoding="utf-8")
    assert load_scenario(child).population.customers == 6


def broken(path, how: str) -> None:
    """Write something that is no customer table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table = customer_table(KNOWN)
    tables = {
        "without a column": lambda: table.drop_columns(["household", "line"]),
        "another type": lambda: table.set_column(3, "calls", pa.array(["a"] * 4)),
        "an id twice": lambda: table.set_column(0, "customer", pa.array(["x", "y", "x", "z"])),
        "no id": lambda: table.set_column(0, "customer", pa.array(["x", None, "y", "z"])),
        "calls below 0": lambda: table.set_column(3, "calls", pa.array([1.0, -2.0, 0.0, 0.0])),
        "endless": lambda: table.set_column(1, "revenue", pa.array([1.0, 2.0, np.inf, 0.0])),
        "all have left": lambda: table.set_column(9, "churned", pa.array([True] * 4)),
        "nobody": lambda: table.slice(0, 0),
    }  # fmt: skip
    if how == "text":
        path.write_text("id,calls\n1,2\n", encoding="utf-8")
    elif how == "cut off":
        pq.write_table(table, path)
        path.write_bytes(path.read_bytes()[:-40])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "folder":
        path.mkdir()
    else:
        pq.write_table(tables[how](), path)


WRONG = {
    "text": "is no customer table (customers.parquet): wom-sim import FILE --out base makes one of it",
    "empty": "is no customer table",
    "cut off": "is damaged or cut off",
    "folder": "is a folder; expected a file",
    "without a column": "was not written by wom-sim import: it has no column household, line",
    "another type": "was not written by wom-sim import: its column calls is string, allowed: double",
    "an id twice": "row 3: the id 'x' stands in a row above as well",
    "no id": "row 2: has no id",
    "calls below 0": "row 2: calls is -2, allowed: 0 to 1e+15, or unknown",
    "endless": "row 3: revenue is inf, allowed: -1e+15 to 1e+15, or unknown",
    "all have left": "has no customer who has not left already (rows: 4)",
    "nobody": "has no customer who has not left already (rows: 0)",
}


@pytest.mark.parametrize("how", WRONG)
def test_what_is_no_customer_table(firm, tmp_path, how):
    broken(tmp_path / "base" / "customers.parquet", how)
    said = faults_of(firm(known=None))
    assert len(said) == 1
    assert f"firm.toml:4: population.file: customers.parquet: {WRONG[how]}" in said[0] or how == "folder"
    assert WRONG[how] in said[0]


def test_a_file_that_is_not_there(firm):
    said = faults_of(firm(known=None))
    assert len(said) == 1
    assert "firm.toml:4: population.file: " in said[0]
    assert "cannot be read: No such file" in said[0]


@pytest.mark.parametrize("value", [-0.1, 1.5, float("inf")])
def test_a_churn_that_cannot_be(firm, value):
    file = firm({"revenue": [10.0, 20.0, 30.0], "churn": [0.1, value, None]})
    assert any(f"row 2: churn is {value:g}, allowed: 0 to 1" in fault for fault in faults_of(file))


def test_the_command_ends_with_code_4_and_no_traceback(firm, command):
    code, _, err = command("validate", firm(known=None))
    assert code == 4
    assert "population.file" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[population]\nfit = true\n', "fit: given without population.file"),
        ('[choose]\nwhere = "calls > 3"\n', "choose.where: given without population.file"),
        ('[choose]\nids = ["a"]\n', "choose.ids: people are numbered 0 to 4"),
    ],
)  # fmt: skip
def test_what_goes_with_a_file_alone(tmp_path, more, said):
    text = SCENARIO.replace('[population]\nfile = "base"', "[population]\ncustomers = 5").replace(
        "[choose]\nlimit = 2\n", ""
    )
    table, _, keys = more.partition("\n")
    text = text.replace("[population]\n", f"[population]\n{keys}") if "population" in table else text + more
    if "population" not in table:  # tables come before lists of tables
        head, mark, tail = text.partition("[[policies]]")
        text = head + more + mark + tail.replace(more, "")
    (tmp_path / "firm.toml").write_text(text, encoding="utf-8")
    assert any(said in each for each in faults_of(tmp_path / "firm.toml"))


# -- whom to choose ----------------------------------------------------------------------------------------------------

NO_LIMIT = SCENARIO.replace("limit = 2\n", "{}\n")


def test_ids_of_the_firm_text_or_number(firm):
    known = KNOWN | {"customer": ["12", "A-7", "007", "gone"]}
    file = firm(known, scenario=NO_LIMIT.format('ids = [12, "A-7"]'))
    assert load_scenario(file).choose.ids == (12, "A-7")


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ('["nobody"]', "'nobody': no customer of population.file, or one who has left already"),
        ('["gone"]', "'gone': no customer of population.file, or one who has left already"),
        ("[7]", "did you mean '007', with its zeros and in quotes?"),
        ('["A-8"]', "'A-8': no customer of population.file, or one who has left already"),
        ('["12", "A-7", "007", "12"]', "names 4 customers, and population.file has 3"),
        ('["12", 12]', "names the customer '12' twice"),
    ],
)
def test_ids_that_are_wrong(firm, ids, said):
    known = KNOWN | {"customer": ["12", "A-7", "007", "gone"]}
    found = faults_of(firm(known, scenario=NO_LIMIT.format(f"ids = {ids}")))
    assert len(found) == 1
    assert "firm.toml:6: choose.ids: " in found[0]
    assert said in found[0]


def test_ids_ask_for_each_customer_once(firm):
    file = firm(scenario=NO_LIMIT.format('ids = ["00001"]'))
    assert "with population.customers left out" in faults_of(file, "population.customers=9")[0]


def test_an_expression_that_is_wrong_is_pointed_at(firm):
    file = firm(scenario=NO_LIMIT.format("where = \"calls > 3 and sgment == 'gold'\""))
    said = faults_of(file)
    assert len(said) == 1
    assert "firm.toml:6: choose.where: character 15: sgment is no column; did you mean segment?" in said[0]
    assert "calls > 3 and >>>sgment" in said[0]


def test_ids_stand_alone(firm):
    assert "ids: stands alone" in faults_of(firm(scenario=NO_LIMIT.format('ids = [1]\nwhere = "advocate"')))[0]


# -- segments ----------------------------------------------------------------------------------------------------------

TWO = """
[[population.segments]]
name = "gold"
share = 0.5
calls = 7.0
[[population.segments]]
name = "silver"
share = 0.5
"""


def test_segments_of_the_table_must_be_those_of_the_scenario(firm):
    file = firm(KNOWN | {"segment": ["gold", "bronze", "bronze", "gold"]}, TWO)
    assert "population.file: the segment 'bronze' of 2 customers is none of the scenario's" in faults_of(file)[0]
    file = firm(KNOWN | {"segment": ["gold", "bronze", "bronze", "gold"]})
    assert load_scenario(file).population.customers == 3, "a single segment is that of all"


def test_fit_takes_the_numbers_of_the_table(firm):
    known = some_customers(500)
    known["segment"] = ["gold" if each is None else each for each in known["segment"]]
    scenario = load_scenario(firm(known, TWO), ["population.fit=true"])
    stays = ~np.array(known["churned"])
    for segment in scenario.population.segments:
        mine = stays & (np.array(known["segment"]) == segment.name)
        for name in ("calls", "revenue"):
            values = np.array([v for v, use in zip(known[name], mine, strict=True) if use and v is not None])
            stated = segment.model_dump()
            assert stated[name] == pytest.approx(values.mean())
            spread = np.sqrt(np.log(1.0 + values.var() / values.mean() ** 2))
            assert stated[f"{name}_spread"] == pytest.approx(spread)
        costs = [v for v, use in zip(known["cost"], mine, strict=True) if use and v is not None]
        assert segment.account_cost == pytest.approx(np.mean(costs))
        assert segment.share == pytest.approx(mine.sum() / stays.sum())
    assert "population.segments.gold.calls" in scenario.worlds.known, "what a table knows is not drawn over worlds"


def test_what_is_set_goes_before_the_fit(firm):
    known = some_customers(200)
    file = firm(known, TWO)
    sets = ["population.fit=true", "population.segments.gold.calls=9"]
    assert load_scenario(file, sets).population.segments[0].calls == 9.0
    assert load_scenario(file, sets[:1]).population.segments[0].calls != 7.0
    assert load_scenario(file).population.segments[0].calls == 7.0


def test_fit_makes_segments_where_none_are_listed(firm):
    scenario = load_scenario(firm(some_customers(200)), ["population.fit=true"])
    assert [segment.name for segment in scenario.population.segments] == ["gold", "silver"]
    assert sum(segment.share for segment in scenario.population.segments) == pytest.approx(1.0)


def test_a_segment_of_which_nobody_is_cannot_be_fitted(firm):
    known = KNOWN | {"segment": ["gold", "gold", "gold", "silver"]}
    said = faults_of(firm(known, TWO), "population.fit=true")
    assert any("no customer of the table is of the segment 'silver'" in each for each in said)


# -- what identifies it ------------------------------------------------------------------------------------------------


def test_the_fingerprint_follows_the_content_and_not_the_place(firm, tmp_path):
    file = firm()
    first = load_scenario(file)
    shutil.copytree(tmp_path / "base", tmp_path / "moved")
    moved = load_scenario(file, [f"population.file={tmp_path / 'moved'}"])
    assert fingerprint(moved) == fingerprint(first)
    key = world_key(first, first.model_dump(mode="json"), 0)
    assert world_key(moved, moved.model_dump(mode="json"), 0) == key
    write_base(tmp_path / "base", KNOWN | {"calls": [1.0, 2.0, 3.5, 12.0]})
    again = load_scenario(file)
    assert fingerprint(again) != fingerprint(moved)
    assert world_key(again, again.model_dump(mode="json"), 0) != key


def test_the_text_of_a_scenario_loads_to_the_same(firm, tmp_path):
    file = firm(some_customers(200), TWO, NO_LIMIT.format('where = "calls >= 3"'))
    scenario = load_scenario(file, ["population.fit=true"])
    (tmp_path / "copy.toml").write_text(to_toml(scenario), encoding="utf-8")
    copy = load_scenario(tmp_path / "copy.toml")
    assert fingerprint(copy) == fingerprint(scenario)
    resolved = load_scenario(tmp_path / "copy.toml", files=False, resolved=True)
    assert fingerprint(resolved) == fingerprint(scenario)


# -- what is said ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_is_known_and_what_is_drawn_is_said(firm, language):
    said = notes(load_scenario(firm()), Words(language))[0]
    known, drawn = ("Known from the file", "Drawn from the segment") if language == "en" else (
        "Bekend uit het bestand", "Getrokken uit het segment"
    )  # fmt: skip
    assert said.index(known) < said.index(drawn)
    assert "66" in said, "revenue is known of two of three"
    assert "One more" in said or "Nog één" in said


@pytest.mark.parametrize(
    ("customers", "said"), [(2, "2 of the 3 are simulated"), (9, "9 are simulated: each of the 3")]
)
def test_resampling_is_said(firm, customers, said):
    assert said in notes(load_scenario(firm(), [f"population.customers={customers}"]), Words("en"))[0]


def test_show_base_says_known_beside_drawn(firm, command):
    code, out, _ = command("show", "base", firm(some_customers(300), TWO))
    assert code == 0
    lines = {line.split("  ")[0].strip(): line for line in out.splitlines()}
    assert "known from your file of" in lines["service calls"]
    assert "drawn from the segment" in lines["chance to leave"]
    assert "gold: revenue" in out
    assert "Rank correlation" in out
    code, out, _ = command("show", "base", firm(some_customers(300), TWO), "--json")
    rows = json.loads(out)
    known = {row["name"]: row["built"] for row in rows if row["section"] == "known"}
    assert known["churn"] == 0.0
    assert 0.8 < known["calls"] < 1.0
    fitted = {(row["group"], row["name"]): row for row in rows if row["section"] == "fit"}
    assert fitted["gold", "calls_mean"]["stated"] == 7.0
    assert 0.0 < fitted["gold", "calls_distance"]["built"] < 1.0


def test_show_chosen_names_the_firms_ids(firm, command):
    file = firm(some_customers(300), TWO, NO_LIMIT.format("where = \"calls >= 6 and segment == 'gold'\""))
    code, out, _ = command("show", "chosen", file, "--json")
    assert code == 0
    known, rows = some_customers(300), json.loads(out)
    ids = [f"{k:05d}" for k in range(1, 301)]
    columns = zip(ids, known["calls"], known["segment"], known["churned"], strict=True)
    expected = {name for name, calls, segment, gone in columns if segment == "gold" and (calls or 0) >= 6 and not gone}
    assert {row["customer"] for row in rows if row["chosen"]} == expected
    assert len(expected) > 10
