"""The exact answers of rival forms agree with figures computed elsewhere, with brute force, and with each other."""

from __future__ import annotations

import itertools
import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "experiments" / "validation"))

import answers as exact  # noqa: E402
import rival_answers as rival  # noqa: E402

KNOWN = json.loads((Path(__file__).parent / "known_answers.json").read_text())


def test_linear_thresholds_are_those_of_the_definition():
    """Against thresholds drawn one by one: on a square with a diagonal, 40,000 times."""
    edges = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)]
    answer, near = rival.linear_threshold(4, edges, 1), rival.neighbours_of(4, edges)
    rng, seen = np.random.default_rng(1), np.zeros(4)
    for drawn in rng.random((40_000, 4)):
        active = {1}
        while True:
            after = active | {i for i in range(4) if len(active & set(near[i])) / len(near[i]) >= drawn[i]}
            if after == active:
                break
            active = after
        seen[list(active)] += 1.0
    assert np.abs(seen / 40_000 - answer.node).max() < 4.0 * 0.5 / math.sqrt(40_000)
    assert answer.dist.sum() == pytest.approx(1.0)
    assert answer.size.mean == pytest.approx(answer.node.sum())


def test_a_path_stops_at_the_threshold():
    path = [(0, 1), (1, 2), (2, 3)]
    assert rival.watts(4, path, 0, 0.5) == ([1, 2, 3, 4, 4], 15)
    assert rival.watts(4, path, 0, 0.51) == ([1, 1], 1)


@pytest.mark.science
def test_the_window_is_where_watts_found_it():
    """Figure 1 of Watts 2002: at a threshold of .18 cascades end between 5.7 and 5.8 ties, and begin above 1."""
    chance = {ties: rival.watts_window(ties, 0.18).chance for ties in (0.9, 1.1, 5.7, 5.8)}
    assert chance[0.9] == chance[5.8] == 0.0
    assert chance[1.1] > 0.1
    assert chance[5.7] > 0.1


def test_cascades_that_stay_small_have_the_mean_of_a_branching_process():
    found = rival.watts_window(0.5, 0.18)
    assert found.mean == pytest.approx(2.0, abs=3e-3), "nearly all are vulnerable: 1/(1 - .5)"


def test_imitation_is_the_chain_computed_elsewhere():
    known = KNOWN["bass.chain.linear_100"]
    chain = [exact.moments(d) for d in rival.imitation_chain(100, 0.03, 0.38, 30)]
    assert np.allclose([m.mean / 100 for m in chain], known["mean"], atol=1e-10)
    assert np.allclose([m.sd / 100 for m in chain], known["sd"], atol=1e-10)
    competing = exact.moments(rival.imitation_chain(100, 0.03, 0.38, 10, True)[10]).mean / 100
    assert competing == pytest.approx(KNOWN["bass.chain.expo_100"]["mean"][10], abs=1e-3), "(1 - q/N)^A there, exp here"


@pytest.mark.parametrize(("s", "stale"), [(1, 0), (1, 4), (3, 2), (4, 3)])
def test_who_stops_is_counted_over_all_meetings(s, stale):
    """Brute force over all pairs that meet and all who meet somebody who has stopped."""
    n, c = 9, 0.7
    pair, old = 1.0 - math.exp(-c / n), 1.0 - math.exp(-c * stale / n)
    pairs, found = list(itertools.combinations(range(s), 2)), np.zeros(s + 1)
    for met in itertools.product((0, 1), repeat=len(pairs)):
        for told in itertools.product((0, 1), repeat=s):
            stops = {k for k in range(s) if told[k]} | {k for m, p in zip(met, pairs, strict=True) if m for k in p}
            chance = math.prod(pair if m else 1.0 - pair for m in met) * math.prod(
                old if t else 1.0 - old for t in told
            )
            found[len(stops)] += chance
    assert rival._stopping(n, c, s, stale) == pytest.approx(found, abs=1e-12)


@pytest.mark.science
def test_the_step_of_a_day_tends_to_one_meeting_at_a_time():
    one = rival.rumour_one_at_a_time(60)
    gaps = [one.mean - rival.rumour_of_both(60, c).mean for c in (0.1, 0.05, 0.025)]
    assert gaps[0] / gaps[1] == pytest.approx(2.0, abs=0.15)
    assert gaps[1] / gaps[2] == pytest.approx(2.0, abs=0.15)
    large = rival.rumour_one_at_a_time(1000).mean / 1000
    assert large == pytest.approx(KNOWN["rumour.theta"]["theta"], abs=1e-3)


def test_who_recovers_at_once_is_reed_and_frosts():
    assert rival.recovery_chain(10, 0.1, 1.0, 30)[1] == pytest.approx(exact.reed_frost(10, 1, 0.1), abs=1e-12)


def test_a_star_ties_the_fates_of_its_ends():
    assert rival.star_with_recovery(0.2, 0.5)[2] == pytest.approx(0.13725, abs=1e-5)
    assert rival.star_with_recovery(0.2, 0.5).sum() == pytest.approx(1.0)
    days, end = rival.recovery_chain(1, 0.2, 0.5, 200)
    assert end[1] == pytest.approx(1.0 / 3.0), "one end alone: beta/(beta + gamma - beta gamma)"
    assert days[1][1] == pytest.approx(0.2)


def test_survival_by_hand():
    ratio, added = (rival.survivors_of_a_story(1, 0.01, math.log(2.0), r, 1).mean for r in (None, 0.02))
    assert ratio == pytest.approx((29 * 0.98 + 0.99) / 30)
    assert added == pytest.approx((29 * 0.97 + 0.99) / 30)
    alone = rival.alike_survivors(2000, 1, 0.02, 1e-9, 12)
    assert alone == pytest.approx(exact.survivors(2000, 0.02, 12), rel=1e-6)
    assert rival.alike_survivors(2000, 20, 0.02, 0.8, 12).sd > 1.5 * rival.alike_survivors(2000, 1, 0.02, 0.8, 12).sd
