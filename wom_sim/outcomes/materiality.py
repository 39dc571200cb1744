"""Which policies are told as equal, and what decides among them: one rule for every verdict.

Two policies are equal where their difference in net value is smaller than a stated share of the best one's net
value, or than its interval tells from none. Among equals the lower chance of national news decides, where its
difference is sure; then simplicity: fewer steps, then fewer customers told, by more than the same share.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from wom_sim.outcomes.indicators import INDICATORS, Indicator
from wom_sim.outcomes.paired import NOTHING_SAID, SETTLED, compared
from wom_sim.outcomes.statistics import CONFIDENCE
from wom_sim.outcomes.units import Numbers, Units, occasions, rare_of, units_of

VALUE, NEWS, STEPS, TOLD, NOTHING = "value", "news", "steps", "told", "nothing"
"""What decides: net value, as nothing is equal to the best; or among equals one of the others."""
NET, COVERED = "net_value", "national_coverage"
_NAMED = {indicator.name: indicator for indicator in INDICATORS}
APART, SMALL, OPEN = "apart", "small", "open"
"""Of two policies: told apart, too close to matter, not told apart by the runs. Only the first is a difference."""
_WHOLE = 0.5
"""Half a customer more or less told, on average, is no difference."""


class Rule(NamedTuple):
    """``material``: share of the best policy's net value below which a difference counts as none.

    ``steps``: in how many steps each policy goes, by name; those left out go in one.
    """

    material: float = 0.0
    steps: Mapping[str, int] = {}


class Choice(NamedTuple):
    """``equals``: the policies told as equal to the one of highest net value, that one first; ``chosen``: one of them.

    ``by``: what decided. ``small``: whether the next in net value is closer than the material share, though its
    interval tells it apart. ``covered``: the share of runs in which each of the equals is in the national news;
    ``runs``: how many.
    """

    equals: tuple[str, ...]
    chosen: str
    by: str
    small: bool
    material: float
    covered: Mapping[str, float]
    runs: int

    @property
    def leader(self) -> str:
        """Return the policy of the highest net value."""
        return self.equals[0]


def choose(replications: pd.DataFrame, rule: Rule) -> Choice:
    """Return which policies are equal, and which of them is to be preferred.

    ``replications`` has columns policy, replication, perhaps world, and the indicators. A single run says nothing about
    chance: then only the share counts.
    """
    means = replications.groupby("policy", sort=False).mean(numeric_only=True)
    order = [str(name) for name in means[NET].sort_values(ascending=False, kind="stable").index]
    best = order[0]
    states = {p: _state(replications, (best, p), float(means.loc[best, NET]), rule.material) for p in order[1:]}
    equals = (best, *(p for p in order[1:] if states[p] != APART))
    chosen, by = (best, VALUE) if len(equals) == 1 else _second(replications, means, list(equals), rule)
    covered = {p: float(means.loc[p, COVERED]) for p in equals} if COVERED in means else {}
    small = len(order) > 1 and states[order[1]] == SMALL
    return Choice(equals, chosen, by, small, rule.material, covered, int((replications["policy"] == best).sum()))


def _state(runs: pd.DataFrame, pair: tuple[str, str], best: float, material: float) -> str:
    """Return whether two policies are apart, too close to matter, or not told apart by the runs."""
    return state(gap(runs, pair, _NAMED[NET]), best, material)


def state(found: Mapping[str, float | int | str], best: float, material: float) -> str:
    """Return whether a difference in net value sets two apart, is too small to matter, or is not told from none.

    ``found``: of ``paired.compared``; ``best``: the net value of the best; ``material``: as in ``Rule``.
    """
    mean = abs(float(found["mean"]))
    if found["settled"] not in (SETTLED, NOTHING_SAID):
        return OPEN
    return SMALL if mean == 0.0 or mean < material * abs(best) else APART


def gap(runs: pd.DataFrame, pair: tuple[str, str], indicator: Indicator) -> dict[str, float | int | str]:
    """Return what is known of the difference of an indicator between two policies, on common luck."""
    one, other = _sides(runs, pair)
    return compared(*_values(one, other, indicator.name), indicator, rare_of(one, indicator, other))


def _sides(runs: pd.DataFrame, pair: tuple[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the runs of two policies, in the same order of luck."""
    keys = occasions(runs)
    one, other = (runs[runs["policy"] == name].set_index(keys) for name in pair)
    return one, other.loc[one.index]


def _values(one: pd.DataFrame, other: pd.DataFrame, name: str) -> tuple[Numbers, Numbers, Units]:
    """Return an indicator of two policies on the same luck, and the unit of each run."""
    return one[name].to_numpy(dtype=float), other[name].to_numpy(dtype=float), units_of(one.reset_index())


def _second(runs: pd.DataFrame, means: pd.DataFrame, equals: list[str], rule: Rule) -> tuple[str, str]:
    """Return the policy that the second criterion prefers among equals, and which criterion that was."""
    left = _quietest(runs, means, equals)
    if len(left) == 1:
        return left[0], NEWS
    taken = {p: _steps(p, rule.steps) for p in left}
    left = [p for p in left if taken[p] == min(taken.values())]
    if len(left) == 1:
        return left[0], STEPS
    told = {p: float(means.loc[p, "told"]) if "told" in means else 0.0 for p in left}
    slack = max(_WHOLE, rule.material * max(told.values()))
    left = [p for p in left if told[p] <= min(told.values()) + slack]
    return left[0], TOLD if len(left) == 1 else NOTHING


def _quietest(runs: pd.DataFrame, means: pd.DataFrame, equals: list[str]) -> list[str]:
    """Return those of the equals than which none is surely in the national news less often."""
    if COVERED not in means:
        return equals
    first = min(equals, key=lambda p: float(means.loc[p, COVERED]))
    return [p for p in equals if p == first or not _surely_more_often(*_values(*_sides(runs, (p, first)), COVERED))]


def _surely_more_often(a: Numbers, b: Numbers, unit: Units) -> bool:
    """Return whether something comes more often in ``a`` than in ``b``, more so than luck shows in 5 % of cases.

    Source: exact sign test over the units in which they differ (McNemar 1947).
    """
    from scipy.special import bdtr

    apart = np.bincount(unit, weights=a - b)
    more, less = int((apart > 0.0).sum()), int((apart < 0.0).sum())
    return more > less and 2.0 * float(bdtr(less, more + less, 0.5)) <= 1.0 - CONFIDENCE


def _steps(policy: str, steps: Mapping[str, int]) -> int:
    return steps.get(policy, 0 if policy == "keep" else 1)
