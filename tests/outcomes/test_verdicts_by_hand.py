"""Every column of the verdicts over worlds, held against loops that are written out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from wom_sim._tables import ALL_POLICIES
from wom_sim.outcomes.drivers import COLUMNS, _crossing, by_chance, drivers, rank_correlation
from wom_sim.outcomes.splines import bases_of, chosen, curves
from wom_sim.outcomes.statistics import chance_interval, mean_interval
from wom_sim.outcomes.units import share_interval
from wom_sim.outcomes.worlds import CONTRACT, judge, resampled, values_by_world

POLICIES = ["offer", "keep", "letter"]
RUNS = np.array(
    [
        [[3.0, 0.0, 5.0], [5.0, 0.0, -1.0]],
        [[1.0, 0.0, -2.0], [2.0, 0.0, 0.0]],
        [[-4.0, 0.0, 9.0], [-1.0, 0.0, 11.0]],
        [[2.0, 0.0, 2.0], [2.0, 0.0, 2.0]],
        [[8.0, 0.0, 3.0], [6.0, 0.0, 4.0]],
    ]
)
"""Five worlds, two replications, three policies."""
MEANS = RUNS.mean(axis=1)


def table(runs=RUNS, policies=POLICIES):
    rows = [
        {"world": 10 * w, "replication": r, "policy": name, "net_value": runs[w, r, k]}
        for w in range(runs.shape[0])
        for r in range(runs.shape[1])
        for k, name in enumerate(policies)
    ]
    return pd.DataFrame(rows)


def draws(worlds, resamples, seed):
    """The worlds of each resample by number, as often as they were drawn."""
    return [np.repeat(np.arange(worlds), times) for times in resampled(worlds, resamples, seed)]


def bounds(samples):
    """The 2.5 and 97.5 % quantiles."""
    return [float(np.quantile(samples, p)) for p in (0.025, 0.975)]


@pytest.fixture(scope="module")
def judged():
    return judge(table(), seed=4, resamples=60)


@pytest.fixture(scope="module")
def verdicts(judged):
    return judged.verdicts.set_index("policy")


def test_the_best_comes_first_and_the_columns_are_those_agreed(judged):
    assert judged.verdicts["policy"].tolist() == ["letter", "offer", "keep"]
    assert list(judged.verdicts)[: len(CONTRACT)] == list(CONTRACT)
    assert set(judged.verdicts) - set(CONTRACT) == {
        "share_best_low", "share_best_high", "regret_mean_low", "regret_mean_high", "regret_p95", "regret_p95_low",
        "regret_p95_high", "chance_loss_low", "chance_loss_high", "dominance_order", "dominance_support",
        "variance_luck_low", "variance_luck_high", "variance_worlds_low", "variance_worlds_high", "share_luck",
        "share_luck_low", "share_luck_high",
    }  # fmt: skip
    assert (judged.best, judged.worlds, judged.replications) == ("letter", 5, 2)
    assert judged.verdicts.index.tolist() == [0, 1, 2]


def test_money_and_regret(verdicts):
    for k, name in enumerate(POLICIES):
        row, short = verdicts.loc[name], MEANS.max(axis=1) - MEANS[:, k]
        assert row["expected_net_value"] == pytest.approx(MEANS[:, k].mean())
        assert row["regret_worst"] == short.max()
        found = [row["regret_mean"], row["regret_mean_low"], row["regret_mean_high"]]
        assert found == pytest.approx(list(mean_interval(short, signed=False)))
        assert row["regret_p95"] == pytest.approx(np.quantile(short, 0.95))
        again = [np.quantile(short[drawn], 0.95) for drawn in draws(5, 60, 4)]
        assert [row["regret_p95_low"], row["regret_p95_high"]] == pytest.approx(bounds(again))


def test_shares_in_which_each_is_best_and_chances_of_loss(verdicts, judged):
    best = {"offer": [0, 1, 0, 0.5, 1], "keep": [0, 0, 0, 0, 0], "letter": [0, 0, 1, 0.5, 0]}
    best["offer"][0] = 1  # 4 against 2
    for k, name in enumerate(POLICIES):
        row = verdicts.loc[name]
        found = [row["share_best"], row["share_best_low"], row["share_best_high"]]
        assert found == pytest.approx(list(chance_interval(np.array(best[name], dtype=float))))
        lost = (RUNS[:, :, k] < 0.0).astype(float).ravel()
        found = [row["chance_loss"], row["chance_loss_low"], row["chance_loss_high"]]
        assert found == pytest.approx(list(share_interval(lost, np.repeat(np.arange(5), 2))))
    share, low, high = chance_interval(np.array(best["letter"], dtype=float))
    assert judged.flips == pytest.approx((1 - share, 1 - high, 1 - low))


def test_luck_and_ignorance(verdicts):
    for k, name in enumerate(POLICIES):
        row = verdicts.loc[name]

        def split(drawn, k=k):
            luck = RUNS[drawn, :, k].var(axis=1, ddof=1).mean()
            between = max(0.0, MEANS[drawn, k].var(ddof=1) - luck / 2)
            return luck, between, luck / (luck + between) if luck + between > 0.0 else 0.0

        once, again = split(np.arange(5)), [split(drawn) for drawn in draws(5, 60, 4)]
        for j, column in enumerate(("variance_luck", "variance_worlds", "share_luck")):
            assert row[column] == pytest.approx(once[j])
            low, high = bounds([each[j] for each in again])
            assert [row[f"{column}_low"], row[f"{column}_high"]] == pytest.approx([low, high])


def test_the_value_of_knowing_all(judged):
    def worth(drawn):
        return MEANS[drawn].max(axis=1).mean() - MEANS[drawn].mean(axis=0).max()

    again = [worth(drawn) for drawn in draws(5, 60, 4)]
    assert judged.evpi == pytest.approx((worth(np.arange(5)), *bounds(again)))


@pytest.mark.parametrize(("worlds", "replications"), [(1, 2), (3, 1)])
def test_with_one_world_or_one_replication_nothing_can_be_told_apart(worlds, replications):
    found = judge(table(RUNS[:worlds, :replications]), resamples=20).verdicts
    names = [f"{n}{end}" for n in ("variance_luck", "variance_worlds", "share_luck") for end in ("", "_low", "_high")]
    assert found[names].isna().all(axis=None)


def test_support_of_a_dominance_is_the_share_of_resamples_in_which_it_holds():
    """Safe is 5 always, wild 1 or 9: of the first order only where every world drawn has a 1."""
    runs = np.stack([np.full(6, 5.0), np.array([1.0, 9.0, 1.0, 1.0, 1.0, 9.0]), np.zeros(6)], axis=1)[:, None, :]
    rows = judge(table(runs, ["safe", "wild", "keep"]), seed=2, resamples=300).verdicts.set_index("policy")
    drawn = draws(6, 300, 2)[:200]
    better = np.mean([runs[d, 0, 1].mean() <= 5.0 for d in drawn])  # the same mean or less, and never less risk
    assert rows.loc["wild", "dominated_by"] == "safe"
    assert rows.loc["wild", "dominance_order"] == "second"
    assert rows.loc["wild", "dominance_support"] == f"{better:.2f}"
    assert rows.loc["keep", "dominated_by"] == "safe, wild"
    assert rows.loc["keep", "dominance_order"] == "first, first"
    assert rows.loc["keep", "dominance_support"] == "1.00, 1.00"
    assert rows.loc["safe", ["dominated_by", "dominance_order", "dominance_support"]].tolist() == ["", "", ""]


def test_values_by_world_are_in_order_of_world_and_replication():
    mixed = table().sample(frac=1.0, random_state=1).sort_values("policy", key=lambda p: p.map(POLICIES.index))
    policies, runs = values_by_world(mixed)
    assert policies == POLICIES
    assert (runs == RUNS).all()
    other = table().rename(columns={"net_value": "reached"})
    assert (values_by_world(other, "reached")[1] == RUNS).all()
    with pytest.raises(ValueError, match="every policy must have been run in every replication of every world"):
        values_by_world(table().assign(net_value=np.nan))


# -- which numbers decide, where a number has two values ---------------------------------------------------------

X = np.tile([1.0, 2.0], 10)
IDLE = np.repeat([3.0, 5.0, 7.0, 8.0], 5)
WOBBLE = np.tile([0.1, 0.1, -0.1, -0.1], 5)
ACT = np.where(X == 1.0, -1.0, 3.0) + WOBBLE
"""Worth -1 where the number is 1 and 3 where it is 2, so 1 on average; the other number does nothing."""
NET = np.stack([np.zeros(20), ACT], axis=1)


@pytest.fixture(scope="module")
def decided():
    worlds = pd.DataFrame({"world": 10 * np.arange(20), "x": X, "idle": IDLE})
    about = pd.DataFrame(
        {"parameter": ["idle", "x"], "grade": ["B", "C"], "low": [3.0, 1.0], "high": [8.0, 2.0]}
    )  # fmt: skip
    found = drivers(table(NET[:, None, :], ["keep", "act"]), worlds, about, 3, lambda policy, number: number == "x")
    assert list(found) == list(COLUMNS)
    return found.set_index("parameter")


def test_names_grades_and_ranges_of_the_numbers(decided):
    assert decided.index.tolist() == ["x", "idle"]  # what decides comes first
    assert decided["policy"].tolist() == ["act", "act"]
    assert decided["grade"].tolist() == ["C", "B"]
    assert decided[["low", "high"]].to_numpy().tolist() == [[1.0, 2.0], [3.0, 8.0]]
    assert decided["used"].tolist() == [True, False]


def test_knowing_the_number_saves_what_is_lost_where_it_is_low(decided):
    row = decided.loc["x"]
    assert row["evppi"] == pytest.approx(0.5)  # half of the worlds, 1 saved in each
    assert (row["flips"], row["flip_at"]) == (0.5, 1.5)
    again = draws(20, 400, 3)
    saved, share = [], []
    for drawn in again:
        mean = {x: ACT[drawn][X[drawn] == x].mean() for x in (1.0, 2.0)}
        fitted = np.array([mean[x] for x in X[drawn]])
        saved.append(np.maximum(fitted, 0.0).mean() - max(0.0, fitted.mean()))
        share.append((fitted < 0.0).mean())
    assert row["evppi_low"] == pytest.approx(bounds(saved)[0], abs=1e-6)
    assert row["evppi_high"] == pytest.approx(max(bounds(saved)[1], row["evppi_by_chance"]), abs=1e-6)
    assert [row["flips_low"], row["flips_high"]] == pytest.approx(bounds(share), abs=1e-6)
    assert row["beyond_chance"] == True  # noqa: E712 - a missing value is true as well
    assert row["evppi_by_chance"] < 0.5


def test_the_share_of_variance_is_that_of_the_groups_less_what_one_number_explains_by_luck(decided):
    row = decided.loc["x"]

    def share(y, x):
        fitted = np.where(x == 1.0, y[x == 1.0].mean(), y[x == 2.0].mean())
        explained = fitted.var() / y.var()
        return 1.0 - (1.0 - explained) * 19 / 17  # two columns of the fit, one of which is idle

    assert row["share_of_variance"] == pytest.approx(share(ACT, X), abs=1e-9)
    assert row["share_of_variance_low"] <= row["share_of_variance"] <= row["share_of_variance_high"] <= 1.0
    assert row["share_beyond_chance"] == True  # noqa: E712
    assert 0.0 < row["share_by_chance"] < 0.6


def test_the_swing_is_between_the_fifths_of_the_number(decided):
    row = decided.loc["x"]
    assert [row["value_if_low"], row["value_if_high"]] == pytest.approx([-1.0, 3.0])
    assert row["swing_beyond_chance"] == True  # noqa: E712


def test_the_correlation_is_that_of_ranks_with_bonetts_interval(decided):
    row, r = decided.loc["x"], stats.spearmanr(X, ACT).statistic
    half = stats.norm.ppf(0.975) * np.sqrt((1 + r * r / 2) / 17)
    found = [row["rank_correlation"], row["rank_correlation_low"], row["rank_correlation_high"]]
    assert found == pytest.approx([r, np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)])


def test_a_number_without_use_is_exactly_nothing(decided):
    row = decided.loc["idle"]
    told = ["rank_correlation", "evppi", "flips", "share_of_variance"]
    assert (row[[f"{name}{end}" for name in told for end in ("", "_low", "_high")]] == 0.0).all()
    assert (row["evppi_by_chance"], row["share_by_chance"]) == (0.0, 0.0)
    assert np.isnan(row["flip_at"])
    assert row["value_if_low"] == row["value_if_high"] == pytest.approx(1.0)
    assert not row[["beyond_chance", "share_beyond_chance", "swing_beyond_chance"]].any()


def test_where_no_number_is_used_every_row_says_so():
    worlds = pd.DataFrame({"world": 10 * np.arange(20), "x": X})
    about = pd.DataFrame({"parameter": ["x"], "grade": ["C"], "low": [1.0], "high": [2.0]})
    found = drivers(table(NET[:, None, :], ["keep", "act"]), worlds, about, 3, lambda policy, number: False)
    assert found["used"].tolist() == [False]
    assert found["parameter"].tolist() == ["x"]


def test_choices_are_all_policies_and_each_against_keep_the_best_first():
    net = np.stack([1.0 + WOBBLE, np.zeros(20), ACT + 2.0], axis=1)
    worlds = pd.DataFrame({"world": 10 * np.arange(20), "x": X})
    about = pd.DataFrame({"parameter": ["x"], "grade": ["C"], "low": [1.0], "high": [2.0]})
    found = drivers(table(net[:, None, :]), worlds, about).set_index("policy")
    assert found.index.tolist() == [ALL_POLICIES, "letter", "offer"]
    assert found.loc[ALL_POLICIES, ["value_if_low", "value_if_high"]].tolist() == pytest.approx([0.0, 4.0])
    assert found.loc["letter", ["value_if_low", "value_if_high"]].tolist() == pytest.approx([1.0, 5.0])
    assert found.loc["offer", ["value_if_low", "value_if_high"]].tolist() == pytest.approx([1.0, 1.0])
    assert found.loc["offer", "evppi"] == found.loc["letter", "evppi"] == 0.0  # better than keep everywhere


def test_the_place_of_a_flip_is_the_one_nearest_to_the_middle():
    """Three values: keep is better at 1 and at 3. From 1 to 2 is 1.5, from 2 to 3.6 is 2.8; the middle is 2."""
    x = np.repeat([1.0, 2.0, 3.6], [10, 20, 10])
    act = np.where(x == 2.0, 3.0, -2.0) + np.tile([0.1, -0.1], 20)
    worlds = pd.DataFrame({"world": 10 * np.arange(40), "x": x})
    about = pd.DataFrame({"parameter": ["x"], "grade": ["C"], "low": [1.0], "high": [3.6]})
    made = table(np.stack([np.zeros(40), act], axis=1)[:, None, :], ["keep", "act"])
    row = drivers(made, worlds, about).iloc[0]
    assert (row["flip_at"], row["flips"]) == (1.5, 0.5)
    assert row["evppi"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("x", "ahead", "place"),
    [
        ([1.0, 2.0, 4.0, 8.0, 9.0], [-1, -1, 1, 1, 1], 3.0),
        ([9.0, 1.0, 8.0, 2.0, 4.0], [1, -1, 1, -1, 1], 3.0),  # in any order
        ([1.0, 2.0, 4.0, 8.0, 9.0], [1, -1, -1, -1, 1], 1.5),  # 2.5 from the middle, the other 4.5
        ([1.0, 5.0, 6.0, 7.0, 9.0], [1, -1, -1, -1, 1], 8.0),
        ([1.0, 2.0, 3.0], [0, 0, 1], 2.5),  # as good is not better
        ([1.0, 2.0, 3.0], [1, 1, 1], np.nan),
    ],
)
def test_where_another_policy_first_becomes_better(x, ahead, place):
    assert _crossing(np.array(x), np.array(ahead, dtype=float)) == pytest.approx(place, nan_ok=True)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], (0.0, -1.0, 1.0)),  # three worlds tell nothing
        ([1.0, 1.0, 1.0, 1.0], [1.0, 2.0, 3.0, 4.0], (0.0, 0.0, 0.0)),
        ([1.0, 2.0, 3.0, 4.0], [1.0, 1.0, 1.0, 1.0], (0.0, 0.0, 0.0)),
    ],
)
def test_ranks_that_tell_nothing(x, y, expected):
    assert rank_correlation(np.array(x), np.array(y)) == expected


def test_four_worlds_are_enough_for_ranks():
    r, low, high = rank_correlation(np.arange(4.0), np.array([1.0, 0.0, 2.0, 3.0]))
    half = stats.norm.ppf(0.975) * np.sqrt(1 + 0.8**2 / 2)
    assert (r, low, high) == pytest.approx((0.8, np.tanh(np.arctanh(0.8) - half), np.tanh(np.arctanh(0.8) + half)))
    assert rank_correlation(np.arange(4.0), np.arange(4.0))[2] == pytest.approx(1.0)


def test_what_chance_reaches_is_the_highest_of_all_numbers_over_permuted_worlds():
    gaps = np.stack([np.zeros(20), ACT - 2.0], axis=1)
    bases = [bases_of(X), bases_of(IDLE)]
    generator = np.random.default_rng([7, 0x7065726D])
    worth, flips = [], []
    for order in [generator.permutation(20) for _ in range(50)]:
        fits = [curves(gaps[order], basis) for basis in bases]
        worth.append(max(fit.max(axis=1).mean() - fit.mean(axis=0).max() for fit in fits))
        flips.append(max((fit[:, 1] > fit[:, 0]).mean() for fit in fits))
    most = gaps.max(axis=1).mean() - gaps.mean(axis=0).max()
    found = by_chance(gaps, bases, 7, 50)
    assert found == pytest.approx((min(most, np.quantile(worth, 0.95)), np.quantile(flips, 0.95)))
    assert found[0] > 0.0


# -- curves --------------------------------------------------------------------------------------------------


def natural(x, at):
    """A natural cubic spline's basis by the book (Hastie et al., 5.4 and 5.5), a value at a time."""

    def d(value, k):
        return (max(0.0, value - at[k]) ** 3 - max(0.0, value - at[-1]) ** 3) / (at[-1] - at[k])

    return np.array([[1.0, v, *(d(v, k) - d(v, len(at) - 2) for k in range(len(at) - 2))] for v in x])


