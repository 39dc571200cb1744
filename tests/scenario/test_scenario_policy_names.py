"""Policies of other packages can be used in a scenario without touching this one."""

import pytest

from wom_sim import policies
from wom_sim.scenario import ScenarioError, load_scenario


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """An installed package with a policy module and a policy object as entry points."""
    folder = tmp_path / "site"
    info = folder / "gentle-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: gentle\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[wom_sim.policies]\ngentle_call = gentle\nharsh = gentle:HARSH\nkeep = gentle:HARSH\n"
    )
    (folder / "gentle.py").write_text('POLICY = "a gentle call"\nHARSH = "harsh"\n')
    monkeypatch.syspath_prepend(str(folder))


def test_our_own_come_first_and_in_order():
    assert policies.names()[:4] == ("keep", "bulk_letter", "case_by_case", "paid_exit")


def test_another_package_adds_names(plugin):
    assert policies.names() == (*policies.POLICIES, "gentle_call", "harsh")
    assert policies.policy("gentle_call") == "a gentle call"
    assert policies.policy("harsh") == "harsh"


def test_it_cannot_take_over_one_of_ours(plugin):
    assert policies.policy("keep") != "harsh"


def test_a_scenario_may_use_it(plugin, small):
    assert load_scenario(small, ["policies[0].use=gentle_call"]).policies[0].use == "gentle_call"
    with pytest.raises(ScenarioError, match=r"did you mean 'gentle_call'\?"):
        load_scenario(small, ["policies[0].use=gentle_cal"])


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="no policy is named 'shrug'; there are keep, bulk_letter"):
        policies.policy("shrug")
