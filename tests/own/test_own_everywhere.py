"""A plug-in of every kind at once: in both engines, in compare and sweep, in threads and processes (Dask apart)."""

from __future__ import annotations

import sys

import everything_kit
import kit
import pytest

from wom_sim import compare, load_scenario, plugins, simulate, sweep
from wom_sim.present.publish import page_of
from wom_sim.scenario.evidence import unmeasured
from wom_sim.scenario.notes import notes
from wom_sim.scenario.sections.plugins import Plugins
from wom_sim.words import Words

NAMED = {"plugins.numbers.reach.value": (1, 3), "plugins.numbers.points.value": (0.0, 0.2),
         "plugins.numbers.pull.value": (0.0, 0.5)}  # fmt: skip


@pytest.fixture
def everything(site, tmp_path):
    everything_kit.install(site)
    kit.forget()
    (tmp_path / "scenario.toml").write_text(everything_kit.SCENARIO)
    (tmp_path / "study.toml").write_text(everything_kit.STUDY)
    yield tmp_path
    for module in ("their_rules", "their_policy"):
        sys.modules.pop(module, None)


def test_the_scenario_names_one_of_each_kind(everything):
    said = load_scenario(everything / "scenario.toml")
    listed = Plugins.model_fields.keys() - {"numbers"}
    assert {name for name in listed if getattr(said.plugins, name)} == listed
    kinds = {kind for kind, _ in said.plugins.used()} | {"chart", "section", "policy"}
    assert kinds == set(plugins.KINDS)


def test_both_engines_agree_on_all_of_them(everything):
    said = load_scenario(everything / "scenario.toml")
    for policy in ("letter", "with the bill"):
        fast, slow = (simulate(said, policy, engine=engine) for engine in ("compiled", "reference"))
        assert len(fast.events) > 100
        assert fast.events.equals(slow.events)
        assert fast.daily.equals(slow.daily)
        assert fast.measured == slow.measured
        assert {"busy_days", "ways_heard"} <= set(fast.measured)


def test_compare_gives_the_same_however_many_work_and_shows_all(everything):
    said = load_scenario(everything / "scenario.toml", ["run.replications=3"])
    one, two = compare(said, workers=1), compare(said, workers=2)
    assert one.replications.equals(two.replications)
    assert {"keep", "letter", "exit", "with the bill"} == set(one.replications["policy"])
    page = page_of(one)
    assert "The loudest run" in page
    assert "Who talks" in page


@pytest.mark.science
def test_sweep_gives_the_same_in_threads_and_in_processes(everything):
    tables = [
        sweep(everything / "study.toml", out=everything / where, workers=2, where=where).table
        for where in ("threads", "processes")
    ]
    assert tables[0].equals(tables[1])
    for key, values in NAMED.items():
        means = tables[0].groupby(key)[["lost_profitable", "busy_days", "net_value"]].mean()
        assert tuple(means.index) == values
        assert not means.iloc[0].equals(means.iloc[1]), f"{key} decides something"


def test_packages_are_asked_for_their_plug_ins_once_and_not_for_each_number(everything, monkeypatch):
    """A scenario asks hundreds of times what its policies do."""
    from importlib import metadata

    asked, really = [], metadata.entry_points

    def counted(**given):
        asked.append(given["group"])
        return really(**given)

    unmeasured(load_scenario(everything / "scenario.toml"))  # bytecode is written now, and folders stay as they are
    monkeypatch.setattr(metadata, "entry_points", counted)
    plugins._points_in.cache_clear()
    said = load_scenario(everything / "scenario.toml")
    assert unmeasured(said)
    assert asked.count(plugins.KINDS[plugins.POLICY]) == 1
    assert len(asked) == len(set(asked))


def test_a_package_that_is_new_is_found_by_a_process_that_has_asked_before(site, tmp_path):
    before = plugins.names(plugins.POLICY)
    everything_kit.install(site)
    assert set(plugins.names(plugins.POLICY)) > set(before)


def test_a_choice_by_harm_beside_a_rule_of_ones_own_is_told(everything):
    by_harm = ["choose.spare_most_harmful=0.1"]
    told = [notes(load_scenario(everything / "scenario.toml", by_harm), Words(lang)) for lang in ("en", "nl")]
    for said, harm in zip(told, ("expect", "verwachten"), strict=True):
        (line,) = [each for each in said if harm in each and "plugins.harm" in each]
        assert "plugins.hazard" in line
    plain = notes(load_scenario(everything / "scenario.toml"), Words("en"))
    assert not any("plugins.harm" in each for each in plain)
