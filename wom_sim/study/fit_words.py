"""What a fit came to, in sentences of the catalogue, from its tables: from a fit just made, or from its folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from wom_sim.words import SHARES, Words

SURE = (0.85, 0.95)
"""Between these the share of true numbers inside their 90 % intervals must lie, or the fit says that it is not sure."""


def inside(place: pd.Series) -> pd.Series:
    """Return which true numbers lay within their 90 % interval; ``place``: their quantile in what was learned."""
    return place.between(0.05, 0.95)


def in_words(
    learned: pd.DataFrame, check: pd.DataFrame, calibration: pd.DataFrame, lang: str = "en",
    number: Callable[[str], str] = str, seen: Callable[[str], str] = str,
) -> list[str]:
    """Return what came out, in a few sentences; ``learned``, ``check``, ``calibration``: the tables of a fit.

    ``number``, ``seen``: what is written for the key of a number, and for what was seen.

    Raises
    ------
    ValueError
        For a language that there is not.
    """
    words = Words(lang)
    taught = learned[learned["learned"].astype(bool)]
    if taught.empty:
        said = [words.say("fit.nothing")]
    else:
        said = [_learned(taught.iloc[0], (len(taught), len(learned)), words, number), _of_method(calibration, words)]
    strange = [seen(str(name)) for name in check.loc[check["strange"].astype(bool), "seen"]]
    if strange:
        said.append(words.say("fit.strange", what=", ".join(strange)))
    return said


def _learned(best: pd.Series, counts: tuple[int, int], words: Words, number: Callable[[str], str]) -> str:
    """Return what was learned most of, before and after."""
    share = str(best["unit"]).partition(",")[0] in SHARES

    def told(value: Any) -> str:
        return words.rough_share(float(value)) if share else words.number_typed(value, "z.3g")

    ends = {name: told(best[name]) for name in ("low", "median", "high", "before_low", "before_median", "before_high")}
    return words.say("fit.learned", k=counts[0], n=counts[1], number=number(str(best["key"])), **ends)


def _of_method(calibration: pd.DataFrame, words: Words) -> str:
    """Return how often the method found the true number in worlds whose numbers are known."""
    share = float(inside(calibration["place"]).mean())
    worlds = int(calibration["world"].nunique())
    told = words.say("fit.tried", n=worlds, share=f"{100.0 * share:.0f}")
    return told if SURE[0] <= share <= SURE[1] else f"{told} {words.say('fit.unsure')}"
