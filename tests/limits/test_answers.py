"""The exact answers agree with figures computed elsewhere (known_answers.json), and with each other."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "experiments" / "validation"))

import answers as exact  # noqa: E402

KNOWN = json.loads((Path(__file__).parent / "known_answers.json").read_text())
KARATE = list(nx.karate_club_graph().edges())
FAMILIES = list(nx.florentine_families_graph())
FLORENTINE = [(FAMILIES.index(a), FAMILIES.index(b)) for a, b in nx.florentine_families_graph().edges()]


def close(value, known):
    assert np.allclose(value, known, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("p", [0.05, 0.1, 0.2, 0.3])
def test_cascades_in_the_karate_club(p):
    known = KNOWN[f"ic.karate.0.p{p}"]
    node, size = exact.cascade_by_frontier(34, KARATE, 0, p)
    close(node, [known["node_prob"][str(v)] for v in range(34)])
    close(size, (known["mean_activated"], known["sd_activated"]))


@pytest.mark.parametrize("p", [0.1, 0.5])
def test_cascades_among_florentine_families(p):
    known = KNOWN[f"ic.florentine.Medici.p{p}"]
    node, size = exact.cascade_by_frontier(15, FLORENTINE, 1, p)
    close(node, [known["node_prob"][name] for name in FAMILIES])
    close(size, (known["mean_activated"], known["sd_activated"]))


def test_two_methods_give_the_same_cascade_and_its_course():
    found = exact.cascade_by_enumeration(15, FLORENTINE, 1, 0.3)
    node, size = exact.cascade_by_frontier(15, FLORENTINE, 1, 0.3)
    close(found.node, node)
    close(found.size, size)
    close(found.reached, KNOWN["extra.ic_time_florentine_p0.3"])


def test_cascades_on_a_ring_and_among_five():
    ring = exact.cascade_by_enumeration(10, [(k, (k + 1) % 10) for k in range(10)], 0, 0.5)
    close(ring.size.mean, KNOWN["ic.cycle10.0.p0.5"]["mean_activated"])
    close(ring.node[1:], KNOWN["ic.cycle10.0.p0.5"]["node_prob_by_distance"])
    five = exact.cascade_by_enumeration(5, [(a, b) for a in range(5) for b in range(a)], 0, 0.3)
    close(five.dist[1:], KNOWN["ic.K5.0.p0.3"]["size_dist"])


@pytest.mark.parametrize(("n", "p", "name"), [(10, 0.1, "1/10"), (10, 0.2, "1/5"), (20, 0.1, "1/10")])
def test_reed_frost_and_the_component_of_a_random_graph(n, p, name):
    known = KNOWN[f"reedfrost.N={n},m=1,p={name}"]
    dist = exact.reed_frost(n, 1, p)
    close(dist, known["dist"])
    close(exact.moments(dist), (known["mean"], known["sd"]))
    close(exact.cluster_of_random_graph(n + 1, p)[1:], dist)


def test_two_told_first_reach_as_a_cascade_from_two_does():
    """Merge the two: whoever is tied to both hears with chance 1 - (1 - p)^2, so enumerate a graph of double ties."""
    pairs = [(a, b) for a in range(1, 4) for b in range(1, a)]
    merged = [(0, a) for a in range(1, 4)] * 2 + pairs
    close(exact.reed_frost(3, 2, 0.3), exact.cascade_by_enumeration(4, merged, 0, 0.3).dist[1:])


def test_contact_process_and_bass():
    close([exact.moments(d).mean for d in exact.contact_chain(20, 0.0, 0.02, 40, 1)], KNOWN["extra.si_K20"])
    chain = [exact.moments(d) for d in exact.contact_chain(100, 0.03, 0.0038, 30)]
    close([m.mean / 100 for m in chain], KNOWN["bass.chain.expo_100"]["mean"])
    close([m.sd / 100 for m in chain], KNOWN["bass.chain.expo_100"]["sd"])
    close(exact.bass_recursion(0.03, 0.38, 30), KNOWN["bass.deterministic"]["expo"])


def test_rumours_one_meeting_at_a_time():
    for n in (100, 1000):
        known = KNOWN[f"rumour.MT_{n}"]
        close(exact.rumour_one_at_a_time(n), (known["mean_ignorant"], known["sd"]))
    close(exact.rumour_limit(), KNOWN["rumour.theta"]["theta"])


def test_rumours_by_the_day():
    for c in (1.0, 0.5, 0.2, 0.1, 0.05, 0.01):
        close(exact.rumour_of_many(c, bernoulli=True), KNOWN[f"rumour.sync_c{c}"]["meanfield"])
    small = exact.rumour_by_the_day(40, 0.001)
    at_once = exact.rumour_one_at_a_time(40)
    assert small.mean == pytest.approx(at_once.mean, rel=2e-3), "a short day is one meeting at a time"
    assert exact.rumour_by_the_day(120, 0.5).mean / 120 == pytest.approx(exact.rumour_of_many(0.5), abs=0.01)


def test_the_chain_of_days_is_the_process_it_says():
    rng = np.random.default_rng(5)
    n, c, found = 12, 0.4, []
    for _ in range(1000):
        knows, talks = np.arange(n) < 1, np.arange(n) < 1
        while talks.any():
            before = knows.copy()
            stops = np.zeros(n, dtype=bool)
            for i in np.flatnonzero(talks):
                met = rng.integers(0, n, rng.poisson(c))
                met = met[met != i]
                stops[i] = before[met].any()
                knows[met] = True
            talks = (talks & ~stops) | (knows & ~before)
        found.append(n - knows.sum())
    answer = exact.rumour_by_the_day(n, c)
    assert abs(exact.z_score(float(np.mean(found)), answer, len(found))) < 4.0


def test_giant_clusters():
    for r0 in (1.1, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0):
        close(exact.giant_share_poisson(r0), KNOWN[f"newman.ER_R0={r0}"]["S"])
    for t in (0.2, 0.4, 0.6, 0.8):
        close(exact.giant_share_regular3(t), KNOWN[f"newman.regular3_T={t}"]["S"])
    for t in (0.2, 0.4):
        close(exact.mean_cluster_regular3(t), KNOWN[f"newman.regular3_T={t}"]["mean_size"])
    for r0 in (0.5, 0.8):
        close(exact.mean_cluster_poisson(r0), KNOWN[f"newman.ER_R0={r0}"]["mean_size"])
        finite = exact.moments(exact.cluster_of_random_graph(2000, r0 / 1999))
        assert finite.mean == pytest.approx(exact.mean_cluster_poisson(r0), rel=0.03), "2,000 people are many"


def test_spread_of_a_cluster_of_three_ties_each():
    """The size is 1 + three branches; each is nothing, or one person and two branches: solve for its moments."""
    for t in (0.2, 0.4):
        mean = t / (1.0 - 2.0 * t)
        second = t * (1.0 + 4.0 * mean + 2.0 * mean**2) / (1.0 - 2.0 * t)
        close(exact.sd_cluster_regular3(t), math.sqrt(3.0 * (second - mean**2)))


@pytest.mark.parametrize(("r", "p", "k"), [(1, 0.05, 3), (1, 0.1, 4), (2, 0.05, 4), (5, 0.05, 6)])
def test_bursts(r, p, k):
    known = KNOWN[f"burst.A_N200_r{r}_p{p}_W7_K{k}"]
    close(exact.burst_at_once(200, p, k), known["bulk"])
    close(exact.burst_a_few_a_day(200, r, p, 7, k), known["case"])


def test_bursts_of_slow_posts():
    close(exact.burst_slow(200, 2, 0.05, 0.2, (7, 4, 141)), KNOWN["burst.geo_N200_r2_p0.05_g0.2_W7_K4_H140"]["exact"])


def test_broadcast_and_the_value_of_a_customer():
    for a in (0.01, 0.05):
        for t in (1, 10, 52, 100):
            close(exact.broadcast(1, a, t).mean, KNOWN[f"closed.aware_a={a}_t={t}"])
    end = exact.customer_worth(100.0, 0.2, 0.1, 1)
    close(end.mean, KNOWN["closed.clv_T=None_end"])
    close(end.sd, KNOWN["closed.npv_customer"]["sd"])
    close(end.mean + 100.0, KNOWN["closed.npv_customer"]["E"])


def test_talk_of_the_network_by_definition():
    for strangers, weak, strong, name in ((5, 0.005, 0.01, "ton.s5_w5"),):
        town = exact.Town(3000, strangers + 1, strangers, 0.0005, weak, strong)
        days = exact.talk_of_the_network(town, 30, 3)[:, 2]
        assert abs(days.mean() - KNOWN[name]["spec_mean"]) < 4.0 * KNOWN[name]["spec_sd"] / math.sqrt(30)
    many = exact.talk_without_cliques(exact.Town(1, 1, 17, 0.01, 0.015, 0.0), 30)
    assert np.abs(many - KNOWN["ton.weak_only_meanfield"]).max() < 0.002, "meetings at random times, not 17 a day"


def test_windows_and_pooling():
    assert exact.in_a_window(np.array([1, 0, 2, 0, 0, 3]), 3) == 3
    assert exact.in_a_window(np.array([1, 0, 2, 0, 0, 3]), 4) == 5
    observed, expected = exact.pooled(np.array([7, 3, 1, 8, 1]), np.array([0.3, 0.2, 0.2, 0.25, 0.05]))
    assert observed.tolist() == [7.0, 4.0, 9.0], "what expects less than 5 joins its neighbour"
    assert expected == pytest.approx([6.0, 8.0, 6.0])
