"""Too little memory: the message names the size that fits, and ``--fit-memory`` takes it."""

import json
import re
from pathlib import Path

import pytest

from wom_sim.cli import main
from wom_sim.scenario import load_scenario
from wom_sim.study.cost import BASE_BYTES, NotEnoughMemoryError, fitted, memory, plan, represents_that_fits

ROOT = Path(__file__).parents[2]
SPRINT = ROOT / "scenarios" / "sprint_2007.toml"
TOWN = ROOT / "scenarios" / "first_look.toml"


def with_memory(monkeypatch: pytest.MonkeyPatch, gigabytes: float) -> None:
    """Fake a machine with so much memory."""
    monkeypatch.setattr("wom_sim.study.cost.available_memory", lambda: gigabytes * 2**30)


@pytest.mark.parametrize(("gigabytes", "represents"), [(8.5, 1), (4.0, 2), (2.0, 5), (1.0, 10), (0.7, 20), (0.48, 100)])
def test_the_least_round_number_that_fits_is_named_and_fits(monkeypatch, gigabytes, represents):
    with_memory(monkeypatch, gigabytes)
    sprint = load_scenario(SPRINT)
    found = fitted(sprint, "compiled")
    assert found.run.represents == represents
    assert plan(found, "compiled").bytes <= gigabytes * 2**30
    if represents == 1:
        assert found is sprint
        return
    with pytest.raises(NotEnoughMemoryError) as refused:
        plan(sprint, "compiled")
    (named,) = re.findall(r"--set run.represents=(\d+)", str(refused.value))
    assert int(named) == represents
    assert plan(load_scenario(SPRINT, [f"run.represents={named}"]), "compiled").represents == represents
    assert "population.customers" not in str(refused.value)


def test_runs_at_a_time_that_were_asked_for_are_kept_where_people_are_fewer(monkeypatch):
    with_memory(monkeypatch, 7.5)
    sprint = load_scenario(SPRINT, ["run.same_world=false"])
    with pytest.raises(NotEnoughMemoryError, match=r"Try --workers 1, or --set run.represents="):
        plan(sprint, "compiled", 2)
    assert plan(fitted(sprint, "compiled", 2), "compiled", 2).workers == 2


def test_no_size_is_named_that_the_scenario_refuses(monkeypatch):
    """Of sixty letters to a town five must be simulated, so a person may stand for twelve at most."""
    with_memory(monkeypatch, 0.3)
    with pytest.raises(NotEnoughMemoryError, match="Not even fewer simulated people fit"):
        fitted(load_scenario(TOWN), "compiled")
    assert represents_that_fits(load_scenario(TOWN), "compiled") is None


def test_the_reference_engine_is_told_of_the_other(monkeypatch):
    with_memory(monkeypatch, 1.0)
    with pytest.raises(NotEnoughMemoryError, match=r"Try --engine compiled, or --set run.represents=\d"):
        plan(load_scenario(TOWN, ["population.customers=500000", "choose.limit=6000"]), "reference")


def test_people_who_stand_for_more_take_less_memory():
    scenario = load_scenario(SPRINT)
    tenth = load_scenario(SPRINT, ["run.represents=10"])
    whole, part = (memory(each, "compiled", 1) - BASE_BYTES for each in (scenario, tenth))
    assert part == pytest.approx(whole / 10.0)
    text = plan(load_scenario(SPRINT, ["run.represents=100"]), "compiled").text()
    assert "730,000 simulated people, each of whom stands for 100" in text
    assert "Only 10 of those let go are simulated" in text
    assert "simulated" not in plan(load_scenario(TOWN), "compiled").text()


def command(capsys, *arguments: object) -> tuple[int, str, str]:
    """Run a command; return exit code, output, errors."""
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    printed = capsys.readouterr()
    return ended.value.code or 0, printed.out, printed.err


FEW = ("--set", "run.days=60", "--replications", 2)


@pytest.mark.science
def test_compare_takes_the_size_that_fits_and_says_so(monkeypatch, capsys, tmp_path):
    with_memory(monkeypatch, 0.43)
    town = ["compare", TOWN, *FEW, "--set", "population.customers=600000", "--set", "choose.limit=600"]
    code, _, err = command(capsys, *town, "--out", tmp_path / "refused")
    assert (code, (tmp_path / "refused" / "run.json").exists()) == (4, False)
    assert re.search(r"--set run.represents=\d+", err)
    code, out, err = command(capsys, *town, "--fit-memory", "--out", tmp_path / "out")
    assert code == 0
    assert "each simulated person stands for 5: --set run.represents=5" in err
    assert "Each simulated person stands for 5" in out
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    assert (run["represents"], run["people"]) == (5, 120_400)
    assert load_scenario(tmp_path / "out" / "scenario.toml").run.represents == 5


def test_compare_keeps_to_the_full_size_where_it_fits(capsys):
    code, out, err = command(capsys, "compare", TOWN, *FEW, "--set", "run.represents=1", "--fit-memory")
    assert code == 0
    assert "stands for" not in out + err


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", TOWN, "--set", "population.customers=3000", "--set", "run.days=30"),
        ("validate", TOWN, "--set", "population.customers=3000"),
        ("compare", TOWN, "--set", "population.customers=3000", *FEW, "--json"),
        ("break-even", TOWN, "--policy", "paid exit", "--parameter", "payment", "--points", 2, "--set",
         "population.customers=3000", *FEW),
    ],
)  # fmt: skip
def test_a_smaller_market_is_warned_of_on_the_side(capsys, arguments):
    code, out, err = command(capsys, *arguments)
    assert code == 0
    assert err.startswith("wom-sim: warning: population.customers = 3,000, where ")
    assert "--set run.represents=12 in its place" in err, "17 would leave fewer than five to let go"
    assert "population.customers = 3,000, where" not in out
    assert "wom-sim: warning" not in out


def test_the_demo_asks_for_the_size_that_fits():
    recipe = (ROOT / "Makefile").read_text().partition("\ndemo:")[2].splitlines()[1]
    assert "wom-sim demo --out $(OUT)" in recipe  # which asks for it: tests/cli/test_builtin.py
