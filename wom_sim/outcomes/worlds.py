"""What is to be said of policies over worlds: value, regret, dominance, loss, luck and ignorance, with intervals.

The unit is the world. Where a world has several replications, its net value is their mean, so that what luck does in
one of them counts less; with a single one, luck and ignorance cannot be told apart, and regret and the value of
perfect information count luck as if it could be known. Intervals treat worlds as drawn independently; a Latin
hypercube spreads them more evenly, so that they are rather too wide than too narrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.materiality import Choice, Rule, choose
from wom_sim.outcomes.statistics import CONFIDENCE, chance_interval, mean_interval
from wom_sim.outcomes.units import known, rare_of, share_interval, units_of

Floats = NDArray[np.float64]
RESAMPLES = 1000
_TAILS = ((1.0 - CONFIDENCE) / 2.0, (1.0 + CONFIDENCE) / 2.0)


class Estimate(NamedTuple):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Judgement:
    """What is to be said of the policies. ``verdicts``: a row for each, the best first.

    ``best``: the policy of the highest expected net value. ``flips``: the chance that another is best in a world.
    ``evpi``: what it is worth, in currency, to know every number before choosing. ``choice``: the policies told as
    equal to the best, and which of them is to be preferred.
    """

    verdicts: pd.DataFrame
    best: str
    flips: Estimate
    evpi: Estimate
    worlds: int
    replications: int
    choice: Choice


def values_by_world(replications: pd.DataFrame, indicator: str = "net_value") -> tuple[list[str], Floats]:
    """Return the policies, and an indicator as an array (worlds, replications, policies).

    Raises
    ------
    ValueError
        If a policy is missing in a world or a replication.
    """
    policies = [str(name) for name in replications["policy"].unique()]
    wide = replications.pivot_table(indicator, ["world", "replication"], "policy", sort=True, dropna=False)
    shape = (replications["world"].nunique(), replications["replication"].nunique(), len(policies))
    if len(wide) != shape[0] * shape[1] or bool(wide[policies].isna().to_numpy().any()):
        raise ValueError("every policy must have been run in every replication of every world")
    return policies, wide[policies].to_numpy(dtype=float).reshape(shape)


def judge(replications: pd.DataFrame, seed: int = 0, resamples: int = RESAMPLES, rule: Rule | None = None) -> Judgement:
    """Judge policies by net value over worlds.

    Parameters
    ----------
    replications : DataFrame
        Columns world, policy, replication, net_value.
    seed : int
        Seed of the bootstrap.
    resamples : int
        How many times worlds are drawn again.
    rule : Rule, optional
        When policies are told as equal; by the interval of their difference alone if left out.
    """
    policies, runs = values_by_world(replications)
    means = runs.mean(axis=1)
    again = resampled(len(means), resamples, seed)
    expected = means.mean(axis=0)
    order = np.argsort(-expected, kind="stable")
    parts = [
        _money(policies, replications), _best(means), _regret(means, again), _loss(runs),
        dominance(policies, runs, again), variances(runs, again),
    ]  # fmt: skip
    table = pd.concat([pd.DataFrame({"policy": policies}), *parts], axis=1)
    shown = [c for c in CONTRACT if c in table] + [c for c in table if c not in CONTRACT]
    best = policies[int(order[0])]
    sure = table.loc[table["policy"] == best, ["share_best", "share_best_low", "share_best_high"]].iloc[0]
    flips = Estimate(1.0 - sure.iloc[0], 1.0 - sure.iloc[2], 1.0 - sure.iloc[1])
    return Judgement(
        table.loc[order, shown].reset_index(drop=True), best, flips, perfect_information(means, again),
        len(means), runs.shape[1], choose(replications, rule or Rule()),
    )  # fmt: skip


CONTRACT = (
    "policy", "expected_net_value", "low", "high", "share_best", "regret_mean", "regret_worst", "chance_loss",
    "dominated_by", "variance_luck", "variance_worlds",
)  # fmt: skip
"""The columns that readers of ``verdicts.csv`` count on, in this order; intervals of the others follow."""


def resampled(worlds: int, resamples: int, seed: int) -> NDArray[np.int64]:
    """Return how often each world (column) is drawn in each resample (row)."""
    generator = np.random.default_rng([seed, 0x626F6F74])
    return generator.multinomial(worlds, np.full(worlds, 1.0 / worlds), size=resamples)


def ends(samples: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the 95 % interval, by columns of resamples."""
    low, high = np.quantile(samples, _TAILS, axis=0)
    return low, high


def _money(policies: list[str], replications: pd.DataFrame) -> pd.DataFrame:
    """Return the expected net value and what is known of it, as in every other table."""
    net = next(i for i in INDICATORS if i.name == "net_value")
    of = {str(policy): runs for policy, runs in replications.groupby("policy", sort=False)}
    found = [
        known(of[p]["net_value"].to_numpy(dtype=float), units_of(of[p]), net, rare_of(of[p], net)) for p in policies
    ]
    return pd.DataFrame([each[:3] for each in found], columns=["expected_net_value", "low", "high"])


def _best(means: Floats) -> pd.DataFrame:
    """Return in which share of worlds each is best; those that are equal share a world."""
    top = means == means.max(axis=1, keepdims=True)
    share = top / top.sum(axis=1, keepdims=True)
    found = [chance_interval(column) for column in share.T]
    return pd.DataFrame(found, columns=["share_best", "share_best_low", "share_best_high"])


def regrets(means: Floats) -> Floats:
    """Return what each policy falls short of the best of its world."""
    return means.max(axis=1, keepdims=True) - means


