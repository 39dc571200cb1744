"""The stream as the model draws it, structured: side by side ids, days, seeds, blocks, and ids near 2^32.

Philox passes the usual batteries on a plain counter. The model does not count plainly: it varies who, whom, day, block
and seed one at a time. Each such stream of a million numbers is put through tests of its own. Inputs are fixed, so a
test passes always or never; with Bonferroni's adjustment all of them together would fail by chance once in a thousand
choices of inputs.
"""

from __future__ import annotations

import math
from functools import cache

import numba
import numpy as np
import pytest
from scipy import stats

from wom_sim.world.luck import BLOCK_TELL, Purpose, replication_seed, uniform

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="a million numbers take the compiler")

N = 1_000_000
HIGH = 2**32 - N
TELL = 4 * BLOCK_TELL

# (seed, purpose, who, whom, day) of number k is the first row + k x the second.
STREAMS = {
    "ids": ((2007, TELL, 0, 7, 1), (0, 0, 1, 0, 0)),
    "ids near 2^32": ((2007, TELL, HIGH, 7, 1), (0, 0, 1, 0, 0)),
    "others near 2^32": ((2007, TELL, 7, HIGH, 1), (0, 0, 0, 1, 0)),
    "both of a pair": ((2007, TELL, 0, 1, 0), (0, 0, 1, 1, 0)),
    "every 150th": ((2007, TELL, 0, 0, 0), (0, 0, 150, 0, 0)),
    "days": ((2007, int(Purpose.PICKUP), 3, 0, 0), (0, 0, 0, 0, 1)),
    "who and day": ((2007, int(Purpose.STOP), 0, 0, 0), (0, 0, 1, 0, 1)),
    "purposes": ((2007, 0, 41, 0, 0), (0, 1, 0, 0, 0)),
    "blocks": ((2007, 0, 41, 0, 0), (0, 4, 0, 0, 0)),
    "seeds": ((0, int(Purpose.LEAVE), 41, 0, 0), (1, 0, 0, 0, 0)),
    "high halves of seeds": ((7, int(Purpose.LEAVE), 41, 0, 0), (2**32, 0, 0, 0, 0)),
    "seeds near 2^63": ((2**63 - N, int(Purpose.LEAVE), 41, 0, 0), (1, 0, 0, 0, 0)),
    "id and seed against each other": ((N, int(Purpose.JOIN), 0, 0, 0), (-1, 0, 1, 0, 0)),
}
LAGS = (1, 2, 3, 4, 5, 12, 30, 150, 365)
TESTS = ("frequency", "serial pairs", "runs up and down", "gaps", "birthdays", *(f"lag {lag}" for lag in LAGS))
LEAST = 1e-3 / (len(STREAMS) * len(TESTS))


@numba.njit
def _fill(first: tuple[int, ...], step: tuple[int, ...], n: int) -> np.ndarray:
    out = np.empty(n)
    for k in range(n):
        seed = np.uint64(first[0] + k * step[0])
        out[k] = uniform(
            seed, first[1] + k * step[1], first[2] + k * step[2], first[3] + k * step[3], first[4] + k * step[4]
        )
    return out


@cache
def numbers(name: str) -> np.ndarray:
    return _fill(*STREAMS[name], N)


def chi_square(counts: np.ndarray, expected: np.ndarray | None = None) -> float:
    return float(stats.chisquare(counts, expected).pvalue)


def frequency(u: np.ndarray) -> float:
    """Return the p-value of even counts in 1,024 cells."""
    return chi_square(np.bincount((u * 1024).astype(int), minlength=1024))


def serial_pairs(u: np.ndarray) -> float:
    """Return the p-value of even counts of pairs that do not overlap, in 32 x 32 cells."""
    cells = (u * 32).astype(int)
    return chi_square(np.bincount(cells[0::2] * 32 + cells[1::2], minlength=1024))


def runs_up_and_down(u: np.ndarray) -> float:
    """Return the p-value of the number of turns, whose mean is 2(n-2)/3 and variance (16n-29)/90 (Bienayme 1874)."""
    up = u[1:] > u[:-1]
    turns = int((up[1:] != up[:-1]).sum())
    n = len(u)
    z = (turns - 2.0 * (n - 2) / 3.0) / math.sqrt((16.0 * n - 29.0) / 90.0)
    return float(2.0 * stats.norm.sf(abs(z)))


