"""What lies beyond the known range in results: bounded, marked in every table, and said in every answer."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from wom_sim.cli import main
from wom_sim.scenario import load_scenario
from wom_sim.scenario.axes import axis_of
from wom_sim.study.break_even import Question, break_even
from wom_sim.study.compare import compare
from wom_sim.study.compare_worlds import compare_worlds
from wom_sim.study.levers import space_of
from wom_sim.study.loading import load_study
from wom_sim.study.points_beyond import points_beyond
from wom_sim.study.recommend import recommend
from wom_sim.study.recommend_folder import Folder
from wom_sim.study.recommend_words import words
from wom_sim.study.standings import Question as Asked

RISE = """
name = "a rise"
[population]
customers = 2_000
[run]
days = 90
replications = 3
[[policies]]
name = "all"
use = "reprice"
for_all = true
price_rise = 0.2
"""
GUESS = "a guess, kept to the pessimistic side"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("rise") / "rise.toml"
    path.write_text(RISE, encoding="utf-8")
    return path


def worth(file, rise: float, *sets: str) -> float:
    found = compare(load_scenario(file, [f"policies[0].price_rise={rise}", *sets]), workers=1)
    return float(found.replications.groupby("policy")["net_value"].mean()["all"])


def test_a_gain_does_not_go_on_beyond_what_has_been_seen(file):
    """A straight line has the firm gain without end: at four times the price it would be worth most of all."""
    seen, dear, dearest = (worth(file, rise) for rise in (0.6, 1.0, 3.0))
    assert seen > 0.0
    assert seen > dear > dearest
    assert dearest < 0.0
    straight = worth(file, 3.0, "behaviour.leaving.price_seen=3.0")
    assert straight > 2.0 * seen, "so that the bound, and nothing else, makes the difference"


def test_within_what_has_been_seen_the_bound_changes_nothing(file):
    assert worth(file, 0.6) == worth(file, 0.6, "behaviour.leaving.price_months=120.0")
    assert worth(file, 0.61) > worth(file, 0.61, "behaviour.leaving.price_months=120.0")


def test_compare_says_it(file, tmp_path, capsys):
    sets = ["--set", "policies[0].price_rise=3.0", "--no-charts", "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as ended:
        main(["compare", str(file), *sets])
    assert not ended.value.code
    printed, run = capsys.readouterr(), json.loads((tmp_path / "out" / "run.json").read_text())
    assert run["notes"][0].startswith("“all” raises the price by 300 %; how customers react has been seen up to 60 %")
    assert run["notes"][0] in printed.err
    assert GUESS in run["verdict"]
    assert GUESS in " ".join(printed.out.split())


@pytest.mark.science
def test_over_worlds_says_it(file):
    far = load_scenario(file, ["policies[0].price_rise=3.0", "population.customers=300", "run.replications=2"])
    found = compare_worlds(far, 4, workers=1)
    assert GUESS in found.verdict
    assert "behaviour.leaving.price_months" in {doubt.key for doubt in found.design.drawn}
    near = compare_worlds(load_scenario(file, ["population.customers=300", "run.replications=2"]), 4, workers=1)
    assert GUESS not in near.verdict
    assert "behaviour.leaving.price_months" not in {doubt.key for doubt in near.design.drawn}


@pytest.mark.science
def test_break_even_marks_the_points_and_says_it(file, tmp_path, capsys):
    scenario = load_scenario(file)
    axis = axis_of(scenario, "policies.all.price_rise", 0.2, 2.6)
    found = break_even(scenario, Question("all", "keep", (axis,), 4), workers=1)
    assert found.table.set_index("value")["beyond"].ne("").to_dict() == {v: v > 0.6 for v in found.table["value"]}
    guesses = int((found.table["value"] > 0.6).sum())
    assert 0 < guesses < len(found.table)
    assert f"At {guesses} of the {len(found.table)} points the model goes beyond what is known" in found.answer
    assert GUESS in found.answer
    options = ["--policy", "all", "--parameter", "price_rise", "--low", "0.2", "--high", "2.6", "--points", "4"]
    with pytest.raises(SystemExit):
        main(["break-even", str(file), *options, "--out", str(tmp_path / "out")])
    printed = " ".join(capsys.readouterr().out.split())
    assert printed.count("(a guess)") == guesses
    written = pd.read_csv(tmp_path / "out" / "breakeven.csv")
    assert written["beyond"].notna().sum() == guesses
    within = axis_of(scenario, "policies.all.price_rise", 0.2, 0.6)
    assert "guess" not in break_even(scenario, Question("all", "keep", (within,), 2), workers=1).answer


def recommended(file, *sets: str):
    scenario = load_scenario(file, ["search={price_rise=[0.3,0.9]}", "population.customers=600", *sets])
    asked = Asked(scenario, space_of(scenario), replications=2, fresh=4, finalists=2)
    return recommend(asked, Folder(None), 1, lambda *_: None)


def test_recommend_says_it_of_what_it_recommends(file):
    """Where nobody weighs the excess, the higher price wins, and the recommendation says what that is worth."""
    found = recommended(file, "behaviour.leaving.price_months=0.0")
    rows = found.frontier.set_index("levers")
    assert rows["beyond"]["price_rise 0.9"] == "a price rise of 90 %, seen up to 60 %"
    assert rows["beyond"]["price_rise 0.3"] == ""
    assert bool(rows["best"]["price_rise 0.9"])
    assert GUESS in words(found)
    bounded = recommended(file)
    assert bool(bounded.frontier.set_index("levers")["best"]["price_rise 0.3"])
    assert GUESS not in words(bounded)


def test_a_certain_chance_is_told_as_such(file):
    sure = recommended(file, "media.outlets=[{name='press', threshold=0.0, reach=0.1, national=true}]")
    assert "national news in 100 % of the runs" in words(sure)


def test_a_study_says_how_far_its_points_go(file, tmp_path):
    study = tmp_path / "study.toml"
    study.write_text(
        f'name = "s"\nquestion = "q"\nscenario = "{file}"\nreplications = 1\n[design]\nkind = "grid"\n'
        '[[factors]]\nkey = "policies.all.price_rise"\nvalues = [0.1, 1.5, 0.4]\n'
        '[[factors]]\nkey = "behaviour.leaving.beta"\nvalues = [0.1, 0.8]\n'
    )
    (text,) = points_beyond(load_study(study))
    assert "At the far end of the study" in text
    assert "raises the price by 150 %" in text
    study.write_text(study.read_text().replace("1.5", "0.5"))
    assert points_beyond(load_study(study)) == []
