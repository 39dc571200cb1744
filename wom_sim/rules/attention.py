"""Buzz, pick-up by an outlet, reach, and who is reached."""

from __future__ import annotations

import math

from wom_sim._compile import small_rule as rule


@rule
def buzz_of_today(buzz: float, half_life: float, news: float) -> float:
    """Return today's buzz: yesterday's, decayed with ``half_life`` days, plus today's newsworthy posts.

    Unit: posts of newsworthiness 1. Source: press-level half-life 3 days [1-7] (C).

    >>> buzz_of_today(8.0, 3.0, 1.0)
    7.3496...
    """
    return buzz * 2.0 ** (-1.0 / half_life) + news


@rule
def chance_of_pickup(buzz: float, threshold: float) -> float:
    """Return an outlet's chance to pick the story up today: 1 - exp(-(buzz/threshold)^2).

    Convex: one angry customer is an anecdote, fifty with the same letter are news. Assumption: the square.
    A threshold of 0 picks up on any day, whatever the buzz.

    >>> chance_of_pickup(0.0, 10.0), round(chance_of_pickup(10.0, 10.0), 4)
    (0.0, 0.6321)
    """
    if threshold <= 0.0:
        return 1.0
    ratio = buzz / threshold
    return 1.0 - math.exp(-ratio * ratio)


@rule
def reach_on_day(reach: float, half_life: float, days: int) -> float:
    """Return the chance that an outlet reaches a person ``days`` after its coverage began.

    A ``half_life`` of 0 means that coverage does not fade. Assumption: exponential fading.

    >>> reach_on_day(0.1, 3.0, 3), reach_on_day(0.1, 0.0, 300)
    (0.05, 0.1)
    """
    if half_life <= 0.0:
        return reach
    return reach * 2.0 ** (-days / half_life)


@rule
def people_skipped(u: float, p: float) -> int:
    """Return how many people a broadcast of reach ``p`` skips before the next one it reaches (geometric).

    ``u`` in (0, 1). A broadcast of reach p thus visits p x N people, not N.

    >>> people_skipped(0.3, 1.0), people_skipped(0.5, 0.5), people_skipped(0.4, 0.5)
    (0, 1, 1)
    """
    if p >= 1.0:
        return 0
    if p <= 0.0:
        return 4_000_000_000
    skipped = math.log(u) / math.log1p(-p)
    if skipped > 4.0e9:
        return 4_000_000_000
    return int(skipped)