def same_space(a, b):
    """Whether two sets of columns span the same curves."""
    return np.allclose(a @ np.linalg.pinv(a), b @ np.linalg.pinv(b), atol=1e-8)


@pytest.mark.parametrize(("worlds", "richest"), [(12, 3), (20, 4), (29, 4), (30, 5), (100, 5)])
def test_curves_are_natural_splines_with_more_knots_the_more_worlds(worlds, richest):
    x = np.sort(np.random.default_rng(worlds).lognormal(size=worlds))
    found = bases_of(x)
    assert [basis.shape[1] for basis in found] == [1, *range(2, richest + 1)]
    for knots, basis in zip(range(2, richest + 1), found[1:], strict=True):
        assert np.allclose(basis.T @ basis, np.eye(knots))
        at = np.quantile(x, np.linspace(0.05, 0.95, knots))
        assert same_space(basis, natural(x, at) if knots > 2 else np.column_stack([np.ones(worlds), x]))


def test_few_worlds_or_a_number_that_does_not_vary_bear_no_curve():
    assert [basis.shape for basis in bases_of(np.arange(11.0))] == [(11, 1)]
    assert [basis.shape for basis in bases_of(np.ones(20))] == [(20, 1)]
    assert bases_of(np.ones(25))[0] == pytest.approx(np.full((25, 1), 0.2))


