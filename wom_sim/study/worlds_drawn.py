"""What a run over worlds draws, each number with its distribution and source, and what it takes as known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from wom_sim.scenario import Scenario
from wom_sim.scenario.errors import visible
from wom_sim.scenario.posterior import Drawn, Judged, cautions, posterior_of
from wom_sim.scenario.uncertain import DOUBT, LEARNED, PUBLIC, SCENARIO, Doubt, known_numbers, not_drawn
from wom_sim.words import ENGLISH, Words

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.study.worlds import Design


_WHY = {SCENARIO: "scenario", DOUBT: "doubt", LEARNED: "learned", PUBLIC: "public"}
"""Why a number is drawn, and the key of what is said of it."""


def drawn_as_data(found: Design) -> list[dict[str, Any]]:
    """Return each number that is drawn: its key, distribution, why it is drawn, grade and source."""
    return [
        {
            "key": d.key, "distribution": d.distribution.text(), "why": d.origin, "grade": d.grade, "source": d.source,
            "meaning": d.meaning, **_of_draws(d),
        }
        for d in found.drawn
    ]  # fmt: skip


def _of_draws(doubt: Doubt) -> dict[str, Any]:
    """Return the ends and the middle of what was learned, which a folder tells where the draws have gone."""
    if not isinstance(doubt.distribution, Drawn):
        return {}
    low, high = doubt.distribution.spread
    shares = doubt.distribution.shares
    return {"low": low, "median": doubt.distribution.middle, "high": high} | ({"shares": shares} if shares else {})


def posterior_as_data(scenario: Scenario) -> dict[str, Any] | None:
    """Return what ``worlds.posterior`` is: what its fit says of itself, and what of it is not drawn; None: no such."""
    found = posterior_of(scenario)
    if found is None:
        return None
    judged = None if found.judged is None else asdict(found.judged)
    return {"keys": list(found.draws), "not_drawn": not_drawn(scenario), "judged": judged}


def said_of_posterior(told: Mapping[str, Any] | None, words: Words, named: Callable[[str], str] = str) -> list[str]:
    """Return in words what ``posterior_as_data`` tells, as far as whoever draws from it should hear of it.

    ``named``: what is called how of what was seen.
    """
    if told is None:
        return []
    parts = [
        words.say(f"posterior.part.{why}", keys=words.listed([visible(key) for key in keys]))
        for why, keys in told["not_drawn"].items()
    ]
    every = sum(len(keys) for keys in told["not_drawn"].values()) == len(told["keys"])
    which = "posterior.nothing_drawn" if every else "posterior.not_drawn"
    said = [words.say(which, parts="; ".join(parts))] if parts else []
    if every:
        return said
    return [*said, *cautions(None if told["judged"] is None else Judged.of(told["judged"]), words, named)]


def known_as_data(scenario: Scenario) -> dict[str, float]:
    """Return the numbers that the scenario states and that are taken as known, with their values."""
    return {known.key: known.value for known in known_numbers(scenario)}


def listed(scenario: Scenario, found: Design, words: Words = ENGLISH) -> Iterator[str]:
    """Yield in words what is drawn, a line for each number, and what is taken as known."""
    widest = max(len(d.key) for d in found.drawn)
    yield words.say("drawn.some", n=len(found.drawn))
    for doubt in found.drawn:
        yield f"  {doubt.key:{widest}}  {doubt.distribution.text()}  {_why(doubt, words)}"
    known = known_numbers(scenario)
    if not known:
        return
    yield words.say("drawn.known", n=len(known), values=_values({k.key: k.value for k in known}))
    may = [each.key for each in known if each.would_be is not None]
    if may:
        yield words.say("drawn.doubt", names=", ".join(may))


def _why(doubt: Doubt, words: Words) -> str:
    """Return why a number is drawn and where its distribution comes from."""
    why = words.say(f"drawn.why.{_WHY[doubt.origin]}") if doubt.origin in _WHY else ""
    if doubt.origin in (SCENARIO, LEARNED, PUBLIC):
        return why
    grade = words.say("drawn.grade", grade=words.grade(doubt.grade)) if doubt.grade else ""
    evidence = "; ".join(text for text in (grade, doubt.source) if text)
    return ": ".join(text for text in (why, evidence) if text)


def _values(known: dict[str, float]) -> str:
    return ", ".join(f"{key} = {value:z,.10g}" for key, value in known.items())


def keys_drawn(worlds: pd.DataFrame) -> list[str]:
    """Return the keys of the numbers that were drawn: the columns of the table of worlds but its number and block."""
    return [str(column) for column in worlds.columns if column not in ("world", "block")]
