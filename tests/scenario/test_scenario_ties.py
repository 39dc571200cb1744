"""A file of ties is read with the scenario: what is wrong with it is a fault, and what was read is told."""

from __future__ import annotations

import gzip
import json

import pytest

from wom_sim.cli import main
from wom_sim.scenario import ScenarioError, load_scenario
from wom_sim.scenario.notes import notes, notes_as_data
from wom_sim.scenario.ties import ties_as_data, ties_read
from wom_sim.words import Words

SCENARIO = """
name = "our town"
[population]
customers = 50
prospects = 10
[choose]
limit = 2
[run]
days = 20
replications = 2
[network]
kind = "file"
path = "ties.csv"
[[policies]]
name = "letter"
use = "bulk_letter"
"""
TIES = "a,b,tie\n0,1,household\n1,0,\n0,1,close\n2,2,\n3,59,household\n4,5,\n"
COUNTS = {
    "lines": 6, "ties": 3, "loops": 1, "repeats": 2, "lonely": 54, "households": 2, "negative": 0, "named": 0,
    "form": "a table with commas", "columns": "first = a, second = b, kind = tie", "ignored": "", "directed": False,
    "weights": "", "outside": 0,
}  # fmt: skip

UNREADABLE = {
    "one column": ("van\n1\n", 1, "expected at least 2 columns, found 1: 'van'"),
    "more people than there are": (
        "a,b\n" + "".join(f"n{k},m{k}\n" for k in range(31)), None, "names 62 people, and the scenario has 60",
    ),
    "a name among numbers": ("a,b\n0,1\n2,Ada\n", 3, "'Ada' is not a person: the other people"),
    "only loops": ("a,b\n1,1\n2,2\n", None, "has no ties: every line ties a person to themselves (lines: 2)"),
    "packed and damaged": (gzip.compress(b"a,b\n0,1\n", mtime=0)[:-9], None, "is packed (gzip) and damaged or cut off"),
    "two encodings": ("é,1\n".encode() + b"\xe9,2\n", 2, "mixes encodings"),
    "no text": (b"a,b\n\x00,2\n", 2, "is not text: it holds a zero byte"),
    "an open quotation mark": ('a,b\n0,1\n"2,3\n', 3, "a quotation mark is opened here and never closed"),
    "a wide line": ("a,b\n0,1\n0,1,close,1\n", 3, "expected 2 columns as in line 1, found 4"),
}  # fmt: skip


@pytest.fixture
def town(tmp_path):
    def write(ties: str | bytes):
        (tmp_path / "ties.csv").write_bytes(ties if isinstance(ties, bytes) else ties.encode())
        (tmp_path / "town.toml").write_text(SCENARIO, encoding="utf-8")
        return tmp_path / "town.toml"

    return write


def ended(*arguments) -> int:
    with pytest.raises(SystemExit) as found:
        main([str(each) for each in arguments])
    return int(found.value.code or 0)


