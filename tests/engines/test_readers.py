"""Who reads and who rates, in runs: followers and posts passed on, ratings that stay, somebody with papers in hand."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from test_news import QUIET, firm, told, voice
from worlds import some_people, world_of

from wom_sim.engines.compiled import Engine
from wom_sim.networks.convert import from_networkx
from wom_sim.rules.talking import LOGNORMAL
from wom_sim.scenario import Scenario
from wom_sim.simulation import build_world, luck_seed, treatments_of
from wom_sim.simulation.running import voices_of
from wom_sim.world import trace as tr
from wom_sim.world.outlets import outlets_from
from wom_sim.world.world import World

nx = pytest.importorskip("networkx")

POSTING = QUIET._replace(
    p_post=1.0, post_half_life=1.0, post_days=5, days=40, audience_rule=LOGNORMAL, followers_median=61.0,
    followers_spread=1.65, audience_most=1e6,
)  # fmt: skip


def audiences(numbers, rows: int = 2000) -> np.ndarray:
    """Return the audience of each post of so many who were told."""
    world = firm(3000, threshold=1e9)
    log = Engine(world).run(numbers, told(world, [0] * rows), 3, events=True).events()
    return np.sort(log[log["event"] == tr.POSTS]["amount"])


def test_followers_are_log_normal():
    """A median of 61, 1,000 at the 96th percentile, 3,000 near the 99th."""
    found = audiences(POSTING)
    assert len(found) == 2000
    assert 52 < np.median(found) < 70
    assert 0.945 < (found < 1000).mean() < 0.97
    assert 0.985 < (found < 3000).mean() < 0.996


def test_a_few_posts_are_passed_on_and_reach_many_more():
    """The same followers: .05 of posts are read more widely, by a Pareto tail of 1.15."""
    plain = audiences(POSTING._replace(followers_spread=0.0))
    passed = audiences(POSTING._replace(followers_spread=0.0, passed_on=0.05, passed_on_tail=1.15))
    assert set(plain.tolist()) == {61}
    wider = passed[passed > 61]
    assert abs(len(wider) / 2000 - 0.05) < 4.0 * math.sqrt(0.05 * 0.95 / 2000)
    tenfold = float((wider > 610).mean())
    assert abs(tenfold - 10.0**-1.15) < 4.0 * math.sqrt(0.07 * 0.93 / len(wider))


def test_who_posts_twice_has_the_same_followers():
    world = firm(3000, threshold=1e9)
    first, again = told(world, [0] * 50), told(world, [10] * 50)
    from wom_sim.world.treatments import arranged

    log = Engine(world).run(POSTING, arranged(np.concatenate([first, again])), 3, events=True).events()
    posts = log[log["event"] == tr.POSTS]
    by_person = {int(p): set(posts["amount"][posts["person"] == p].tolist()) for p in np.unique(posts["person"])}
    assert all(len(sizes) == 1 for sizes in by_person.values())
    assert len(posts) == 100


# -- ratings -----------------------------------------------------------------------------------------------


def prospects(churn: float = 0.05) -> World:
    """Return 1,000 customers and 9,000 prospects without ties, who join with 5 % a month."""
    crowd = some_people(10_000, 1, customers=0.1, churn=churn)
    crowd["churn"] = churn
    return world_of(crowd, from_networkx(nx.empty_graph(10_000)), outlets_from([]))


RATED = POSTING._replace(
    followers_median=0.0, days=330, rating_effect=0.2, rating_count=100.0, rating_stars=4.0, rating_half_life=1e9
)


def lost_joins(numbers, letters: int = 100) -> float:
    world = prospects()
    trace = Engine(world).run(numbers, told(world, [0] * letters), 3)
    return -float(trace.book.daily[:, tr.D_EXTRA_JOINS].sum())


def test_ratings_keep_from_joining_who_has_heard_nothing():
    """100 bad ratings beside 100 of 4 stars: 1.5 stars lost, joins x exp(-.2 x 1.5) of those who would have joined."""
    world = prospects()
    expected_share = 1.0 - math.exp(-0.2 * 1.5)
    trace = Engine(world).run(RATED, told(world, [0] * 100), 3, events=True)
    log = trace.events()
    kept_out = log[log["event"] == tr.NOT_JOINED]
    assert trace.book.daily[:, tr.D_REACHED].sum() == 0
    crowd, months = world.people, 11
    who = int((~(crowd["traits"] & 1).astype(bool)).sum())
    would = who * (1.0 - 0.95**months)
    assert len(kept_out) == pytest.approx(expected_share * would, rel=0.1)
    assert set((kept_out["source"] >> tr.SOURCE_SHIFT).tolist()) == {tr.NOBODY}


def test_more_ratings_from_before_and_a_short_memory_protect():
    lost = lost_joins(RATED)
    assert lost > 0
    assert lost_joins(RATED._replace(rating_count=10_000.0)) < 0.1 * lost
    assert lost_joins(RATED._replace(rating_half_life=3.0)) < 0.3 * lost
    assert lost_joins(RATED._replace(rating_effect=0.0)) == 0.0


# -- papers in hand ----------------------------------------------------------------------------------------


def test_who_has_papers_of_their_own_shows_these():
    world = firm(40, threshold=1e9)
    quiet = told(world, [0, 0], news=0)
    one = voice(world, standing=1.0, told=False)
    for news, worth in ((-1, 0), (256, 256)):
        one["news"] = news
        log = Engine(world).run(QUIET, quiet, 3, voices=one, events=True).events()
        assert log[log["event"] == tr.NEWS]["amount"].tolist() == [worth]


def scenario(**note: object) -> Scenario:
    told = {
        "name": "leak", "population": {"customers": 400, "prospects": 100}, "choose": {"limit": 20},
        "policies": [{"name": "calls", "use": "case_by_case", "channel": "phone"}],
        "people_of_note": [{"name": "somebody inside", "audience": 500, "standing": 5, **note}],
    }  # fmt: skip
    return Scenario.model_validate_json(json.dumps(told))


def test_an_employee_is_none_of_those_chosen_and_has_proof():
    drawn = scenario(employee=True)
    world = build_world(drawn, workers=1)
    rows = treatments_of(drawn, drawn.policies[0], world, luck_seed(drawn, 0))
    voices = voices_of(drawn, len(world.people), rows, luck_seed(drawn, 0))
    assert not voices["told"].any() and voices["news"].tolist() == [256]
    assert voices_of(scenario(), len(world.people), rows, luck_seed(drawn, 0))["news"].tolist() == [-1]
    halves = voices_of(scenario(employee=True, proof=0.5), len(world.people), rows, 3)
    assert halves["news"].tolist() == [128]


def test_somebody_leaks_with_that_chance():
    drawn = scenario(employee=True, chance=0.3)
    rows = treatments_of(drawn, drawn.policies[0], build_world(drawn, workers=1), luck_seed(drawn, 0))
    there = np.mean([len(voices_of(drawn, 500, rows, luck_seed(drawn, k))) for k in range(400)])
    assert abs(there - 0.3) < 4.0 * math.sqrt(0.3 * 0.7 / 400)
