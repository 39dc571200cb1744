"""Along the streams that the model draws, luck is uniform and independent, and gives delays and counts."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest
from scipy import stats

from wom_sim.rules.talking import delay_in_days, poisson_count, share_within
from wom_sim.world.luck import (
    BLOCK_BROADCAST,
    BLOCK_LEAVE,
    BLOCK_READER,
    Purpose,
    four,
    monthly,
    stranger,
    uniform,
)
from wom_sim.world.shuffle import in_threads, normal, normal_pair, order_of, shuffle

N = 20_000
SEED = 2007
RETELL, TELL, FOLLOW, PICKUP, LEAVE = (  # an IntEnum as argument costs 75 microseconds a call
    int(p) for p in (Purpose.RETELL, Purpose.TELL, Purpose.FOLLOW, Purpose.PICKUP, Purpose.LEAVE)
)
LEAST = 1e-3
"""The seeds are fixed, so these tests either always pass or always fail: a p-value below this is a fault."""

STREAMS = {
    "people": [uniform(SEED, RETELL, i, 0, 0) for i in range(N)],
    "pairs": [uniform(SEED, TELL, i // 150, i % 150, 1) for i in range(N)],
    "neighbours both ways": [uniform(SEED, FOLLOW, i + 1, i, 0) for i in range(N)],
    "days": [uniform(SEED, PICKUP, 3, 0, day) for day in range(N)],
    "months": [monthly(SEED, BLOCK_LEAVE, i // 12, i % 12) for i in range(N)],
    "lanes": [u for k in range(N // 4) for u in four(SEED, BLOCK_BROADCAST, 2, k, 5)],
    "purposes": [uniform(SEED, i % 120, i // 120, 0, 0) for i in range(N)],
    "seeds": [uniform(seed, LEAVE, 0, 0, 0) for seed in range(N)],
    "high seeds": [uniform(seed << 32, LEAVE, 0, 0, 0) for seed in range(N)],
}


def even(counts: np.ndarray) -> float:
    """Return the p-value of counts that should all be alike."""
    return float(stats.chisquare(counts).pvalue)


@pytest.mark.parametrize("name", STREAMS)
def test_uniform(name):
    counts = np.histogram(STREAMS[name], bins=128, range=(0.0, 1.0))[0]
    assert LEAST < even(counts) < 1.0 - LEAST
    assert stats.kstest(STREAMS[name], "uniform").pvalue > LEAST


@pytest.mark.parametrize("lag", [1, 2, 4, 12])
@pytest.mark.parametrize("name", STREAMS)
def test_numbers_side_by_side_are_independent(name, lag):
    u = np.array(STREAMS[name])
    counts = np.histogram2d(u[:-lag], u[lag:], bins=8, range=((0, 1), (0, 1)))[0].ravel()
    assert even(counts) > LEAST / 10


def test_low_bits_are_used():
    fine = np.array(STREAMS["people"]) * 2**24 % 1.0
    assert even(np.histogram(fine, bins=64, range=(0.0, 1.0))[0]) > LEAST


def test_strangers_are_uniform_and_their_days_independent():
    met = [stranger(SEED, BLOCK_READER, i // 20, i % 20, 1, 100) for i in range(N)]
    people = np.bincount([who for who, _ in met], minlength=100)
    assert len(people) == 100
    assert even(people) > LEAST
    assert abs(np.corrcoef([who for who, _ in met], [u for _, u in met])[0, 1]) < 4.0 / math.sqrt(N)


def test_what_is_left_of_a_draw_says_when():
    """One draw decides whether (u < p) and when (u / p): delays are a truncated exponential in whole days."""
    p, half_life, longest = 0.55, 4.0, 30
    u = np.array(STREAMS["pairs"])
    hits = u[u < p]
    assert abs(len(hits) - p * N) < 4.0 * math.sqrt(N * p * (1.0 - p))
    within = share_within(half_life, longest)
    days = np.array([delay_in_days(each / p, half_life, longest, within) for each in hits])
    left = 2.0 ** (-np.arange(longest + 1) / half_life)
    expected = (left[:-1] - left[1:]) / (1.0 - left[-1]) * len(hits)
    assert stats.chisquare(np.bincount(days, minlength=longest + 1)[1:], expected).pvalue > LEAST


@pytest.mark.parametrize("mean", [0.5, 3.5, 20.0])
def test_numbers_of_strangers_are_poisson(mean):
    counts = np.bincount([poisson_count(u, mean) for u in STREAMS["people"]])
    expected = stats.poisson.pmf(np.arange(len(counts)), mean) * N
    expected[-1] += stats.poisson.sf(len(counts) - 1, mean) * N
    enough = expected >= 5.0
    assert enough.sum() > 3
    seen, planned = counts[enough], expected[enough]
    assert stats.chisquare(np.append(seen, N - seen.sum()), np.append(planned, N - planned.sum())).pvalue > LEAST


def test_normal_numbers():
    u = np.array(STREAMS["people"]).reshape(-1, 2)
    pairs = np.array([normal_pair(a, b) for a, b in u])
    for z in (pairs[:, 0], pairs[:, 1], (pairs[:, 0] + pairs[:, 1]) / math.sqrt(2.0)):
        assert stats.kstest(z, "norm").pvalue > LEAST


def test_normal_numbers_stay_finite_at_the_ends():
    for u in (2.0**-33, 1.0 - 2.0**-33):
        assert all(math.isfinite(z) and abs(z) < 7.0 for z in normal_pair(u, u))


def test_a_normal_number_alone_is_the_first_of_two():
    u = np.array(STREAMS["people"]).reshape(-1, 2)
    assert [normal(a, b) for a, b in u] == [normal_pair(a, b)[0] for a, b in u]


@pytest.mark.parametrize("values", [2, 7, 2**32], ids=["many equal", "some equal", "none equal"])
def test_order_is_that_of_argsort(values):
    """Also of equal numbers, which argsort leaves in an order of its own: worlds must not change with who sorts."""
    argsort = numba.njit(lambda luck: np.argsort(luck))
    rng = np.random.default_rng(5)
    for number in (0, 1, 2, 3, 16, 59, 150, 700):
        for _ in range(20):
            luck = (rng.integers(0, values, number + 3) + 0.5) / values
            keys = (np.full(number + 3, -1, dtype=np.int64), np.empty(number + 4, dtype=np.int64))
            order_of(luck, number, keys)
            assert np.array_equal(keys[0][:number], argsort(luck[:number].copy()))
            assert (keys[0][number:] == -1).all()


def shuffled(n: int, who: int, seed: int = SEED, length: int | None = None) -> list[int]:
    items = np.arange(length or n, dtype=np.int64)
    shuffle(items, n, np.uint64(seed), 22, who)
    return items.tolist()


def test_shuffles_are_even():
    counts: dict[tuple[int, ...], int] = {}
    for who in range(12_000):
        order = tuple(shuffled(4, who))
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 24
    assert even(np.array(list(counts.values()))) > LEAST


def test_a_shuffle_is_a_permutation_of_the_first_items_only():
    assert sorted(shuffled(100, 5)) == list(range(100))
    assert shuffled(100, 5) != list(range(100))
    assert shuffled(10, 5, length=20)[10:] == list(range(10, 20))
    assert shuffled(10, 5, length=20)[:10] == shuffled(10, 5)
    assert shuffled(100, 5) != shuffled(100, 6)
    assert shuffled(100, 5) != shuffled(100, 5, seed=SEED + 1)
    assert shuffled(1, 0) == [0]


@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("total", [1, 2, 7, 1000])
def test_threads_cover_everything_once_and_in_order(total, workers):
    pieces = in_threads(lambda first, last: list(range(first, last)), total, workers)
    assert [i for piece in pieces for i in piece] == list(range(total))


def test_what_goes_wrong_in_a_thread_is_raised():
    def fails(first: int, last: int) -> None:
        raise ValueError(f"{first} to {last}")

    with pytest.raises(ValueError, match="0 to"):
        in_threads(fails, 100, 4)
