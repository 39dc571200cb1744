"""What does not vary though it might seem so, in words: factors without use, distributions at their central values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from wom_sim.words import ENGLISH, Words

if TYPE_CHECKING:
    from wom_sim.study.loading import Study

_MOST = 5
"""Numbers that are named; of more it is said how many there are."""


def of_study(study: Study, words: Words = ENGLISH) -> Iterator[str]:
    """Yield what is to be known before a study is run."""
    yield from of_idle(study.idle, words)
    yield from of_central(study.central, words=words)


def of_idle(factors: Iterable[str], words: Words = ENGLISH) -> Iterator[str]:
    """Yield a sentence for each factor that no policy of the study uses."""
    for key in factors:
        yield words.say("caveat.idle", key=key)


def of_central(central: Mapping[str, float], varies: str = "", words: Words = ENGLISH) -> Iterator[str]:
    """Yield a sentence on the numbers that the scenario gives as distributions, if there are any.

    ``varies``: what is varied instead, as a sentence without its full stop; a study's factors if left out.
    """
    if not central:
        return
    named = ", ".join([f"{key} = {words.number_typed(value, '.4g')}" for key, value in central.items()][:_MOST])
    if len(central) > _MOST:
        named += words.say("caveat.more", n=len(central) - _MOST)
    which = "caveat.central_one" if len(central) == 1 else "caveat.central_many"
    yield words.say(which, n=len(central), numbers=named, varies=varies or words.say("caveat.study"))
