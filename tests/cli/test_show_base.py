"""``show base`` as a user types it: what it prints and writes, and what it refuses."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest

from wom_sim.scenario import load_scenario
from wom_sim.simulation.base import base_table

NUMBERS = ("built", "stated", "share_off")
SMALL = """
name = "Small"
currency = "EUR"
[population]
customers = 2_000
prospects = 200
[[population.segments]]
name = "paying"
share = 0.9
revenue = 30.0
account_avoidable = 1.0
[[population.segments]]
name = "free riders"
share = 0.1
revenue = 0.0
account_cost = 1.0
account_avoidable = 1.0
[money]
contact_avoidable = 1.0
[choose]
limit = 20
[run]
days = 30
replications = 2
[[policies]]
name = "letter"
use = "bulk_letter"
[[policies]]
name = "exit"
use = "paid_exit"
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return str(path)


def test_it_prints_the_base_beside_the_file_and_whom_the_policies_choose(command, file):
    code, out, err = command("show", "base", file)
    assert (code, err) == (0, "")
    for words in ("As built", "In the file", "By segment", "in tenths", "First-year saving before settling"):
        assert words in out
    assert "Every policy" in out  # both choose alike
    assert "Warning: 200 of 2,000 customers pay nothing (free riders)." in out


def test_the_tables_hold_the_figures(command, file):
    _, out, _ = command("show", "base", file, "--set", "choose.limit=30")
    table = base_table(load_scenario(file, ["choose.limit=30"]))
    share = float(table.loc[(table["name"] == "profitable_by_books") & (table["group"] == ""), "built"].iloc[0])
    (line,) = [line for line in out.splitlines() if line.strip().startswith("Profitable by the books")]
    assert f"{100 * share:.1f}".rstrip("0").rstrip(".") + " %" in line
    (line,) = [line for line in out.splitlines() if line.strip().startswith("Chosen")]
    assert line.split()[-1] == "30"


def test_it_writes_the_table_as_csv_and_json(command, file, tmp_path):
    table = base_table(load_scenario(file))
    csv, as_json = tmp_path / "new" / "base.csv", tmp_path / "base.json"
    assert command("show", "base", file, "--out", csv)[0] == 0
    written = pd.read_csv(csv, keep_default_na=False, na_values={name: [""] for name in NUMBERS})
    pd.testing.assert_frame_equal(written, table, check_dtype=False)
    code, out, _ = command("show", "base", file, "--out", as_json, "--json")
    assert code == 0
    assert json.loads(out) == json.loads(as_json.read_text())
    rows = pd.read_json(io.StringIO(out), dtype=False)
    assert rows["built"].astype(float).to_numpy() == pytest.approx(table["built"].to_numpy(), rel=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "given no scenario file; allowed: wom-sim show base SCENARIO"),
        (("nosuch.toml",), "nosuch.toml: no such file"),
        (("FILE", "--set", "run.days=0"), "run.days: given 0, allowed: at least 1"),
        (("FILE", "--match", "x"), "--match: given with base; allowed with policies"),
        (("FILE", "--out", "base.txt"), "--out: given base.txt, allowed: a file that ends in .csv or .json"),
        (("FILE", "--set", "choose={ids=[2_150]}"), "choose.ids: 2150 is not a customer"),
    ],
)
def test_what_it_cannot_follow_is_said_and_nothing_is_written(command, file, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    if "choose={ids=[2_150]}" in arguments:
        text = SMALL.replace("limit = 20", "ids = [NUMBER]")
        people = base_people(file)
        number = next(i for i in range(len(people)) if not people[i]["traits"] & 1)
        (tmp_path / "small.toml").write_text(text.replace("NUMBER", str(number)))
        arguments, said = ("FILE", "--out", "base.csv"), f"choose.ids: {number} is not a customer"
    code, out, err = command("show", "base", *(file if each == "FILE" else each for each in arguments))
    assert (code, out) == (4, "")
    assert said in err
    assert "Traceback" not in err
    assert sorted(tmp_path.iterdir()) == before


def base_people(file):
    from wom_sim.simulation import build_people

    return build_people(load_scenario(file)).people


@pytest.mark.science
def test_it_does_not_replace_a_file_of_a_result(command, file, tmp_path):
    result = tmp_path / "result"
    assert command("compare", file, "--no-charts", "--out", result)[0] == 0
    before = (result / "base.csv").read_bytes()
    code, _, err = command("show", "base", file, "--set", "choose.limit=5", "--out", result / "base.csv")
    assert code == 4
    assert "is a file of the result in" in err
    assert (result / "base.csv").read_bytes() == before


def test_a_scenario_goes_with_base_alone(command, file):
    code, _, err = command("show", "policies", file)
    assert code == 4
    assert "go with base, chosen and ties alone" in err


def test_too_little_memory_is_said_with_what_fits(command, file, monkeypatch):
    import wom_sim.study.cost

    monkeypatch.setattr(wom_sim.study.cost, "available_memory", lambda: 450e6 + 10_000.0)
    code, _, err = command("show", "base", file)
    assert code == 4
    assert "not enough memory" in err
    assert "Try --set run.represents=" not in err  # five at least of the twenty chosen must be simulated
    monkeypatch.setattr(wom_sim.study.cost, "available_memory", lambda: 450e6 + 50_000.0)
    code, _, err = command("show", "base", file, "--set", "choose.limit=200")
    assert (code, "Try --set run.represents=" in err) == (4, True)


def test_a_comparison_says_it_before_the_first_run_and_keeps_it(command, file, tmp_path):
    result = tmp_path / "result"
    code, _, err = command("compare", file, "--no-charts", "--out", result)
    assert code == 0
    lines = err.splitlines()
    said = next(k for k, line in enumerate(lines) if line.startswith("2,000 customers:"))
    assert lines[said + 1].startswith("Chosen by every policy: 20 of 2,000 who qualify.")
    assert lines[said + 2] == "Warning: 200 of 2,000 customers pay nothing (free riders)."
    assert said < next(k for k, line in enumerate(lines) if "replication 1" in line)
    kept = pd.read_csv(result / "base.csv", keep_default_na=False, na_values={name: [""] for name in NUMBERS})
    pd.testing.assert_frame_equal(kept, base_table(load_scenario(file)), check_dtype=False)
    noted = json.loads((result / "run.json").read_text())
    assert "base.csv" in noted["files"]
    assert noted["warnings"] == ["200 of 2,000 customers pay nothing (free riders)."]


@pytest.mark.science
def test_more_replications_leave_the_base_as_it_is(command, file, tmp_path):
    result = tmp_path / "result"
    assert command("compare", file, "--no-charts", "--out", result)[0] == 0
    before = (result / "base.csv").read_bytes()
    assert command("compare", file, "--out", result, "--add-replications", 1, "--no-charts")[0] == 0
    assert (result / "base.csv").read_bytes() == before


@pytest.mark.science
def test_a_run_over_worlds_says_and_keeps_it_as_well(command, file, tmp_path):
    result = tmp_path / "worlds"
    code, _, err = command("compare", file, "--worlds", 2, "--replications", 1, "--out", result)
    assert code == 0
    assert "2,000 customers:" in err
    noted = json.loads((result / "run.json").read_text())
    assert "base.csv" in noted["files"]
    assert noted["warnings"] == ["200 of 2,000 customers pay nothing (free riders)."]
