"""Runs over worlds: what is drawn, common luck, going on, adding."""

import json

import numpy as np
import pandas as pd
import pytest
from small import FIRST, first_look

from wom_sim.results.folder import FolderError, opened
from wom_sim.scenario import load_scenario
from wom_sim.scenario.uncertain import PUBLIC
from wom_sim.simulation import build_world, settled
from wom_sim.study.compare_worlds import compare_worlds, manifest
from wom_sim.study.cost_of_worlds import plan_in_words, plan_worlds
from wom_sim.study.shared_world import SharedWorldRunner
from wom_sim.study.worlds import design, extended, luck_of, scenario_of
from wom_sim.study.worlds_drawn import listed
from wom_sim.study.worlds_folder import WorldsFolder

SMALL = first_look(2)


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(FIRST, SMALL)


def test_every_number_drawn_by_itself_has_one_value_in_each_band(scenario):
    found = design(scenario, 50)
    by_itself = [doubt for doubt in found.drawn if doubt.origin != PUBLIC]  # the others are drawn together, row by row
    assert 20 < len(by_itself) < len(found.drawn)
    for doubt in by_itself:
        if doubt.limits.whole or doubt.distribution.rare is not None:
            continue
        bands = np.sort(found.worlds[doubt.key])
        edges = doubt.distribution.at(np.clip(np.arange(51) / 50, 1e-12, 1 - 1e-12), doubt.limits)
        assert (bands >= edges[:-1] - 1e-12).all(), doubt.key
        assert (bands <= edges[1:] + 1e-12).all(), doubt.key


def test_rare_values_come_together_and_as_often_as_they_should(scenario):
    """A story that does not fade is one that makes people leave: the two are rare in the same worlds."""
    worlds = design(scenario, 100).worlds
    beta, fading = worlds["behaviour.leaving.beta"], worlds["behaviour.hearing.harm_half_life"]
    assert (beta == 5.5).sum() == 5 and ((beta == 5.5) == (fading == 1000.0)).all()
    assert 20 <= (beta == 0.0).sum() <= 31  # a quarter of a hundred, less what was rare among them
    rest = beta[(beta > 0.0) & (beta < 5.5)]
    assert rest.max() <= 2.0 and 0.6 < rest.mean() < 1.0  # the triangle's mean is .8


def test_what_is_drawn_and_what_is_known_is_listed_before_the_run():
    sets = ["money.discount=0.07", "behaviour.leaving.chi=0.3", 'worlds.doubt=["behaviour.leaving.chi"]']
    asked = load_scenario(FIRST, [*SMALL, *DRAWN[:1], *sets])
    found = design(asked, 4)
    said = list(listed(asked, found))
    assert said[0] == f"Drawn ({len(found.drawn)}):" and len(said) == len(found.drawn) + 3
    of = {line.strip().split("  ")[0]: line for line in said[1 : 1 + len(found.drawn)]}
    assert set(of) == {doubt.key for doubt in found.drawn}
    assert "{low=0.25, mode=0.4, high=0.8}  in doubt: grade A/C; Nitzan & Libai 2011" in of["behaviour.leaving.chi"]
    assert of["behaviour.responding.apologise"].endswith("{low=0.2, high=0.8}  as the scenario has it")
    assert "grade C, never measured; bump x1.00-1.10" in of["behaviour.leaving.beta"]
    assert "money.discount = 0.07" in said[-2] and "money.discount" in said[-1]
    text = plan_in_words(asked, found, plan_worlds(asked, found, 4, 1), 4)
    assert "(1 as the scenario has them, 1 that it states and doubts, " in text


