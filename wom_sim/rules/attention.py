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
def days_of_coverage(days: int, revises_after: int) -> int:
    """Return how many days old an outlet's coverage is, ``days`` after it began: it starts anew on a change of mind.

    ``revises_after`` is the day of the change, 0 for none. Source: an opinion leader first called it sensible, and
    wrote again when he thought better of it (case documents, S). Assumption: as many read the second piece.

    >>> days_of_coverage(3, 0), days_of_coverage(3, 5), days_of_coverage(5, 5), days_of_coverage(7, 5)
    (3, 3, 0, 2)
    """
    if 0 < revises_after <= days:
        return days - revises_after
    return days


@rule
def told_by_outlet(before: float, after: float, days: int, revises_after: int) -> float:
    """Return what holds ``days`` after coverage began: ``before``, or ``after`` once the outlet has changed its mind.

    Source: an opinion leader who revised (case documents, S). Assumption: all at once.

    >>> told_by_outlet(0.5, 0.1, 4, 5), told_by_outlet(0.5, 0.1, 5, 5), told_by_outlet(0.5, 0.1, 5, 0)
    (0.5, 0.1, 0.5)
    """
    if 0 < revises_after <= days:
        return after
    return before


@rule
def effect_of_response(effect: float, days: int, prompt_days: int, late: float) -> float:
    """Return the factor of a response on the newsworthiness of posts; a late one has the share ``late`` of the effect.

    Source: speed matters (Herhausen et al. 2019, A). Assumption: how much, and from when.

    >>> effect_of_response(0.6, 2, 2, 0.5), effect_of_response(0.6, 3, 2, 0.5)
    (0.6, 0.8)
    """
    if days <= prompt_days:
        return effect
    return 1.0 + late * (effect - 1.0)


@rule
def skip_length(p: float) -> float:
    """Return the scale of the skips of a broadcast of reach ``p``: 1 / log(1 - p), negative; 0 if it reaches all.

    >>> skip_length(1.0), round(skip_length(0.5), 4), skip_length(0.0)
    (0.0, -1.4427, -inf)
    """
    if p >= 1.0:
        return 0.0
    if p <= 0.0:
        return -math.inf
    return 1.0 / math.log1p(-p)


@rule
def people_skipped(u: float, length: float) -> int:
    """Return how many people a broadcast skips before the next one it reaches: geometric, by inversion of ``u``.

    ``u`` in (0, 1); ``length`` is ``skip_length`` of the reach. A broadcast of reach p thus visits p x N people, not N.

    >>> half = skip_length(0.5)
    >>> people_skipped(0.3, skip_length(1.0)), people_skipped(0.6, half), people_skipped(0.4, half)
    (0, 0, 1)
    """
    return int(min(math.log(u) * length, 4.0e9))
