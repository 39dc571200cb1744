"""``wom-sim new`` without ``--from``: a dozen questions, and a scenario in which known is fixed and unknown drawn."""

import pytest
from typer.testing import CliRunner

from wom_sim.cli.assembly import app
from wom_sim.scenario import load_scenario
from wom_sim.scenario.presets import preset_names
from wom_sim.scenario.questions import QUESTIONS, Trade, fault_of
from wom_sim.scenario.uncertain import doubts, known_numbers
from wom_sim.study.worlds import design

KNOWN = {
    "population.customers": "40000", "segment.revenue": "35", "segment.churn": "1.5", "segment.calls": "0.8",
    "money.cost_per_call": "5.5", "segment.account_cost": "20", "segment.account_avoidable": "30",
    "segment.under_contract": "25", "money.acquisition_cost": "120", "choose.limit": "300",
    "money.horizon_months": "24",
}  # fmt: skip
MUST = ("population.customers", "choose.limit")


def asked(tmp_path, trade, answers, ways="letter,pay", name="Mine"):
    """Answer every question, and return what the command said and the file."""
    told = [trade, name, *(answers.get(q.place, "") for q in QUESTIONS), ways]
    told += ["150"] if not ways or "pay" in ways else []
    file = tmp_path / "mine.toml"
    return CliRunner().invoke(app(), ["new", str(file)], input="\n".join(told) + "\n"), file


def mean(scenario, key):
    segments = scenario.population.segments
    return sum(s.share * getattr(s, key) for s in segments) / sum(s.share for s in segments)


@pytest.mark.parametrize("trade", preset_names())
def test_what_is_known_is_stated_and_not_drawn(tmp_path, trade):
    answers = {q: a for q, a in KNOWN.items() if Trade.named(trade).typical(_question(q)) is not None or q in MUST}
    result, file = asked(tmp_path, trade, answers)
    assert result.exit_code == 0, result.output
    scenario = load_scenario(file)
    assert (scenario.name, scenario.population.customers, scenario.choose.limit) == ("Mine", 40_000, 300)
    for key, unit in (("revenue", 1), ("churn", 100), ("calls", 1), ("account_cost", 1), ("under_contract", 100)):
        if f"segment.{key}" in answers and Trade.named(trade).mean(key):
            assert mean(scenario, key) * unit == pytest.approx(float(answers[f"segment.{key}"]), rel=1e-4), key
    assert scenario.money.horizon_months == 24 and [p.name for p in scenario.policies] == ["letter", "paid exit"]
    assert scenario.policies[1].payment == 150.0
    known, drawn = {k.key for k in known_numbers(scenario)}, {d.key for d in doubts(scenario)}
    assert "money.acquisition_cost" in known and "money.acquisition_cost" not in drawn
    assert not any(key.endswith("account_avoidable") for key in drawn)


def _question(place):
    return next(q for q in QUESTIONS if q.place == place)


@pytest.mark.parametrize("trade", preset_names())
def test_what_is_not_known_is_drawn(tmp_path, trade):
    unknown = {q.place: "?" for q in QUESTIONS if not fault_of(q, "?", Trade.named(trade))}
    result, file = asked(tmp_path, trade, KNOWN | unknown)
    assert result.exit_code == 0, result.output
    scenario = load_scenario(file)
    drawn = {d.key for d in design(scenario, 4).drawn}
    assert "money.acquisition_cost" in drawn and any(key.endswith(".account_avoidable") for key in drawn)
    assert any(key.endswith(".revenue") for key in drawn) and not scenario.run.same_world


@pytest.mark.parametrize("trade", preset_names())
def test_what_is_usual_is_the_trades(tmp_path, trade):
    result, file = asked(tmp_path, trade, {q: KNOWN[q] for q in MUST}, ways="")
    assert result.exit_code == 0, result.output
    scenario, table = load_scenario(file), Trade.named(trade)
    assert mean(scenario, "revenue") == pytest.approx(table.mean("revenue"))
    assert [p.use for p in scenario.policies] == ["bulk_letter", "case_by_case", "paid_exit"]
    assert "population.segments" not in file.read_text() and scenario.run.same_world


def test_what_cannot_be_is_asked_again(tmp_path):
    trade = ["shop", "bank"]
    told = [*trade, "", "Mine", "many", "-3", "2.5", "40000", *[""] * (len(QUESTIONS) - 3), "300", "", "fax", "letter"]
    file = tmp_path / "mine.toml"
    result = CliRunner().invoke(app(), ["new", str(file)], input="\n".join(told) + "\n")
    assert result.exit_code == 0, result.output
    said = ("allowed: bank", "allowed: 1 to 80", "given 'many'", "given '-3'", "given '2.5', allowed: a whole", "'fax'")
    for words in said:
        assert words in result.output, words


@pytest.mark.parametrize("told", ["", "bank\n", "bank\nMine\n40000\n"])
def test_without_all_answers_nothing_is_written(tmp_path, told):
    file = tmp_path / "mine.toml"
    result = CliRunner().invoke(app(), ["new", str(file)], input=told)
    assert result.exit_code == 4 and "nothing was written" in result.output and not file.exists()


def test_a_file_that_is_there_is_said_before_anything_is_asked(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text("mine")
    result = CliRunner().invoke(app(), ["new", str(file)], input="")
    assert result.exit_code == 4 and "is there already" in result.output and "Which trade" not in result.output
    assert file.read_text() == "mine"
