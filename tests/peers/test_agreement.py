"""The same cascades in other packages agree with ours; see benchmarks/peers/requirements.txt."""

import pytest

from benchmarks import ours
from benchmarks.peers.adapters import PEERS, installed
from benchmarks.peers.agreement import CASES, MOST, RUNS, compare, graph, sample

pytestmark = [pytest.mark.peers, pytest.mark.science]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.graph}, p={case.p}")
@pytest.mark.parametrize("peer", PEERS)
def test_mean_number_who_know_agrees(peer, case):
    if installed(peer) is None:
        pytest.skip(f"{peer} is not installed: make peers")
    row = compare(peer, case)
    assert abs(row.z) <= MOST, row


def test_another_chance_of_a_tie_would_be_noticed():
    """The comparison can fail: a tie a fifth more likely is far outside the error that is accepted."""
    if installed("CyNetDiff") is None:
        pytest.skip("CyNetDiff is not installed: make peers")
    for case in CASES:
        more = case._replace(p=case.p * 1.2)
        mine, theirs = sample(case, None, 1_000), sample(more, "CyNetDiff", RUNS["CyNetDiff"])
        error = (mine.var(ddof=1) / len(mine) + theirs.var(ddof=1) / len(theirs)) ** 0.5
        assert (theirs.mean() - mine.mean()) / error > MOST, case


def test_the_engine_alone_gives_what_the_scenario_gives():
    case = CASES[1]
    runs = [prepare(graph(case.graph), case.told_first, case.p) for prepare in (ours.scenario_run, ours.engine_run)]
    assert [runs[0](seed) for seed in range(20)] == [runs[1](seed) for seed in range(20)]


def test_graphs_are_those_that_are_meant():
    assert (graph("karate").people, graph("karate").ties) == (34, 156)
    assert graph("random, 2,000 people").ties / 2_000 == pytest.approx(10, rel=0.05)
