"""A synthetic population by segments.

People are numbered so that households, and the communities they live in, are contiguous. Who is a customer,
and of which segment, is settled community by community with exact quotas: the totals are exact, and members
of a household mostly share them. Revenue and churn are log-normal with a part in common to the household and
a part in common to the community; calls are log-normal, so that a few call very often.
Source: whale curve (Kaplan & Narayanan 2001), value assortativity (Haenlein 2011); EVIDENCE sections 5, 7, 8.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import borrowed, inlined, kernel, rule
from wom_sim.world.luck import four, unit, words_in_row
from wom_sim.world.people import ADVOCATE, COMMITMENT_UNIT, CUSTOMER, SEEKER, People, empty
from wom_sim.world.shuffle import in_threads, lognormal, normal_pair, order_of

BLOCK_COMMUNITY, BLOCK_HOUSEHOLD, _PERSON, _EXTRA, _SHAPE = 16, 17, 19, 20, 21
_LARGEST = 6
UNKNOWN = (math.nan, math.nan, math.nan)
"""Of somebody of whom the firm's own table knows nothing; see ``describe``."""
HEAVY_CALLER = 10.0
"""Calls a month from which somebody may be calling for credits."""


OfPeople = tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]
"""Words of luck of people, a column each: (of themselves, more of it, of their shape)."""


class Segments(NamedTuple):
    """The segments' numbers, one entry a segment; see ``wom_sim.scenario.sections.population.Segment`` for the units.

    ``upto`` is the cumulated share; the last entry is exactly 1. ``revenue`` is less the variable cost.
    """

    upto: NDArray[np.float64]
    revenue: NDArray[np.float64]
    revenue_spread: NDArray[np.float64]
    account_cost: NDArray[np.float64]
    calls: NDArray[np.float64]
    calls_spread: NDArray[np.float64]
    calls_follow_revenue: NDArray[np.float64]
    churn: NDArray[np.float64]
    churn_spread: NDArray[np.float64]
    under_contract: NDArray[np.float64]
    contract_months: NDArray[np.float64]
    talkativeness_spread: NDArray[np.float64]
    commitment: NDArray[np.float64]
    advocates: NDArray[np.float64]
    credit_seekers: NDArray[np.float64]


class Census(NamedTuple):
    """How many there are and how they live; ``community`` is people a community, ``household`` a mean size."""

    customers: int
    prospects: int
    community: int
    household: float
    alike_in_household: float
    alike_in_community: float
    join: float
    prospect_talkativeness_spread: float


@inlined
def lent(segments: Segments) -> Segments:
    """Return the segments with arrays that are not counted at each use; see ``wom_sim._compile.borrowed``."""
    s = segments
    return Segments(
        borrowed(s.upto), borrowed(s.revenue), borrowed(s.revenue_spread), borrowed(s.account_cost),
        borrowed(s.calls), borrowed(s.calls_spread), borrowed(s.calls_follow_revenue), borrowed(s.churn),
        borrowed(s.churn_spread), borrowed(s.under_contract), borrowed(s.contract_months),
        borrowed(s.talkativeness_spread), borrowed(s.commitment), borrowed(s.advocates), borrowed(s.credit_seekers),
    )  # fmt: skip


@rule
def size_limits(mean: float) -> NDArray[np.float64]:
    """Return for each size of a household but the largest the chance that one is not larger.

    A size is 1 + Binomial(5, (mean - 1)/5). Assumption: the binomial form.
    """
    p = (mean - 1.0) / (_LARGEST - 1)
    term = (1.0 - p) ** (_LARGEST - 1)
    limits = np.empty(_LARGEST - 1, dtype=np.float64)
    limits[0] = term
    for size in range(1, _LARGEST - 1):
        term *= (_LARGEST - size) / size * p / (1.0 - p)
        limits[size] = limits[size - 1] + term
    return limits


@rule
def household_size(u: float, limits: NDArray[np.float64]) -> int:
    """Return a household's size, 1 .. 6; ``limits`` are ``size_limits``."""
    size = 1
    while size < _LARGEST and u >= limits[size - 1]:
        size += 1
    return size


