"""What the figures say: identities between tables, and the estimates that a scenario rests on."""

import doctest

import pytest
from small_runs import ROOT

import wom_sim._notebook
import wom_sim.present.deck_tables
import wom_sim.present.editable
import wom_sim.scenario.grades
import wom_sim.words.figures
from wom_sim.present import facts
from wom_sim.present.result_folder import read
from wom_sim.scenario import load_scenario
from wom_sim.scenario.evidence import unmeasured


@pytest.mark.parametrize("parts", [facts.lost_by_reason, facts.lost_by_channel])
def test_those_lost_by_reason_and_by_channel_add_up_to_the_indicator(finished, parts):
    found = read(finished)
    wide = parts(found)
    assert wide.to_numpy().sum() > 0.0
    for policy in found.options:
        assert wide[policy].sum() == pytest.approx(found.estimate(policy, facts.LOST).mean, abs=1e-9)


def test_the_lines_of_the_ledger_add_up_to_the_net_value(finished):
    found = read(finished)
    for policy in found.options:
        net = found.estimate(policy, facts.NET).mean
        assert sum(found.estimate(policy, line).mean for line in facts.ledger_lines(found)) == pytest.approx(net)
        saved, gained, lost = facts.saved_gained_lost(found, policy)
        assert saved + gained - lost == pytest.approx(net, rel=1e-9)
        assert min(gained, lost) >= 0.0


def test_the_lead_is_the_paired_difference_of_the_two_best(finished):
    found = read(finished)
    leading = facts.lead(found)
    order = facts.net_order(found)
    assert (leading.best, leading.rival) == (order[0], order[1])
    runs = found.replications.pivot_table(index="replication", columns="policy", values="net_value")
    assert leading.gap.mean == pytest.approx((runs[order[0]] - runs[order[1]]).mean())
    assert leading.decided == (leading.gap.low > 0.0)
    k, n = facts.chance_better(found, order[0], order[1])
    assert (k, n) == (int((runs[order[0]] > runs[order[1]]).sum()), 4)


def test_only_estimates_that_are_used_are_told():
    plain = {a.key: a for a in unmeasured(load_scenario(ROOT / "scenarios" / "first_look.toml"))}
    assert "never measured" in plain["behaviour.leaving.beta"].grade
    assert not plain["behaviour.leaving.beta"].moved
    absent = {"behaviour.leaving.guaranteed", "media.p_leak", "behaviour.fairness.mistake.story", "choose.abuse_calls"}
    assert not absent & set(plain)
    ranged = [a.plausible is not None for a in plain.values()]
    assert ranged == sorted(ranged, reverse=True)
    beta = "behaviour.leaving.beta={low=0.5,mode=1.0,high=2.0}"
    sets = [beta, "choose.error_rate=0.1", 'policies=[{name="n", use="nudge"}]']
    moved = {a.key: a for a in unmeasured(load_scenario(ROOT / "scenarios" / "first_look.toml", sets))}
    assert (moved["behaviour.leaving.beta"].moved, moved["behaviour.leaving.beta"].used) == (True, (1.0,))
    assert {"media.p_leak", "behaviour.fairness.mistake.story"} <= set(moved)


@pytest.mark.parametrize(
    "module",
    [
        wom_sim._notebook, wom_sim.scenario.grades, wom_sim.present.deck_tables, wom_sim.present.editable,
        wom_sim.words.figures,
    ],
)
def test_examples_in_the_documentation(module):
    found = doctest.testmod(module)
    assert found.failed == 0
    assert found.attempted > 0
