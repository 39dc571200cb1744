"""Zeros of a difference, with intervals."""

import numpy as np
import pytest

from wom_sim.outcomes.break_even import verdicts, zeros

AT = np.array([0.0, 1.0, 2.0, 4.0])


def test_a_line_is_crossed_where_it_must_be():
    (zero,) = zeros(AT, (3.0 - 2.0 * AT)[:, None])
    assert zero.value == pytest.approx(1.5)
    assert not zero.rises
    assert np.isnan(zero.low)


def test_the_interval_is_that_of_the_replications():
    """Line r crosses zero at 1.5 + e_r; the mean of the lines, all of one slope, at 1.5 + mean e."""
    rng = np.random.default_rng(0)
    shift = rng.normal(0.0, 0.2, 40)
    shift -= shift.mean()
    at = np.linspace(0, 4, 41)
    (zero,) = zeros(at, at[:, None] - 1.5 - shift[None, :])
    half = 1.96 * shift.std() / np.sqrt(40)
    assert zero.value == pytest.approx(1.5)
    assert (zero.low, zero.high) == pytest.approx((1.5 - half, 1.5 + half), abs=0.012)
    assert zero.rises


def test_two_zeros_are_both_found():
    found = zeros(np.linspace(-2, 2, 41), (np.linspace(-2, 2, 41) ** 2 - 1.0)[:, None])
    assert [round(z.value, 6) for z in found] == [-1.0, 1.0]
    assert [z.rises for z in found] == [False, True]


def test_a_zero_at_a_point_is_found_once():
    (zero,) = zeros(AT, (AT - 2.0)[:, None])
    assert zero.value == 2.0


def test_no_zero():
    assert zeros(AT, (AT + 1.0)[:, None]) == []


def test_an_end_beyond_the_range_is_infinite():
    noise = np.tile([-1.0, 1.0], 10)
    (zero,) = zeros(AT, (AT - 3.9)[:, None] * 0.1 + noise[None, :])
    assert zero.value == pytest.approx(3.9)
    assert zero.high == np.inf


def test_an_interval_with_zero_in_it_is_undecided():
    nan = float("nan")
    assert verdicts(np.array([1.0, -2.0, -1.0, nan]), np.array([2.0, -1.0, 1.0, nan])) == [
        "better", "worse", "undecided", "undecided",
    ]  # fmt: skip