@kernel
def _settle(
    span: tuple[int, int],
    people: People,
    census: Census,
    segments: Segments,
    deal: tuple[NDArray[np.int64], int],
    seed: int,
) -> None:
    """Fill the columns of the communities in ``span``."""
    people, segments = borrowed(people), lent(segments)
    n = census.customers + census.prospects
    size = census.community
    limits = size_limits(census.household)
    starts = np.empty(size + 1, dtype=np.int64)
    luck = np.empty(size, dtype=np.float64)
    keys = (np.empty(size, dtype=np.int64), np.empty(size + 1, dtype=np.int64))
    room, own_luck = np.empty((4, size), dtype=np.uint32), room_for_luck(size)
    for community in range(span[0], span[1]):
        low = community * size
        high = min(n, low + size)
        words = words_in_row(seed, BLOCK_HOUSEHOLD, (low, 1), (0, 0), high - low, room)
        households = 0
        i = low
        while i < high:
            u, order = unit(words[0, i - low]), unit(words[1, i - low])
            starts[households] = i
            luck[households] = order
            households += 1
            i += household_size(u, limits)
        starts[households] = high
        order_of(luck, households, keys)
        _assign_roles(people, census, deal, (low, high), starts, keys[0][:households])
        c0, c1, _, _ = four(seed, BLOCK_COMMUNITY, community, 0, 0)
        shared = normal_pair(c0, c1)
        words = words_in_row(seed, BLOCK_HOUSEHOLD, (low, 1), (1, 0), high - low, room)
        drawn = luck_of_people(low, high, own_luck, seed)
        for h in range(households):
            h0, h1 = unit(words[0, starts[h] - low]), unit(words[1, starts[h] - low])
            own = normal_pair(h0, h1)
            for i in range(starts[h], starts[h + 1]):
                people[i].member = i - starts[h]
                describe(i, people, census, segments, (shared, own), UNKNOWN, (drawn, i - low))


@inlined
def _assign_roles(
    people: People,
    census: Census,
    deal: tuple[NDArray[np.int64], int],
    where: tuple[int, int],
    starts: NDArray[np.int64],
    order: NDArray[np.int64],
) -> None:
    """Give a community its share of customers and segments, whole households at a time where it can, in ``order``.

    ``deal`` is (upper limit of each segment among all customers, stride): the g-th customer of all is dealt place
    g x stride mod customers, and the segment in whose limits that place lies. The stride is prime to the number
    of customers, so each place is dealt once: the totals are exact, and every community gets an even mixture.
    """
    low, high = where
    n = census.customers + census.prospects
    before = low * census.customers // n
    quota = high * census.customers // n - before
    limits, stride = deal
    number = np.zeros(limits.size, dtype=np.int64)
    place = before * stride % max(1, census.customers)
    for _ in range(quota):
        segment = 0
        while place >= limits[segment]:
            segment += 1
        number[segment] += 1
        place += stride
        if place >= census.customers:
            place -= census.customers
    customers = 0
    segment = 0
    full = number[0]
    for h in order:
        for i in range(starts[h], starts[h + 1]):
            if customers >= quota:
                return
            while customers >= full:
                segment += 1
                full += number[segment]
            people[i].traits = CUSTOMER
            people[i].segment = segment
            customers += 1


@inlined
def room_for_luck(people: int) -> OfPeople:
    """Return room for the luck of so many people, which ``luck_of_people`` fills."""
    return (
        np.empty((4, people), dtype=np.uint32), np.empty((4, people), dtype=np.uint32),
        np.empty((4, people), dtype=np.uint32),
    )  # fmt: skip


@inlined
def luck_of_people(low: int, high: int, room: OfPeople, seed: int) -> OfPeople:
    """Return what is drawn of each of the people ``low`` .. ``high`` - 1, written to ``room``, for ``describe``."""
    return (
        words_in_row(seed, _PERSON, (low, 1), (0, 0), high - low, room[0]),
        words_in_row(seed, _EXTRA, (low, 1), (0, 0), high - low, room[1]),
        words_in_row(seed, _SHAPE, (low, 1), (0, 0), high - low, room[2]),
    )