def gaps(u: np.ndarray) -> float:
    """Return the p-value of the waiting times between numbers below .05, which are geometric (Knuth, gap test)."""
    waits = np.diff(np.flatnonzero(u < 0.05)) - 1
    most = 100
    chances = 0.05 * 0.95 ** np.arange(most)
    expected = np.append(chances, 0.95**most) * len(waits)
    return chi_square(np.bincount(np.minimum(waits, most), minlength=most + 1), expected)


def birthdays(u: np.ndarray) -> float:
    """Return the p-value of the number of equal spacings (Marsaglia): 512 birthdays in 2^25 days have a mean of 1."""
    days = np.sort((u[: 512 * (len(u) // 512)].reshape(-1, 512) * 2**25).astype(np.int64), axis=1)
    spacings = np.sort(np.diff(days, axis=1), axis=1)
    equal = (spacings[:, 1:] == spacings[:, :-1]).sum(axis=1)
    chances = stats.poisson.pmf(np.arange(5), 512**3 / (4.0 * 2**25))
    expected = np.append(chances, 1.0 - chances.sum()) * len(equal)
    return chi_square(np.bincount(np.minimum(equal, 5), minlength=6), expected)


def lagged(u: np.ndarray, lag: int) -> float:
    """Return the p-value of the correlation with the number ``lag`` later; its standard error is 1/sqrt(n)."""
    z = float(np.mean((u[:-lag] - 0.5) * (u[lag:] - 0.5)) * 12.0 * math.sqrt(len(u) - lag))
    return float(2.0 * stats.norm.sf(abs(z)))


def p_value(test: str, u: np.ndarray) -> float:
    if test.startswith("lag "):
        return lagged(u, int(test.removeprefix("lag ")))
    by_name = {
        "frequency": frequency, "serial pairs": serial_pairs, "runs up and down": runs_up_and_down, "gaps": gaps,
        "birthdays": birthdays,
    }  # fmt: skip
    return by_name[test](u)


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("name", STREAMS)
def test_a_structured_stream_is_random(name, test):
    assert p_value(test, numbers(name)) > LEAST


def test_p_values_are_themselves_uniform():
    """A generator that is too even would pass all the tests above; here it would not."""
    found = [p_value(test, numbers(name)) for name in STREAMS for test in TESTS]
    assert stats.kstest(found, "uniform").pvalue > 1e-3


@pytest.mark.parametrize("test", TESTS)
def test_the_tests_see_what_is_not_random(test):
    """Each test must refuse a stream that is bad in its own way: else passing means nothing."""
    rng = np.random.default_rng(1)
    u = rng.random(N)
    if test.startswith("lag "):
        lag = int(test.removeprefix("lag "))
        bad = np.where(rng.random(N) < 0.02, np.roll(u, lag), u)
    elif test == "birthdays":
        bad = (np.floor(u * 2**21) + 0.5) / 2**21
    elif test in ("frequency", "gaps"):
        bad = u**1.02
    else:
        bad = np.where(rng.random(N) < 0.03, np.roll(u, 1), u)
    assert p_value(test, bad) < LEAST


@pytest.mark.parametrize("first", ["ids", "days", "seeds"])
@pytest.mark.parametrize("second", ["ids", "days", "seeds", "purposes"])
def test_streams_are_independent_of_each_other(first, second):
    """Numbers of different purposes, days, people and seeds side by side: no correlation, no pattern of pairs."""
    if first == second:
        return
    u, v = numbers(first), numbers(second)
    cells = np.bincount((u * 32).astype(int) * 32 + (v * 32).astype(int), minlength=1024)
    assert chi_square(cells) > 1e-3 / 9
    assert abs(np.mean((u - 0.5) * (v - 0.5)) * 12.0 * math.sqrt(N)) < 4.5


def test_replications_are_independent():
    """Seeds of replications are themselves drawn: person 41's luck in replication 0, 1, 2, ... and across people."""
    seeds = np.array([replication_seed(2007, r) for r in range(4000)], dtype=np.uint64)
    assert len(set(seeds.tolist())) == len(seeds)
    luck = np.array([[uniform(seed, 28, who, 0, 0) for who in range(25)] for seed in seeds])
    assert chi_square(np.bincount((luck.ravel() * 200).astype(int), minlength=200)) > 1e-3
    correlations = np.corrcoef(luck, rowvar=False)[np.triu_indices(25, 1)] * math.sqrt(len(seeds))
    assert np.abs(correlations).max() < stats.norm.isf(0.5e-3 / len(correlations))
    after = np.array([np.corrcoef(luck[:-1, k], luck[1:, k])[0, 1] for k in range(25)]) * math.sqrt(len(seeds))
    assert np.abs(after).max() < stats.norm.isf(0.5e-3 / 25)