def test_what_the_scenario_states_is_neither_drawn_nor_said_to_be_worth_finding_out():
    asked = load_scenario(FIRST, [*SMALL, "behaviour.leaving.beta=0.4", "money.discount=0.07"])
    found = compare_worlds(asked, 12, workers=1)
    assert not {"behaviour.leaving.beta", "money.discount"} & (
        set(found.drivers["parameter"]) | set(found.design.worlds)
    )
    assert "behaviour.leaving.beta" not in found.verdict
    told = manifest(found, plan_worlds(asked, found.design, 12, 1))
    assert told["known"]["money.discount"] == 0.07
    assert [each["key"] for each in told["drawn"]] == [doubt.key for doubt in found.design.drawn]
    assert all(each["source"] or each["grade"] for each in told["drawn"])


def test_a_run_whose_numbers_are_stated_elsewhere_cannot_go_on(tmp_path, scenario):
    """The fingerprint is the same, since the value is; what is drawn is not."""
    WorldsFolder.new(tmp_path, scenario, 3)
    with pytest.raises(FolderError, match=r"draws other numbers \(behaviour.leaving.chi\), as where another file"):
        WorldsFolder.opened(tmp_path, load_scenario(FIRST, [*SMALL, "behaviour.leaving.chi=0.4"]))


def test_draws_of_a_number_do_not_depend_on_the_others(scenario):
    fewer = load_scenario(FIRST, [*SMALL, 'worlds.fixed=["behaviour.talking"]'])
    a, b = design(scenario, 20), design(fewer, 20)
    assert len(b.drawn) < len(a.drawn)
    assert (a.worlds["behaviour.leaving.beta"] == b.worlds["behaviour.leaving.beta"]).all()


def test_another_block_keeps_the_first(scenario):
    first = design(scenario, 10)
    both = extended(first, scenario, 6)
    assert both.worlds.iloc[:10].equals(first.worlds)
    assert both.worlds["world"].tolist() == list(range(16))
    assert both.worlds["block"].tolist() == [0] * 10 + [1] * 6
    assert not set(both.worlds["behaviour.leaving.chi"][10:]) & set(first.worlds["behaviour.leaving.chi"])


def test_people_and_ties_stay_unless_they_are_asked_for(scenario):
    assert {d.key for d in design(scenario, 2).held} >= {"network.acquaintances", "population.alike_in_community"}
    each = load_scenario(FIRST, [*SMALL, "run.same_world=false"])
    assert "network.acquaintances" in {d.key for d in design(each, 2).drawn}
    assert design(each, 2).held == ()


DRAWN = ["behaviour.responding.apologise={low=0.2,high=0.8}", "behaviour.leaving.chi={low=0.1,high=0.5}"]


def test_what_is_drawn_for_nothing_and_what_is_given_and_not_drawn_are_said():
    asked = load_scenario(FIRST, [*SMALL, *DRAWN, 'worlds.fixed=["behaviour.leaving.chi"]'])
    found = design(asked, 4)
    said = plan_in_words(asked, found, plan_worlds(asked, found, 4, 1), 4)
    idle = "Drawn, but used by no policy of this scenario, so that it changes nothing: behaviour.responding.apologise."
    assert idle in said
    assert "Given as a distribution, but not drawn, because worlds.fixed names it: behaviour.leaving.chi." in said
    keys = {doubt.key for doubt in found.drawn}
    assert "behaviour.responding.apologise" in keys and "behaviour.leaving.chi" not in keys
    plain = load_scenario(FIRST, SMALL)
    found = design(plain, 4)
    said = plan_in_words(plain, found, plan_worlds(plain, found, 4, 1), 4)
    assert "Drawn, but" not in said and "Given as" not in said


@pytest.mark.science
def test_what_no_policy_uses_has_exactly_nothing_to_do_with_the_result():
    asked = load_scenario(FIRST, [*SMALL, DRAWN[0], "policies.paid exit.payment={low=10,high=300}"])
    rows = compare_worlds(asked, 14, workers=1).drivers
    idle = rows[rows["parameter"] == "behaviour.responding.apologise"]
    assert len(idle) > 2 and (idle["value_if_low"] == idle["value_if_high"]).all()
    assert (idle[["evppi", "evppi_high", "flips", "share_of_variance", "rank_correlation"]] == 0.0).all(axis=None)
    payment = rows[rows["parameter"].str.endswith("payment")].set_index("policy")
    assert payment["used"].to_dict() == {
        "all policies": True, "bulk letter": False, "case by case": False, "paid exit": True,
    }  # fmt: skip
    assert rows.groupby("policy")["share_of_variance"].sum().max() <= 1.0 + 1e-9


