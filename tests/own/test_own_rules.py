"""Rules of another package in place of ours: in both engines, by name, with their numbers, and told when they fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import rules_kit
from small import two_policies

from wom_sim import compare, load_scenario, simulate, sweep
from wom_sim.plugins.limit import LIMIT, PluginError
from wom_sim.results.version import model_version, plugin_version, version_of
from wom_sim.simulation import own_rules

ROOT = Path(__file__).parents[2]
SMALL = two_policies(600, 150, 40) + (
    '[behaviour.leaving]\nbeta = 1.5\n[behaviour.hearing]\naffected = 0.9\n[media]\nrule = "level"\n'
    '[media.report]\nmedian_days = 0\nfound_late = 0\n'
    '[[media.outlets]]\nname = "press"\nthreshold = 0.5\nreach = 0.1\nnational = true\n'
)
POINTS = "".join(
    f'[[plugins.numbers]]\nname = "{name}"\nvalue = {value}\n'
    for name, value in (("points", 0.05), ("share", 0.1), ("pull", 0.3))
)


def forget() -> None:
    for found in (own_rules.own_rule, own_rules._compiled, plugin_version):
        found.cache_clear()
    sys.modules.pop("their_rules", None)


@pytest.fixture
def rules(tmp_path, monkeypatch):
    place = tmp_path / "rules"
    place.mkdir()
    rules_kit.install(place)
    monkeypatch.syspath_prepend(str(place))
    forget()
    yield place
    forget()


def with_rules(folder, *named: str, more: str = POINTS, threshold: float = 0.5):
    """Return the small scenario with rules named as "kind = name"."""
    small = SMALL.replace("threshold = 0.5", f"threshold = {threshold}")
    said = "".join('{} = "{}"\n'.format(*each.split(" = ")) for each in named)
    (folder / "scenario.toml").write_text(f"{small}[plugins]\n{said}{more}")
    return load_scenario(folder / "scenario.toml")


@pytest.mark.parametrize(
    "named",
    [
        ("pick_up = eager",), ("coverage = talked_about",), ("harm = lasting",), ("hazard = added",),
        ("pick_up = eager", "coverage = talked_about", "harm = lasting", "hazard = added"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_both_engines_agree_event_by_event(rules, tmp_path, named):
    high = 8.0 if named == ("pick_up = eager",) else 0.5  # so high that ours waits, or never is convinced
    said, usual = with_rules(tmp_path, *named, threshold=high), with_rules(tmp_path, threshold=high)
    for policy in ("letter", "exit"):
        for replication in range(2):
            fast = simulate(said, policy, replication=replication)
            slow = simulate(said, policy, replication=replication, engine="reference")
            assert fast.events.equals(slow.events)
            assert fast.daily.equals(slow.daily)
    assert not simulate(said, "letter").events.equals(simulate(usual, "letter").events), "the rule decides something"


@pytest.mark.parametrize(
    "named", ["pick_up = their_level", "coverage = same_reach", "harm = same_harm", "hazard = same_hazard"]
)
def test_a_rule_that_says_what_ours_says_changes_nothing(rules, tmp_path, named):
    said, usual = with_rules(tmp_path, named), with_rules(tmp_path)
    for policy in ("letter", "exit"):
        theirs, ours = simulate(said, policy), simulate(usual, policy)
        assert theirs.events.equals(ours.events)
        assert theirs.ledger.equals(ours.ledger)


STUDY = """
name = "rival"
scenario = "scenario.toml"
replications = 2
outputs = ["net_value", "lost_profitable"]
[[factors]]
key = "plugins.numbers.points.value"
values = [0.0, 0.2]
"""


@pytest.mark.science
def test_its_numbers_are_varied_by_a_study_wherever_it_runs(rules, tmp_path):
    said = with_rules(tmp_path, "hazard = added", "harm = lasting")
    (tmp_path / "study.toml").write_text(STUDY)
    tables = [
        sweep(tmp_path / "study.toml", out=tmp_path / where, workers=2, where=where).table
        for where in ("threads", "processes")
    ]
    assert tables[0].equals(tables[1])
    lost = tables[0].groupby("plugins.numbers.points.value")["lost_profitable"].mean()
    assert lost.loc[0.2] > lost.loc[0.0]
    assert compare(said, workers=1).replications.equals(compare(said, workers=2).replications)


def test_its_source_is_part_of_the_version(rules, tmp_path):
    assert version_of(with_rules(tmp_path)) == model_version()
    said = with_rules(tmp_path, "hazard = added")
    one = version_of(said)
    assert one != model_version()
    (rules / "their_rules.py").write_text(rules_kit.SOURCE.replace("base * contagion + points", "base + points"))
    forget()
    assert version_of(said) != one


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("hazard = endless", "gives -?inf|gives nan"), ("hazard = high", "gives 2 for base 0, .*allowed: 0 to 1"),
        ("coverage = wide", "gives 2 for reach 0, half_life 0, days 0, usual 0, heard 1; allowed: 0 to 1|gives 1.5"),
        ("hazard = text", "cannot be compiled"), ("hazard = few", "must be a function of 4 numbers: base, beta, harm"),
        ("harm = added", "is a rule of 'hazard', and is named for 'harm'"),
    ],
)  # fmt: skip
def test_one_that_cannot_be_used_is_named_in_a_sentence(rules, tmp_path, named, said):
    with pytest.raises(PluginError, match=f"the rule '{named.split()[-1]}' of another package .*({said})"):
        simulate(with_rules(tmp_path, named), "letter")


@pytest.mark.science
def test_one_that_does_not_come_to_an_end_is_named_too(rules, tmp_path):
    """In a process of its own: what is left behind goes on until that ends."""
    with_rules(tmp_path, "hazard = never")
    paths = os.pathsep.join([str(rules), str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "wom_sim", "run", str(tmp_path / "scenario.toml")],
        env=os.environ | {"PYTHONPATH": paths, LIMIT: "20"}, capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert "the rule 'never' of another package was not tried within 20 s" in done.stderr
