"""What a study does not vary though it might seem so, in words: factors without use, distributions at their middle."""

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
        yield f"{key} is not used by any policy of this study: it changes no result, and its effect is exactly 0"


def of_central(central: Mapping[str, float]) -> Iterator[str]:
    """Yield a sentence on the numbers that the scenario gives as distributions, if there are any."""
    if not central:
        return
    named = [f"{key} = {value:.4g}" for key, value in central.items()][:_MOST]
    more = f" and {len(central) - _MOST} more" if len(central) > _MOST else ""
    one = len(central) == 1
    yield (
        f"{'a number is' if one else f'{len(central)} numbers are'} given as {'a distribution' if one else 'distributions'}"
        f", and every run takes {'its central value' if one else 'their central values'}: {', '.join(named)}{more}. "
        f"compare --worlds draws {'it' if one else 'them'}; a study varies what it names as a factor"
    )