def test_a_scenario_without_doubt_has_no_worlds():
    sure = load_scenario(FIRST, [*SMALL, 'worlds.fixed=["behaviour", "media", "money", "network", "population"]'])
    with pytest.raises(ValueError, match="no number of this scenario is uncertain"):
        design(sure, 5)


def test_every_policy_has_the_luck_of_its_world_and_workers_change_nothing(scenario):
    one = compare_worlds(scenario, 6, workers=1).replications
    two = compare_worlds(scenario, 6, workers=2).replications
    pd.testing.assert_frame_equal(one, two)
    assert one.groupby(["world", "replication"])["seed"].agg(lambda seeds: len(set(seeds))).eq(1).all()
    assert one["seed"].nunique() == 12
    assert (one.loc[one["policy"] == "keep", "net_value"] == 0.0).all()


@pytest.mark.parametrize("same_world", ["true", "false"])
def test_a_world_is_what_a_scenario_with_its_numbers_gives(same_world):
    """Built from nothing with the numbers of one world, the runs are the same, whoever ran before on these people."""
    scenario = load_scenario(FIRST, [*SMALL, f"run.same_world={same_world}"])
    found = design(scenario, 3)
    shared = SharedWorldRunner(scenario, [d.key for d in found.drawn])
    shared.prepare()
    for world in (0, 1, 2):
        within = scenario_of(scenario, found, world)
        alone = SharedWorldRunner(within, [])
        alone.prepare()
        lucks = [luck_of(world, 0), luck_of(world, 1)]
        assert pd.DataFrame(shared.run(within, within.policies, lucks)).equals(
            pd.DataFrame(alone.run(within, within.policies, lucks))
        )


def test_settling_is_what_building_does(scenario):
    dear = load_scenario(FIRST, [*SMALL, "money.cost_per_call=20", "behaviour.leaving.locked=0.7"])
    built, again = build_world(dear), settled(build_world(scenario), dear)
    assert (built.people == again.people).all()
    assert built.newcomer == again.newcomer
    assert (built.outlets == again.outlets).all()


# -- folders -------------------------------------------------------------------------------------------------


SET = [part for text in SMALL[:3] + SMALL[4:] for part in ("--set", text)]


def test_interrupted_resumed_and_extended_is_the_same_as_at_once(command, tmp_path, monkeypatch):
    code, *_ = command("compare", FIRST, *SET, "--worlds", 8, "--out", tmp_path / "once", "--json")
    assert code == 0
    kept = WorldsFolder.keep

    def keep_three(self, world, runs):
        kept(self, world, runs)
        if len(list((self.path / "parts").iterdir())) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(WorldsFolder, "keep", keep_three)
    code, _, err = command("compare", FIRST, *SET, "--worlds", 8, "--out", tmp_path / "twice")
    assert code == 130
    assert "Go on with the same options and --resume" in err
    assert not (tmp_path / "twice" / "run.json").exists()
    monkeypatch.undo()
    code, *_ = command("compare", FIRST, *SET, "--resume", "--out", tmp_path / "twice", "--json")
    assert code == 0
    for name in ("worlds.parquet", "replications.parquet", "verdicts.csv", "drivers.csv"):
        assert (tmp_path / "once" / name).read_bytes() == (tmp_path / "twice" / name).read_bytes(), name
    assert not (tmp_path / "twice" / "parts").exists()

    before = pd.read_parquet(tmp_path / "once" / "replications.parquet")
    code, *_ = command("compare", FIRST, *SET, "--add-worlds", 4, "--out", tmp_path / "once", "--json")
    assert code == 0
    after = pd.read_parquet(tmp_path / "once" / "replications.parquet")
    pd.testing.assert_frame_equal(after[after["world"] < 8], before)
    assert after["world"].nunique() == 12
    told = json.loads((tmp_path / "once" / "run.json").read_text())
    assert (told["worlds"], told["blocks"], told["replications_in_each_world"]) == (12, 2, 2)


