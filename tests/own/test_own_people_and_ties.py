"""A population and a network of another package: both engines, every executor, and what must hold of them."""

from __future__ import annotations

import numpy as np
import pytest
from kit import PLUGGED
from small import two_policies

from wom_sim import compare, load_scenario, simulate, sweep
from wom_sim.networks.convert import to_networkx
from wom_sim.plugins.limit import PluginError
from wom_sim.simulation import build_people, build_world
from wom_sim.study.runs import world_key
from wom_sim.world.network import check
from wom_sim.world.people import check as check_people

SMALL = two_policies(400, 60, 15)


def scenario(folder, *said: str, text: str = SMALL + PLUGGED):
    (folder / "scenario.toml").write_text(text)
    return load_scenario(folder / "scenario.toml", list(said))


def with_one(folder, kind: str, name: str):
    return scenario(folder, text=SMALL + f'[plugins]\n{kind} = "{name}"\n')


def test_people_are_those_of_the_segments_as_it_changed_them(site, tmp_path):
    made, usual = build_world(scenario(tmp_path)), build_world(scenario(tmp_path, text=SMALL))
    check_people(made.people)
    factor = made.people["talkativeness"] / usual.people["talkativeness"]
    louder = np.isclose(factor, 1.5)
    assert 0.4 < louder.mean() < 0.6
    assert np.isclose(factor[~louder], 1.0).all()
    assert (made.people["calls"] == usual.people["calls"]).all()
    more = build_world(scenario(tmp_path, "population.prospects=80"))
    assert len(more.people) == len(made.people) + 40
    alone = build_people(scenario(tmp_path))
    assert (alone.people["talkativeness"] == made.people["talkativeness"]).all()


def test_ties_are_those_that_it_draws(site, tmp_path):
    network = build_world(scenario(tmp_path)).network
    check(network)
    assert (network.degrees() == 6).all(), "three to either side"
    circle = build_world(with_one(tmp_path, "network", "circle")).network
    assert sorted(dict(to_networkx(circle).degree()).values()) == [2] * circle.size


def test_both_engines_and_all_threads_agree_on_them(site, tmp_path):
    said = scenario(tmp_path, "run.replications=2", "run.same_world=false")
    fast, slow = (simulate(said, "letter", engine=engine) for engine in ("compiled", "reference"))
    assert fast.events.equals(slow.events)
    assert fast.daily.equals(slow.daily)
    assert not fast.events.equals(simulate(scenario(tmp_path, text=SMALL), "letter").events)
    one, two = compare(said, workers=1), compare(said, workers=2)
    assert one.replications.equals(two.replications)


STUDY = """
name = "own"
scenario = "scenario.toml"
replications = 2
[[factors]]
key = "plugins.numbers.reach.value"
values = [1, 4]
[[factors]]
key = "plugins.numbers.louder by.value"
values = [1.0, 3.0]
"""


@pytest.mark.science
def test_their_numbers_are_varied_by_a_study_wherever_it_runs(site, tmp_path):
    scenario(tmp_path)
    (tmp_path / "study.toml").write_text(STUDY)
    tables = [
        sweep(tmp_path / "study.toml", out=tmp_path / where, workers=2, where=where).table
        for where in ("threads", "processes")
    ]
    assert tables[0].equals(tables[1])
    means = tables[0].groupby("plugins.numbers.reach.value")["reached"].mean()
    assert means.loc[1.0] != means.loc[4.0]


def test_what_people_and_ties_depend_on_is_in_the_key_of_the_world(site, tmp_path):
    def key(*said: str, text: str = SMALL + PLUGGED) -> bytes:
        found = scenario(tmp_path, *said, text=text)
        return world_key(found, found.model_dump(mode="json"), 0)

    assert key() != key(text=SMALL)
    assert key("plugins.numbers.reach.value=1") != key()
    assert key('plugins.indicators=["busy_days"]') == key(), "an indicator changes no world"


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("population", "fewer", r"returned an array of \(439,\), allowed: the array of 440 people"),
        ("population", "hasty", "returned people.churn above 1"),
        ("population", "moved", "changed people.member|must count up"),
        ("network", "small", "has 2 people, there are 440"),
        ("network", "none", "returned NoneType, allowed: Network, or a graph of networkx"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(site, tmp_path, kind, name, said):
    with pytest.raises(PluginError, match=f"the {kind} '{name}' of another package ({said})"):
        build_world(with_one(tmp_path, kind, name))
