"""A synthetic population: exact quotas, households, and the same people whoever builds them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markets import columns_of, default_people, fingerprint, people_of, scenario
from scipy.stats import binom

from wom_sim.populations.synthetic import household_size, lognormal, size_limits
from wom_sim.scenario.sections.network import MarketNetwork
from wom_sim.scenario.sections.population import Segment
from wom_sim.world.people import ADVOCATE, CUSTOMER, SEEKER, check, customers, households

AWKWARD = (0, 1, 2, 149, 150, 151, 301, 1000)
COMMUNITY = MarketNetwork().community
SHARES = ("1/2", "3/10", "1/5")


def segments_with(shares) -> tuple[Segment, ...]:
    return tuple(Segment(name=f"segment {k}", share=float(Fraction(share))) for k, share in enumerate(shares))


def quotas(shares, number: int) -> list[int]:
    """Return how many are in each segment: the cumulated shares of the customers, rounded, exactly."""
    upto = [round(number * sum(map(Fraction, shares[: k + 1]), Fraction(0))) for k in range(len(shares))]
    return np.diff([0, *upto]).tolist()


def counts(people, number: int) -> list[int]:
    return np.bincount(people["segment"][customers(people)], minlength=number).tolist()


@pytest.mark.parametrize("prospects", AWKWARD)
@pytest.mark.parametrize("number", AWKWARD)
def test_quotas_are_exact(number, prospects):
    if number + prospects == 0:
        return
    people = people_of(scenario(number, prospects, segments=segments_with(SHARES)))
    check(people)
    assert len(people) == number + prospects
    assert customers(people).sum() == number
    assert counts(people, 3) == quotas(SHARES, number)


@pytest.mark.parametrize("shares", [("1/2", "1/2"), ("1/3", "1/3", "1/3"), ("1/10",) * 10, ("1/100", "99/100")])
def test_quotas_of_other_shares(shares):
    for number in (10, 100, 149, 300, 1000, 10_000):
        found = counts(people_of(scenario(number, segments=segments_with(shares))), len(shares))
        assert sum(found) == number
        assert all(abs(n - number * Fraction(share)) <= 1 for n, share in zip(found, shares, strict=True))


def test_a_share_of_29_percent_of_a_hundred_is_29():
    assert counts(people_of(scenario(100, segments=segments_with(("29/100", "71/100")))), 2) == [29, 71]


def test_rare_segments_are_exact_where_customers_are_few():
    shares = ("7/10", "1/100", "1/100", "28/100")
    people = people_of(scenario(10_000, 100_000, segments_with(shares)))
    assert counts(people, 4) == quotas(shares, 10_000)


def test_every_community_has_its_share():
    people = people_of(scenario(7000, 3500, segments=segments_with(SHARES)))
    by_community = customers(people).reshape(-1, COMMUNITY).sum(axis=1)
    assert set(by_community.tolist()) == {100}
    for segment, share in enumerate((50, 30, 20)):
        mine = (customers(people) & (people["segment"] == segment)).reshape(-1, COMMUNITY).sum(axis=1)
        assert abs(mine - share).max() <= 2, "dealt evenly: no community is far from its share"


def test_which_households_are_customers_is_luck():
    by_place = customers(people_of(scenario(30_000, 30_000))).reshape(-1, COMMUNITY).mean(axis=0)
    assert abs(by_place - 0.5).max() < 5.0 * 0.5 / np.sqrt(60_000 / COMMUNITY)


def test_households_are_contiguous_numbered_by_their_first_and_within_a_community():
    people = people_of(scenario(3000, 1000))
    home = households(people).astype(np.int64)
    number = np.arange(len(people))
    starts = home == number
    assert starts[0]
    assert np.array_equal(home, np.maximum.accumulate(np.where(starts, number, 0)))
    assert np.array_equal(home // COMMUNITY, number // COMMUNITY)
    assert set(np.bincount(home)[starts].tolist()) == set(range(1, 7))


def test_households_are_mostly_of_one_role_and_segment():
    people = people_of(scenario(20_000, 10_000, segments=segments_with(SHARES)))
    kind = np.where(customers(people), people["segment"].astype(int), 9)
    firsts = households(people)
    mixed = np.unique(firsts[kind != kind[firsts]])
    communities = len(people) // COMMUNITY
    assert 0 < len(mixed) <= 3 * communities, "three seams a community at most: two between segments, one to prospects"
    roles = np.unique(firsts[customers(people) != customers(people)[firsts]])
    assert 0 < len(roles) <= communities


@pytest.mark.parametrize("mean", [1.0, 1.5, 2.56, 4.0])
def test_sizes_of_households(mean):
    """One and a binomial number; the renewal equation says how many fit into a community, the last cut."""
    pmf = binom.pmf(np.arange(6), 5, (mean - 1.0) / 5.0)
    grid = (np.arange(20_000) + 0.5) / 20_000
    sizes = np.bincount([household_size(u, size_limits(mean)) for u in grid], minlength=7)[1:] / len(grid)
    assert np.allclose(sizes, pmf, atol=1e-4)
    begins = np.zeros(COMMUNITY)
    begins[0] = 1.0
    for place in range(1, COMMUNITY):
        begins[place] = sum(pmf[k] * begins[place - 1 - k] for k in range(min(6, place)))
    people = people_of(scenario(300_000, household_size=mean))
    starts = (households(people) == np.arange(300_000)).reshape(-1, COMMUNITY).sum(axis=1)
    error = starts.std() / np.sqrt(len(starts))
    assert abs(starts.mean() - begins.sum()) <= 4.0 * error
    assert begins.sum() == pytest.approx(COMMUNITY / mean, rel=0.02)


def test_lognormal_has_its_mean_and_its_spread():
    z, weight = np.polynomial.hermite_e.hermegauss(60)
    values = np.array([lognormal(60.0, 1.06, each) for each in z])
    assert (values * weight).sum() / weight.sum() == pytest.approx(60.0, rel=1e-9)
    assert np.log(lognormal(60.0, 1.06, 1.0) / lognormal(60.0, 1.06, 0.0)) == pytest.approx(1.06)


def test_threads_do_not_matter():
    said = scenario(20_000, 7_001, segments=segments_with(SHARES))
    assert len({fingerprint(*columns_of(people_of(said, workers=workers))) for workers in (1, 2, 5)}) == 1


def test_the_seed_is_all_that_luck_depends_on():
    def printed(seed: int) -> str:
        return fingerprint(*columns_of(people_of(scenario(500, 100), seed)))

    assert printed(0) == printed(0)
    assert len({printed(seed) for seed in (0, 1, 2**32, 2**63 - 1, 2**64 - 1)}) == 5


def test_prospects_do_not_change_who_customers_are():
    """People are added at the end; who still is a customer has the same luck in everything."""
    few, many = people_of(scenario(6000)), people_of(scenario(6000, 3000))
    whole = 6000 // COMMUNITY * COMMUNITY
    assert np.array_equal(households(few)[:whole], households(many)[:whole])
    both = np.flatnonzero(customers(few)[:whole] & customers(many)[:whole])
    assert len(both) > 3000
    for name in set(few.dtype.names) - {"group"}:
        assert np.array_equal(few[name][both], many[name][both]), name


def test_prospects_have_no_account():
    people = people_of(scenario(500, 1500, join=0.015))
    prospects = people[~customers(people)]
    for name in (
        "margin",
        "calls",
        "contract",
        "commitment",
        "segment",
        "traits",
    ):
        assert not prospects[name].any(), name
    assert np.allclose(prospects["churn"], 0.015)
    assert prospects["talkativeness"].min() > 0.0
    assert prospects["member"].any()
    assert len(set(prospects["bill_day"].tolist())) == 30


def test_traits_are_known_bits_and_only_heavy_callers_seek_credits():
    people = default_people(200_000)
    assert set(np.unique(people["traits"]).tolist()) <= {1, 1 | ADVOCATE, 1 | SEEKER, 1 | ADVOCATE | SEEKER}
    seekers = (people["traits"] & SEEKER) != 0
    assert people["calls"][seekers].min() >= 10.0
    assert (people["traits"] & CUSTOMER).all()


_WHOLE = st.integers(0, 400)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(
    _WHOLE,
    _WHOLE.filter(bool),
    st.lists(st.integers(1, 20), min_size=1, max_size=6),
    st.integers(4, 200),
    st.floats(1.0, 4.0),
    st.integers(0, 2**64 - 1),
)
def test_any_census(number, prospects, parts, community, household, seed):
    shares = [str(Fraction(part, sum(parts))) for part in parts]
    said = scenario(
        number, prospects, segments_with(shares), MarketNetwork(community=community), household_size=household
    )
    people = people_of(said, seed)
    check(people)
    assert customers(people).sum() == number
    home, place = households(people).astype(int), np.arange(len(people))
    assert (home <= place).all()
    assert np.array_equal(home // community, place // community)