def _regret(means: Floats, again: NDArray[np.int64]) -> pd.DataFrame:
    """Return mean, 95 % quantile and worst regret; the worst has no interval, for it grows with the worlds."""
    short = regrets(means)
    low, high = np.array([mean_interval(column, signed=False)[1:] for column in short.T]).T
    many = np.stack([np.quantile(np.repeat(short, times, axis=0), 0.95, axis=0) for times in again])
    p95_low, p95_high = ends(many)
    return pd.DataFrame(
        {
            "regret_mean": short.mean(axis=0), "regret_worst": short.max(axis=0),
            "regret_mean_low": low, "regret_mean_high": high,
            "regret_p95": np.quantile(short, 0.95, axis=0), "regret_p95_low": p95_low, "regret_p95_high": p95_high,
        }
    )  # fmt: skip


def _loss(runs: Floats) -> pd.DataFrame:
    """Return the chance that net value is negative, over worlds and luck; the interval counts worlds, not runs."""
    world = np.repeat(np.arange(len(runs)), runs.shape[1])
    found = [share_interval((runs[:, :, k] < 0.0).ravel().astype(float), world) for k in range(runs.shape[2])]
    return pd.DataFrame(found, columns=["chance_loss", "chance_loss_low", "chance_loss_high"])


# -- dominance -----------------------------------------------------------------------------------------------


def dominates(a: Floats, b: Floats) -> int:
    """Return 1 if ``a`` dominates ``b`` stochastically in the first order, 2 if only in the second, else 0.

    Both are samples of equal size of what is better the more it is. First order: whatever is aimed at, ``a`` reaches
    it more often. Second order: whoever dislikes risk prefers ``a``.
    Source: Levy 2016, Stochastic Dominance; for samples of equal size by their order statistics.

    >>> dominates(np.array([2.0, 3.0]), np.array([1.0, 3.0])), dominates(np.array([2.0, 2.0]), np.array([1.0, 3.0]))
    (1, 2)
    """
    first, second = np.sort(a), np.sort(b)
    if (first >= second).all() and (first > second).any():
        return 1
    upto, other = np.cumsum(first), np.cumsum(second)
    slack = 1e-9 * max(1.0, float(np.abs(upto).max()), float(np.abs(other).max()))
    if (upto >= other - slack).all() and (upto > other + slack).any():
        return 2
    return 0


def dominance(policies: list[str], runs: Floats, again: NDArray[np.int64], most: int = 200) -> pd.DataFrame:
    """Return by which policies each is dominated, in which order, and in which share of resamples that holds."""
    worlds = runs.reshape(len(runs), -1, len(policies))
    rows = []
    for k in range(len(policies)):
        above = [
            (j, dominates(worlds[:, :, j].ravel(), worlds[:, :, k].ravel())) for j in range(len(policies)) if j != k
        ]
        above = [(j, order) for j, order in above if order]
        support = []
        for j, order in above:
            held = [
                0 < dominates(*(np.repeat(worlds[:, :, i], times, axis=0).ravel() for i in (j, k))) <= order
                for times in again[:most]
            ]
            support.append(f"{np.mean(held):.2f}")
        rows.append(
            {
                "dominated_by": ", ".join(policies[j] for j, _ in above),
                "dominance_order": ", ".join("first" if order == 1 else "second" for _, order in above),
                "dominance_support": ", ".join(support),
            }
        )
    return pd.DataFrame(rows)


# -- luck and ignorance --------------------------------------------------------------------------------------


def variances(runs: Floats, again: NDArray[np.int64]) -> pd.DataFrame:
    """Split the variance of each policy into luck within worlds and ignorance between them; NaN with one replication.

    Source: one-way analysis of variance with random effects (Searle, Casella & McCulloch 1992): within is the mean
    square within worlds; between is the variance of the worlds' means less what luck adds to it, at least 0.
    """
    worlds, replications, policies = runs.shape
    names = ("variance_luck", "variance_worlds", "share_luck")
    if replications < 2 or worlds < 2:
        blank = np.full(policies, np.nan)
        return pd.DataFrame({f"{name}{end}": blank for name in names for end in ("", "_low", "_high")})
    within, means = runs.var(axis=1, ddof=1), runs.mean(axis=1)
    split = _split(np.ones((1, worlds)), within, means, replications)
    columns: dict[str, Floats] = {}
    for name, value, samples in zip(names, split, _split(again, within, means, replications), strict=True):
        low, high = ends(samples)
        columns |= {name: value[0], f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(columns)


def _split(weights: NDArray[np.generic], within: Floats, means: Floats, replications: int) -> tuple[Floats, ...]:
    """Return variance by luck, by ignorance, and the share of luck, for each row of weights that sum to the worlds."""
    worlds = len(means)
    w = weights.astype(float)
    luck = w @ within / worlds
    centred = means - means.mean(axis=0)
    spread = (w @ centred**2 / worlds - (w @ centred / worlds) ** 2) * worlds / (worlds - 1)
    ignorance = np.maximum(0.0, spread - luck / replications)
    total = luck + ignorance
    return luck, ignorance, np.divide(luck, total, out=np.zeros_like(total), where=total > 0.0)


def perfect_information(means: Floats, again: NDArray[np.int64]) -> Estimate:
    """Return what it is worth to know the world before choosing: mean of the best, less the best of the means."""
    best = means.max(axis=1)
    value = best.mean() - means.mean(axis=0).max()
    samples = again @ best / len(best) - (again @ means / len(means)).max(axis=1)
    low, high = ends(samples)
    return Estimate(float(value), float(low), float(high))
