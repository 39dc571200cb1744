"""The pieces of which the analyses are made, against loops that are written out and other packages."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from studies import saltelli, study, uniform

from wom_sim.study.analysis import NotApplicableError, maps, prcc, prim
from wom_sim.study.analysis import indices as ix
from wom_sim.study.analysis import intervals as iv
from wom_sim.study.analysis.luck import split
from wom_sim.study.analysis.morris import _numbers, elementary_effects
from wom_sim.study.analysis.prcc import partial_rank_correlation
from wom_sim.study.analysis.sobol import independent_rows, second_order
from wom_sim.study.analysis.study import Factor

INF = math.inf
A, B = np.array([3.0, 1.0, 4.0, np.nan, 1.5]), np.array([2.0, 7.0, 1.0, 8.0, np.nan, 2.5])


# -- intervals -----------------------------------------------------------------------------------------------


def test_welch_is_scipys():
    a, b = A[~np.isnan(A)], B[~np.isnan(B)]
    known = stats.ttest_ind(b, a, equal_var=False)
    gap, low, high = iv.welch(A, B)
    assert (gap, low, high) == pytest.approx((b.mean() - a.mean(), *known.confidence_interval(0.95)))
    assert iv.chance_of_gap(A, B, False) == pytest.approx(known.pvalue)
    assert iv.chance_of_gap(-A, A - 2.0, True) == pytest.approx(stats.ttest_1samp(2.0 * a - 2.0, 0.0).pvalue)


@pytest.mark.parametrize(
    ("a", "b", "expected", "chance"),
    [
        ([], [1.0], (np.nan, np.nan, np.nan), np.nan),
        ([1.0], [], (np.nan, np.nan, np.nan), np.nan),
        ([1.0], [3.0, 4.0], (2.5, np.nan, np.nan), np.nan),
        ([1.0, 1.0], [3.0, 3.0], (2.0, 2.0, 2.0), 0.0),
        ([1.0, 1.0], [1.0, 1.0], (0.0, 0.0, 0.0), 1.0),
    ],
)
def test_edges_of_welch(a, b, expected, chance):
    assert iv.welch(np.array(a), np.array(b)) == pytest.approx(expected, nan_ok=True)
    if len(a) and len(b):
        assert iv.chance_of_gap(np.array(a), np.array(b), False) == pytest.approx(chance, nan_ok=True)


def test_percentiles_leave_out_what_is_missing():
    x = np.arange(101.0)
    samples = np.column_stack([x, np.full(101, np.nan), np.where(x < 41, x, np.nan)])
    low, high = iv.percentiles(samples)
    assert low == pytest.approx([2.5, np.nan, 1.0], nan_ok=True)
    assert high == pytest.approx([97.5, np.nan, 39.0], nan_ok=True)


# -- Sobol indices -------------------------------------------------------------------------------------------


def correlation(x, y):
    """The correlation of two outputs of one distribution: one mean and one spread for both."""
    middle = (x.mean() + y.mean()) / 2
    return ((x * y).mean() - middle**2) / ((x**2 + y**2).mean() / 2 - middle**2)


def regression(a, b, column):
    """Coefficients on both blocks at once."""
    chance = correlation(a, b)
    free = max(1 - chance**2, 0.05)
    mostly, one = correlation(a, column), correlation(b, column)
    return (mostly - chance * one) / free, (one - chance * mostly) / free


def made(pairs, seed=1, size=12):
    outputs = np.random.default_rng(seed).normal(size=(size, (2 if pairs else 1) * 3 + 2))
    return ix.blocks_of(outputs.ravel(), 3, pairs), outputs.T


@pytest.mark.parametrize("pairs", [False, True])
def test_blocks_are_in_saltellis_order(pairs):
    blocks, rows = made(pairs)
    assert (blocks.a == rows[0]).all() and (blocks.b == rows[-1]).all()
    assert (blocks.ab == rows[1:4]).all()
    assert blocks.ba is None if not pairs else (blocks.ba == rows[4:7]).all()


@pytest.mark.parametrize("pairs", [False, True])
def test_indices_are_coefficients_of_a_regression_on_both_blocks(pairs):
    blocks, _ = made(pairs)
    found = ix.indices(blocks)
    for k in range(3):
        stays, first = regression(blocks.a, blocks.b, blocks.ab[k])
        if pairs:
            stays_too, again = regression(blocks.b, blocks.a, blocks.ba[k])
            stays, first = (stays + stays_too) / 2, (first + again) / 2
        assert found.first[k] == pytest.approx(first)
        assert found.total[k] == pytest.approx(1 - stays)
    assert (found.second is None) == (not pairs)


def test_the_second_order_is_what_a_pair_shares_beyond_its_two_first_orders():
    blocks, _ = made(True)
    found, chance = ix.indices(blocks), correlation(blocks.a, blocks.b)
    for i in range(3):
        for j in range(3):
            if i == j:
                assert np.isnan(found.second[i, i])
                continue
            both = [
                correlation(blocks.ab[p], blocks.ba[q])
                - regression(blocks.a, blocks.b, blocks.ab[p])[0]
                * regression(blocks.b, blocks.a, blocks.ba[q])[0]
                * chance
                for p, q in ((i, j), (j, i))
            ]
            assert found.second[i, j] == pytest.approx(sum(both) / 2 - found.first[i] - found.first[j])


def test_a_resample_counts_each_base_point_as_often_as_it_was_drawn():
    blocks, rows = made(True)
    drawn = np.array([0, 0, 1, 3, 3, 3, 4, 5, 8, 9, 10, 11])
    weights = np.bincount(drawn, minlength=12)[None, :] / 12
    again, alone = ix.indices(blocks, weights), ix.indices(ix.blocks_of(rows[:, drawn].T.ravel(), 3, True))
    for found, wanted in zip(again, alone, strict=True):
        assert found[0] == pytest.approx(wanted, nan_ok=True)
    sampled = ix.resampled(blocks, 3)
    assert [part.shape for part in sampled] == [(500, 3), (500, 3), (500, 3, 3)]
    weights = np.random.default_rng(3).multinomial(12, np.full(12, 1 / 12), size=500) / 12
    assert sampled.first == pytest.approx(ix.indices(blocks, weights).first)


def test_where_nothing_varies_nothing_correlates():
    blocks = ix.Blocks(np.full(8, 3.0), np.full(8, 3.0), np.full((2, 8), 3.0), None)
    found = ix.indices(blocks)
    assert found.first.tolist() == [0.0, 0.0]
    assert found.total.tolist() == [1.0, 1.0]
    assert ix.first_by_chance(blocks, 1) == 0.0


def test_the_first_order_that_chance_reaches_is_that_of_the_luckiest_factor():
    blocks, _ = made(False)
    draws = np.random.default_rng(5)
    most = []
    for shuffled in [draws.permutation(blocks.b) for _ in range(500)]:
        firsts = []
        for column in blocks.ab:
            alike = correlation(blocks.a, shuffled)
            one, mostly = correlation(shuffled, column), correlation(blocks.a, column)
            firsts.append((one - alike * mostly) / max(1 - alike**2, 0.05))
        most.append(max(firsts))
    assert ix.first_by_chance(blocks, 5) == pytest.approx(np.quantile(most, 0.95))


@pytest.mark.parametrize(("pairs", "size"), [(False, 4), (True, 6)])
def test_the_first_and_last_of_each_block_are_independent(pairs, size):
    x = saltelli([(0.0, 1.0)] * 2, 4, pairs)
    asked = study("saltelli", x, {"net_value": x[:, 0]})
    rows = independent_rows(asked).tolist()
    assert rows == [r for k in range(4) for r in (k * size, k * size + size - 1)]
    assert second_order(x) is pairs
    scattered = study("latin_hypercube", x, {"net_value": x[:, 0]})
    assert independent_rows(scattered).tolist() == list(range(4 * size))
    cut = study("saltelli", x[:-1], {"net_value": x[:-1, 0]})  # no longer in Saltelli's order
    assert independent_rows(cut).tolist() == list(range(4 * size - 1))


# -- ranks ---------------------------------------------------------------------------------------------------


def partial(x, y, k):
    """The correlation of what two ranks have left after the other ranks are taken out."""
    ranks = np.column_stack([np.ones(len(x)), *(stats.rankdata(c) for j, c in enumerate(x.T) if j != k)])
    left = [v - ranks @ np.linalg.lstsq(ranks, v, rcond=None)[0] for v in map(stats.rankdata, (x[:, k], y))]
    return np.corrcoef(*left)[0, 1]


def test_partial_correlations_are_those_of_residuals_of_ranks():
    x = np.round(uniform([(0.0, 1.0)] * 3, 40), 1)  # with ties
    y = x @ [1.0, -2.0, 0.5] + x[:, 0] * x[:, 1]
    found = partial_rank_correlation(x, y)
    assert found == pytest.approx([partial(x, y, k) for k in range(3)], abs=1e-6)


def test_the_interval_of_a_partial_correlation_is_that_of_points_drawn_again():
    x = np.round(uniform([(0.0, 1.0)] * 2, 30), 1)
    y = x @ [1.0, -2.0] + np.random.default_rng(2).normal(0.0, 0.3, 30)
    found = prcc(study("latin_hypercube", x, {"net_value": y}))
    draws = np.random.default_rng(5)
    again = [draws.integers(30, size=30) for _ in range(iv.RESAMPLES)]
    samples = np.array([[partial(x[d], y[d], k) for k in range(2)] for d in again])
    for k in range(2):
        row = found.iloc[k]
        assert row["prcc"] == pytest.approx(partial(x, y, k), abs=1e-6)
        assert [row["low"], row["high"]] == pytest.approx(list(np.percentile(samples[:, k], [2.5, 97.5])), abs=1e-6)


@pytest.mark.parametrize("y", [[1.0] * 6, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]])
def test_what_does_not_vary_has_no_partial_correlation(y):
    assert np.isnan(partial_rank_correlation(np.ones((6, 2)), np.array(y))).all()
    mixed = np.column_stack([np.ones(6), [1.0, 3.0, 2.0, 5.0, 4.0, 6.0]])
    found = partial_rank_correlation(mixed, np.array(y))
    assert np.isnan(found[0])
    assert np.isnan(found[1]) == (y[0] == y[1])


# -- boxes ---------------------------------------------------------------------------------------------------


def slices(values, box=(), words=frozenset()):
    return [(r, left.tolist()) for r, left in prim._slices(box, values, words)]


def test_slices_of_a_number_take_a_twentieth_at_either_end():
    x = np.arange(40.0)[:, None]
    (low, left), (high, right) = slices(x)
    assert (low.low, low.high, low.allowed, sum(left)) == (2.0, INF, None, 38)
    assert (high.low, high.high, high.allowed, sum(right)) == (-INF, 37.0, None, 38)
    (low, _), (high, _) = slices(x, (prim.Restriction(0, -5.0, 50.0, None),))
    assert (low.low, low.high, high.low, high.high) == (2.0, 50.0, -5.0, 37.0)


def test_slices_of_few_values_take_a_whole_value():
    x = np.repeat([1.0, 2.0, 3.0], 10)[:, None]
    (low, left), (high, right) = slices(x)
    assert (low.low, sum(left), high.high, sum(right)) == (2.0, 20, 2.0, 20)
    assert slices(np.ones((10, 1))) == []


def test_slices_of_words_take_one_of_them():
    x = np.array([[0.0], [1.0], [1.0], [2.0]])
    found = slices(x, words=frozenset({0}))
    assert [r.allowed for r, _ in found] == [(1.0, 2.0), (0.0, 2.0), (0.0, 1.0)]
    assert {(r.factor, r.low, r.high) for r, _ in found} == {(0, -INF, INF)}
    assert [left for _, left in found] == [
        [False, True, True, True],
        [True, False, False, True],
        [True, True, True, False],
    ]
    assert slices(np.ones((4, 1)), words=frozenset({0})) == []


def test_a_box_holds_its_ends_and_its_words():
    values = np.array([[1.0, 0.0], [2.0, 1.0], [3.0, 2.0], [4.0, 0.0]])
    box = (prim.Restriction(0, 2.0, 4.0, None), prim.Restriction(1, -INF, INF, (0.0, 2.0)))
    assert prim.inside(box, values).tolist() == [False, False, True, True]
    assert prim.inside((), values).tolist() == [True] * 4


def test_the_best_step_has_the_highest_harmonic_mean():
    steps = [prim.Step((), 100, 20), prim.Step((), 40, 18), prim.Step((), 20, 12), prim.Step((), 10, 9)]
    assert prim.best_step(steps) is steps[1]  # 1/3, 3/5, 3/5 and 3/5: the first of equals
    assert prim.best_step([steps[0], prim.Step((), 41, 18), steps[2]]) is steps[2]
    assert prim.best_step([prim.Step((), 10, 0), prim.Step((), 5, 0)]).points == 10


def test_a_restriction_that_luck_explains_is_dropped():
    x = np.column_stack([np.arange(40.0), np.tile([0.0, 1.0], 20)])
    cases = x[:, 0] >= 20.0
    box = (prim.Restriction(0, 20.0, INF, None), prim.Restriction(1, 1.0, INF, None))
    kept, chances = prim.without_idle(box, x, cases)
    assert kept == box[:1]
    assert chances == pytest.approx([0.5**20])


# -- Morris, luck, maps --------------------------------------------------------------------------------------


def test_elementary_effects_by_hand():
    """Two trajectories of two factors; the second is a word, whose step counts as one whatever its place."""
    unit = np.array([[0.0, 0.0], [0.5, 0.0], [0.5, 3.0], [1.0, 2.0], [1.0, 0.0], [0.5, 0.0]])
    outputs = np.array([1.0, 3.0, 2.0, 5.0, 9.0, 10.0])
    found = elementary_effects(unit, outputs, np.array([False, True]))
    assert found.tolist() == [[4.0, -1.0], [-2.0, -4.0]]
    assert _numbers(found) == pytest.approx(np.array([[1.0, -2.5], [3.0, 2.5], [math.sqrt(18.0), math.sqrt(4.5)]]))
    with pytest.raises(NotApplicableError, match="5 points are not trajectories of 3 points each"):
        elementary_effects(unit[:5], outputs[:5])


def test_luck_is_split_as_by_hand():
    runs = np.array([[1.0, 3.0], [5.0, 4.0], [9.0, 14.0]])
    found = split(runs)
    whole, n, r = runs.mean(), 3, 2
    by_point = r * ((runs.mean(axis=1) - whole) ** 2).sum() / (n - 1)
    by_run = n * ((runs.mean(axis=0) - whole) ** 2).sum() / (r - 1)
    rest = ((runs - runs.mean(axis=1)[:, None] - runs.mean(axis=0)[None, :] + whole) ** 2).sum() / ((n - 1) * (r - 1))
    parts = [max(0.0, (by_point - rest) / r), max(0.0, (by_run - rest) / n), rest]
    total = sum(parts)
    assert [found.factors, found.common, found.interplay] == pytest.approx([part / total for part in parts])


@pytest.mark.parametrize(
    ("xs", "values", "log", "expected"),
    [
        ([1.0, 2.0, 4.0], [1.0, -1.0, -3.0], False, [(1.5, False)]),
        ([1.0, 2.0, 4.0], [-1.0, 0.0, 3.0], False, [(2.0, True)]),
        ([1.0, 2.0, 4.0], [-1.0, 1.0, -3.0], False, [(1.5, True), (2.5, False)]),
        ([1.0, 100.0], [-1.0, 1.0], True, [(10.0, True)]),
        ([1.0, 2.0], [1.0, 1.0], False, []),
        ([1.0, 2.0], [0.0, 1.0], False, []),
        ([1.0, 2.0], [np.nan, 1.0], False, []),
    ],
)
def test_zeros_along_a_row_of_a_map(xs, values, log, expected):
    found = maps.zeros(np.array(xs), np.array(values), log)
    assert [rises for _, rises in found] == [rises for _, rises in expected]
    assert [at for at, _ in found] == pytest.approx([at for at, _ in expected])


@pytest.mark.parametrize(
    ("low", "high", "side"),
    [
        (1.0, 2.0, "above"),
        (-2.0, -1.0, "below"),
        (-1.0, 1.0, "undecided"),
        (0.0, 1.0, "undecided"),
        (-1.0, 0.0, "undecided"),
    ],
)
def test_on_which_side_of_zero_a_cell_is(low, high, side):
    assert maps._side(low, high) == side


@pytest.mark.parametrize(
    ("low", "high", "log", "expected"),
    [
        (1.0, 5.0, False, [0.0, 0.25, 1.0]),
        (1.0, 100.0, True, [0.0, math.log(2.0) / math.log(100.0), math.log(5.0) / math.log(100.0)]),
        (1.0, 1.0, False, [0.0, 0.0, 0.0]),
        (5.0, 1.0, False, [0.0, 0.0, 0.0]),
    ],
)
def test_values_as_shares_of_a_range(low, high, log, expected):
    found = Factor("x", True, low, high, log).unit_scale(np.array([1.0, 2.0, 5.0]))
    assert found == pytest.approx(expected)