@pytest.mark.parametrize(("ties", "line", "words"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("command", ["validate", "compare", "run", "recommend"])
def test_a_file_that_cannot_be_used_is_a_fault_with_its_place(town, tmp_path, capsys, ties, line, words, command):
    out = () if command == "validate" else ("--out", tmp_path / "out")
    assert ended(command, town(ties), *out) == 4
    printed = capsys.readouterr()
    place = tmp_path / "ties.csv" if line is None else f"{tmp_path / 'ties.csv'}:{line}"
    (said,) = printed.err.splitlines()
    assert said.startswith(f"{place}: ")
    assert words in said
    assert printed.out == ""
    assert not (tmp_path / "out").exists(), "nothing is half written"


def test_what_was_read_is_counted(town):
    found = ties_read(load_scenario(town(TIES)))
    assert found._asdict() == COUNTS
    assert found.lines == found.ties + found.loops + found.repeats


def test_what_was_read_is_told(town, tmp_path, capsys):
    file = town(TIES)
    assert ended("validate", file) == 0
    validated = capsys.readouterr().out
    assert ended("compare", file, "--no-charts", "--out", tmp_path / "out") == 0
    compared = capsys.readouterr().err
    assert ended("validate", "--json", file) == 0
    (as_json,) = json.loads(capsys.readouterr().out)
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    lines = notes(load_scenario(file), Words("en"))
    assert "lines below the header: 6. Ties used: 3; not used: 1 of a person to themselves, 2 repeated" in lines[0]
    assert "People without a tie: 54 of 60" in lines[0]
    for line in lines:
        assert line in validated
        assert line in compared
    assert compared.index(lines[0]) < compared.index("building people and ties"), "before the run"
    assert run["notes"] == as_json["notes"] == lines
    assert run["ties"] == as_json["ties"] == {"file": "ties.csv", **COUNTS}


def test_how_it_was_read_is_told(town):
    """Form, columns, ids, weights and direction, in both languages."""
    file = town("Source;Target;Type;Id;Weight\nAda;Bo;Directed;0;2,5\nBo;Cem;Directed;1;5\nCem;Dee;Directed;2;-1\n")
    said = notes(load_scenario(file), Words("en"))[0]
    for words in (
        "Read as a table with semicolons (first = Source, second = Target, weight = Weight).",
        "Columns that mean nothing here: Id.",
        "Its 4 people were given numbers from 0",
        "Weights were made strengths",
        "Ties with no weight, or a weight or sign below zero, not used: 1.",
        "Its direction is not used",
    ):
        assert words in said
    assert "kregen nummers vanaf 0" in notes(load_scenario(file), Words("nl"))[0]


def test_show_ties_writes_who_became_whom(town, tmp_path, capsys):
    file = town("a,b\nAda,Bo\nBo,\"Lind, C\"\n")
    assert ended("show", "ties", file, "--out", tmp_path / "people.csv") == 0
    assert "Its 3 people were given numbers from 0" in capsys.readouterr().out
    assert (tmp_path / "people.csv").read_text() == 'person,id\n0,Ada\n1,Bo\n2,"Lind, C"\n'
    assert ended("show", "ties", town("a,b\n0,1\n"), "--out", tmp_path / "none.csv") == 0
    assert not (tmp_path / "none.csv").exists()
    assert ended("show", "ties", file, "--set", "network={kind='market'}") == 4
    assert "its ties come from no file" in capsys.readouterr().err


def test_a_file_that_is_gone_after_the_run_does_not_spoil_the_result(town, tmp_path):
    scenario = load_scenario(town(TIES))
    (tmp_path / "ties.csv").unlink()
    assert ties_as_data(scenario) is None
    assert notes_as_data(scenario) == []
    with pytest.raises(ScenarioError, match="cannot be read"):
        ties_read(scenario)


def test_a_changed_file_is_read_anew(town):
    scenario = load_scenario(town(TIES))
    assert ties_read(scenario).ties == 3
    town("a,b\n0,1\n")
    assert ties_read(scenario).ties == 1
    town(TIES.replace("3,59", "3,58"))  # as long as before, in the same moment
    assert ties_read(scenario).ties == 3


@pytest.mark.parametrize("kind", ["file", "cliques"])
def test_that_households_are_not_built_is_said(town, kind):
    """Where ties are not those of a market ``population.household_size`` does nothing; that is said where it is set."""
    sets = [] if kind == "file" else ["network={kind='cliques', ties=2, tie='household'}"]
    scenario = load_scenario(town(TIES), [*sets, "population.household_size=4.0"])
    for lang in ("en", "nl"):
        said = " ".join(notes(scenario, Words(lang)))
        assert "population.household_size" in said
        assert ("household" if kind == "cliques" else ": 2.") in said
        assert "population.household_size" not in " ".join(notes(load_scenario(town(TIES), sets), Words(lang)))
        drawn = load_scenario(town(TIES), [*sets, "population.household_size={low=1, high=3}"])
        assert "population.household_size" in " ".join(notes(drawn, Words(lang)))
    assert not notes(load_scenario(town(TIES), ["network={kind='market'}"]), Words("en"))


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("choose.limit", "choose.limit"),
        ("policies[0].choose.limit", "policies.letter.choose.limit"),
        ("policies[0].then={use='paid_exit', after_days=5, choose={limit=51}}", "policies.letter.then.choose.limit"),
        ("search.choose.limit=[10, 51]", "search.choose.limit"),
    ],
)
def test_a_limit_above_the_number_of_customers_is_a_fault_that_names_both(town, key, place):
    setting = key if "=" in key else f"{key}=51"
    with pytest.raises(ScenarioError) as caught:
        load_scenario(town(TIES), [setting])
    (fault,) = caught.value.faults
    assert fault.key == place
    assert "given 51" in str(fault)
    assert "population.customers = 50" in str(fault)
    load_scenario(town(TIES), [setting.replace("51", "50")])


def test_a_limit_above_the_number_who_qualify_is_none(town):
    assert load_scenario(town(TIES), ["choose.limit=50", "choose.calls_at_least=1000.0"]).choose.limit == 50
