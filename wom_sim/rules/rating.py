"""Ratings that stay on platforms, and the joins that they cost a firm that is little known."""

from __future__ import annotations

import math

from wom_sim._compile import near_rule as rule


@rule
def stars_lost(bad: float, ratings: float, stars: float) -> float:
    """Return by how many stars ``bad`` ratings of one star lower the mean of a firm with ``ratings`` of ``stars``.

    Assumption: who posts what the firm did rates it with one star.

    >>> stars_lost(0.0, 300.0, 4.0), stars_lost(100.0, 200.0, 4.0)
    (0.0, 1.0)
    """
    if bad <= 0.0:
        return 0.0
    return (stars - 1.0) * bad / (bad + ratings)


@rule
def joins_in_spite(effect: float, lost: float) -> float:
    """Return the factor on the chance to join of everybody, who may look a firm up: exp(-effect x stars lost).

    Source: a star is 5 to 9 % of revenue for independents, nothing for chains (Luca 2016, A); 2 % of joins a tenth of
    a star where a firm is little known (C). Assumption: the form.

    >>> joins_in_spite(0.2, 0.0), round(joins_in_spite(0.2, 0.5), 3)
    (1.0, 0.905)
    """
    return math.exp(-effect * lost)


@rule
def joins_when_rated(effect: float, bad: float, ratings: float, stars: float) -> float:
    """Return the factor on the chance to join once there are ``bad`` ratings; see ``stars_lost``, ``joins_in_spite``.

    Source: of those two.

    >>> joins_when_rated(0.2, 0.0, 300.0, 4.0), joins_when_rated(0.2, 100.0, 200.0, 4.0) == joins_in_spite(0.2, 1.0)
    (1.0, True)
    """
    return joins_in_spite(effect, stars_lost(bad, ratings, stars))