@inlined
def describe(
    i: int,
    people: People,
    census: Census,
    segments: Segments,
    shared: tuple[tuple[float, float], tuple[float, float]],
    known: tuple[float, float, float],
    luck: tuple[OfPeople, int],
) -> None:
    """Fill the columns of person ``i``; ``shared`` holds the community's and the household's normal numbers.

    ``known`` is (revenue less the variable cost, cost of the account, calls), a month; NaN is not known, and drawn.
    ``luck`` is ``luck_of_people``, and the place of ``i`` in it. For kernels.
    """
    (person, extra, shape), k = luck
    u_day = unit(extra[3, k])
    day = 30.0 * u_day
    people[i].bill_day = int(day)
    if not people[i].traits & CUSTOMER:
        people[i].churn = census.join
        _, z_talk = normal_pair(unit(person[2, k]), unit(person[3, k]))
        people[i].talkativeness = lognormal(1.0, census.prospect_talkativeness_spread, z_talk)
        return
    z_revenue, z_churn = normal_pair(unit(person[0, k]), unit(person[1, k]))
    z_calls, z_talk = normal_pair(unit(person[2, k]), unit(person[3, k]))
    u_commitment, u_contract = unit(extra[1, k]), unit(extra[2, k])
    s = people[i].segment
    c = math.sqrt(census.alike_in_community)
    h = math.sqrt(census.alike_in_household)
    o = math.sqrt(max(0.0, 1.0 - census.alike_in_community - census.alike_in_household))
    z_revenue = c * shared[0][0] + h * shared[1][0] + o * z_revenue
    z_churn = c * shared[0][1] + h * shared[1][1] + o * z_churn
    paid, cost, calls = known
    if math.isnan(paid):
        paid = lognormal(segments.revenue[s], segments.revenue_spread[s], z_revenue)
    elif segments.revenue[s] > 0.0 and segments.revenue_spread[s] > 0.0 and paid > 0.0:  # for calls that follow it
        z_revenue = math.log(paid / segments.revenue[s]) / segments.revenue_spread[s] + 0.5 * segments.revenue_spread[s]
    people[i].margin = paid - (segments.account_cost[s] if math.isnan(cost) else cost)
    people[i].churn = min(1.0, lognormal(segments.churn[s], segments.churn_spread[s], z_churn))
    follow = segments.calls_follow_revenue[s]
    z_calls = follow * z_revenue + math.sqrt(1.0 - follow * follow) * z_calls
    if math.isnan(calls):
        calls = lognormal(segments.calls[s], segments.calls_spread[s], z_calls)
    people[i].calls = calls
    people[i].talkativeness = lognormal(1.0, segments.talkativeness_spread[s], z_talk)
    if day - int(day) < segments.advocates[s]:
        people[i].traits |= ADVOCATE
    p = segments.under_contract[s]
    if u_contract < p:
        people[i].contract = min(255, math.ceil(u_contract / p * segments.contract_months[s]))
    if segments.commitment[s] > 0.0:
        m = segments.commitment[s]
        people[i].commitment = int(COMMITMENT_UNIT * u_commitment ** ((1.0 - m) / m) + 0.5)
    u_seeker = unit(shape[0, k])
    if people[i].calls >= HEAVY_CALLER and u_seeker < segments.credit_seekers[s]:
        people[i].traits |= SEEKER


def _stride(customers: int) -> int:
    """Return a number prime to ``customers`` near the golden section of it, so that multiples spread evenly."""
    stride = max(1, round(customers * (math.sqrt(5.0) - 1.0) / 2.0))
    while math.gcd(stride, customers) > 1:
        stride += 1
    return stride


def build(census: Census, segments: Segments, seed: int, workers: int | None = None) -> People:
    """Return the population. The same seed gives the same people, however many threads build them."""
    n = census.customers + census.prospects
    people = empty(n)
    key = np.uint64(seed)
    communities = -(-n // census.community)
    deal = (np.rint(segments.upto * census.customers).astype(np.int64), _stride(census.customers))
    in_threads(lambda first, last: _settle((first, last), people, census, segments, deal, key), communities, workers)
    return people