@pytest.mark.parametrize(("values", "columns"), [(2, [1, 2]), (6, [1, 6]), (7, [1, 2, 3, 4])])
def test_a_number_with_up_to_six_values_is_taken_by_value(values, columns):
    x = np.arange(28) % values * 1.0
    assert [basis.shape[1] for basis in bases_of(x)] == columns
    if values <= 6:
        assert same_space(bases_of(x)[1], np.eye(values)[x.astype(int)])


def test_knots_that_fall_together_leave_a_straight_line():
    x = np.concatenate([np.zeros(40), np.arange(1.0, 8.0) * 1e-3, [1.0]])
    assert max(basis.shape[1] for basis in bases_of(x)) <= 3


def test_the_basis_of_least_bic_is_taken_for_each_column():
    x = np.linspace(-1.0, 1.0, 40)
    y = np.column_stack([np.tile([1.0, -1.0], 20), 5.0 * x + np.tile([0.5, -0.5], 20), 4.0 * x**2 - 1.0, np.zeros(40)])
    bases = bases_of(x)

    def bic(column, basis):
        left = ((column - basis @ (basis.T @ column)) ** 2).sum()
        return 40 * np.log(max(left, 1e-12 * (column**2).sum()) / 40) + basis.shape[1] * np.log(40)

    expected = [int(np.argmin([bic(column, basis) for basis in bases])) for column in y.T[:3]]
    assert expected[:2] == [0, 1]
    assert expected[2] >= 2
    assert chosen(y, bases).tolist() == [*expected, 0]
    fitted = curves(y, bases)
    for k, which in enumerate([*expected, 0]):
        assert fitted[:, k] == pytest.approx(bases[which] @ (bases[which].T @ y[:, k]))
