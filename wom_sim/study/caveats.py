"""What does not vary though it might seem so, in words: factors without use, distributions at their central values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wom_sim.study.loading import Study

_MOST = 5
"""Numbers that are named; of more it is said how many there are."""


def of_study(study: Study) -> Iterator[str]:
    """Yield what is to be known before a study is run."""
    yield from of_idle(study.idle)
    yield from of_central(study.central)


def of_idle(factors: Iterable[str]) -> Iterator[str]:
    """Yield a sentence for each factor that no policy of the study uses."""
    for key in factors:
        yield f"{key} is not used by any policy of this study: it changes no result, and its effect is exactly 0."


def of_central(central: Mapping[str, float], varies: str = "A study varies its factors alone") -> Iterator[str]:
    """Yield a sentence on the numbers that the scenario gives as distributions, if there are any.

    ``varies``: what is varied instead, as a sentence without its full stop.
    """
    if not central:
        return
    named = [f"{key} = {value:.4g}" for key, value in central.items()][:_MOST]
    more = f" and {len(central) - _MOST} more" if len(central) > _MOST else ""
    if len(central) == 1:
        told, them = "A number is given as a distribution, and every run takes its central value", "it"
    else:
        told = f"{len(central)} numbers are given as distributions, and every run takes their central values"
        them = "them"
    drawn = f"compare --worlds draws {them}, unless worlds.fixed names {them}"
    yield f"{told}: {', '.join(named)}{more}. {varies}; {drawn}."
