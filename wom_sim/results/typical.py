"""The one run that stands for all runs of a policy: which it is, chosen by what is shown of it, and its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from wom_sim.words import Words


class Shows(NamedTuple):
    """What is shown of a run: its name in the catalogue (``typical.one.NAME``), and the indicator that measures it."""

    name: str
    indicator: str


SPREAD = Shows("spread", "reached")
LOST = Shows("lost", "lost_profitable")
SHOWS: Mapping[str, Shows] = {"cascade": SPREAD, "animation": SPREAD, "value": LOST, "explain": LOST}
"""What each picture or command shows of a run, by which it is chosen."""


def typical_run(runs: pd.DataFrame, policy: str, shows: Shows) -> int:
    """Return the replication of a policy in which what is shown is the median of all its runs; the lower one of two.

    ``runs``: policy, replication and the indicator, a row a run. Of equal runs the first counts.

    Raises
    ------
    ValueError
        If there is no run of the policy, or its runs are of drawn worlds, none of which stands for all.
    """
    if "world" in runs:
        raise ValueError("each run is of a drawn world of its own, and none stands for all")
    own = runs[runs["policy"] == policy].sort_values([shows.indicator, "replication"], kind="stable")
    if own.empty:
        raise ValueError(f"there is no run of {policy!r}")
    return int(own["replication"].iloc[(len(own) - 1) // 2])


def which_run(runs: pd.DataFrame, policy: str, shows: Shows, words: Words) -> str:
    """Return in words which run of a policy ``typical_run`` gives, as part of a sentence."""
    number = int((runs["policy"] == policy).sum())
    return words.say(f"typical.one.{shows.name}", n=words.number(number), policy=words.policy_said(policy))