@pytest.mark.science
@pytest.mark.parametrize("asked", [("--worlds", 3, "--overwrite"), ("--add-worlds", 2)])
def test_the_former_result_is_there_until_the_new_one_is_complete(command, tmp_path, monkeypatch, asked):
    out = tmp_path / "out"
    assert command("compare", FIRST, *SET, "--worlds", 2, "--out", out, "--json")[0] == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def stop(self, world, runs):
        raise KeyboardInterrupt

    monkeypatch.setattr(WorldsFolder, "keep", stop)
    assert command("compare", FIRST, *SET, *asked, "--out", out)[0] == 130
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
    assert opened(out).run["worlds"] == 2
    assert command("compare", FIRST, *SET, "--resume", "--out", out, "--json")[0] == 0
    assert opened(out).run["worlds"] == (3 if "--overwrite" in asked else 4)
    assert {path.name for path in out.iterdir()} == set(before), "nothing hidden is left"


def test_a_folder_of_something_else_is_refused(scenario, tmp_path):
    with pytest.raises(FolderError, match="holds no run over worlds"):
        WorldsFolder.opened(tmp_path, scenario)
    WorldsFolder.new(tmp_path, scenario, 3)
    assert WorldsFolder.opened(tmp_path, scenario).missing() == [0, 1, 2]
    other = load_scenario(FIRST, [*SMALL, "run.seed=1"])
    with pytest.raises(FolderError, match="holds a run of another scenario"):
        WorldsFolder.opened(tmp_path, other)
    started = json.loads((tmp_path / "started.json").read_text())
    (tmp_path / "started.json").write_text(json.dumps(started | {"model": "0123456789abcdef"}))
    with pytest.raises(FolderError, match=r"another version of the model \(wom_sim .*, 0123456789abcdef\)"):
        WorldsFolder.opened(tmp_path, scenario)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--worlds", "3", "--resume"], "--worlds and --resume: only one of them can be given"),
        (["--worlds", "3", "--engine", "reference"], "--engine: given 'reference', allowed with --worlds: compiled"),
        (["--worlds", "3", "--events"], "--events: not possible with --worlds"),
        (["--resume"], "--resume: given without --out DIR"),
        (["--worlds", "3", "--replications", "20000"], "run.replications: given 20000, allowed with --worlds: at most"),
        (["--worlds", "3", "--set", 'policies=[{name="keep",use="keep"}]'], "there is nothing to compare"),
        (["--worlds", "400000"], "--worlds: given 400000, allowed: at most 300000"),
        (
            ["--worlds", "3", "--set", 'worlds.fixed=["behaviour","media","money","population"]'],
            "no number of this scenario",
        ),
    ],
)
def test_options_that_do_not_go_together(command, options, said):
    code, out, err = command("compare", FIRST, *options)
    assert (code, out) == (4, "")
    assert said in err
    assert "Traceback" not in err


def test_results_are_not_written_over(command, tmp_path):
    (tmp_path / "run.json").write_text('{"kind": "worlds"}')
    code, _, err = command("compare", FIRST, "--worlds", 3, "--out", tmp_path)
    assert code == 4
    assert "already holds a run over worlds; give another folder, --resume, --add-worlds or --overwrite" in err
    code, _, err = command("compare", FIRST, "--add-worlds", 3, "--out", tmp_path / "none")
    assert code == 4
    assert "holds no run over worlds" in err
