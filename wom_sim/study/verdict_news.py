"""Which rules of news the worlds of a verdict took, and what the verdict is under each of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from wom_sim.outcomes.statistics import mean_interval
from wom_sim.outcomes.worlds import values_by_world
from wom_sim.scenario.posterior_of_cases import RULES, WHICH
from wom_sim.words.figures import Figures

FEWEST = 10
"""Worlds of a rule below which nothing is said of what is best under it."""


class UnderRule(NamedTuple):
    """The verdict under one rule: how many worlds took it, the best policy, the next, and how far they are apart.

    ``gap`` is the mean difference of net value (currency), ``low`` and ``high`` the ends of its 95 % interval; they are
    NaN, and policies "", where fewer than ``FEWEST`` worlds took the rule.
    """

    rule: str
    worlds: int
    best: str = ""
    rival: str = ""
    gap: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")

    @property
    def apart(self) -> bool:
        """Return whether the two are told apart: not where the interval of their difference holds 0."""
        return self.low > 0.0 or (self.low == self.high == 0.0 < self.gap)


def under_each_rule(replications: pd.DataFrame, worlds: pd.DataFrame | None) -> list[UnderRule]:
    """Return the verdict under each rule of news that the worlds take; nothing where they do not draw the rule.

    ``worlds`` has a row for each world: its number, and what was drawn for it.
    """
    if worlds is None or WHICH not in worlds or worlds[WHICH].nunique() < 2:
        return []
    policies, runs = values_by_world(replications)
    means = runs.mean(axis=1)
    numbers = sorted(replications["world"].unique())
    which = worlds.set_index("world")[WHICH].reindex(numbers).round().astype(int).to_numpy()
    return [_under(RULES[k], policies, means[which == k]) for k in sorted(set(which.tolist()))]


def table_of_rules(found: list[UnderRule]) -> pd.DataFrame:
    """Return the verdicts under each rule as a table, a row a rule: what the sentences on them are told from.

    ``difference``: of the net value of ``best`` and ``rival`` (currency); empty where too few worlds took the rule.
    """
    columns = ["rule", "worlds", "best", "rival", "difference", "difference_low", "difference_high"]
    return pd.DataFrame([tuple(each) for each in found], columns=columns)


def _under(rule: str, policies: list[str], means: np.ndarray) -> UnderRule:
    if len(means) < FEWEST or len(policies) < 2:
        return UnderRule(rule, len(means))
    order = np.argsort(-means.mean(axis=0), kind="stable")
    gap, low, high = mean_interval(means[:, order[0]] - means[:, order[1]])
    return UnderRule(rule, len(means), policies[int(order[0])], policies[int(order[1])], gap, low, high)


def said_of_rules(found: list[UnderRule], tell: Figures) -> str:
    """Return in a sentence or two how many worlds took which rule, and what is best under each; "" where none drew."""
    if not found:
        return ""
    say, words = tell.words.say, tell.words
    taken = [
        say("verdict.worlds.rule_taken", rule=say(f"verdict.worlds.rule.{each.rule}"), n=words.number(each.worlds))
        for each in found
    ]
    under = [_said(each, tell) for each in found if each.best]
    few = [say(f"verdict.worlds.rule.{each.rule}") for each in found if not each.best]
    parts = [say("verdict.worlds.rules", taken=words.listed(taken))]
    if under:
        same = {each.best for each in found if each.best}
        key = "same" if len(same) == 1 and all(each.apart for each in found if each.best) else "differ"
        parts.append(say(f"verdict.worlds.rules_{key}", under="; ".join(under)))
    if few:
        parts.append(say("verdict.worlds.rules_few", rules=words.listed(few)))
    return " ".join(parts)


def _said(each: UnderRule, tell: Figures) -> str:
    said = tell.words.policy_said
    return tell.words.say(
        "verdict.worlds.rule_best" if each.apart else "verdict.worlds.rule_open",
        rule=tell.words.say(f"verdict.worlds.rule.{each.rule}"), best=said(each.best), rival=said(each.rival),
        gap=tell.money(each.gap), range=tell.interval(each.low, each.high, "currency"),
    )  # fmt: skip
