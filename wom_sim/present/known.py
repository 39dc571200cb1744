"""What a run over worlds drew, and which of the scenario's own numbers it took as known: a table, and in short."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from wom_sim.charts.names import seen_name
from wom_sim.present.document import Texts
from wom_sim.present.story import Story
from wom_sim.present.tables import Cell, Table
from wom_sim.scenario import Scenario, ScenarioError
from wom_sim.scenario.distributions import Distribution
from wom_sim.scenario.posterior import learned
from wom_sim.scenario.relevance import without_names
from wom_sim.scenario.uncertain import LEARNED, PUBLIC, Known, doubts, known_numbers
from wom_sim.study.worlds_drawn import said_of_posterior
from wom_sim.words import Words


class Spread(NamedTuple):
    """What a folder tells of draws: the 5 and 95 % quantiles, and the median; of a few values how often each came."""

    low: float
    median: float
    high: float
    shares: Mapping[str, float] | None = None


class Row(NamedTuple):
    """A number that was drawn: its key, what it was drawn from, why, and what is known of it."""

    key: str
    distribution: Distribution | Spread
    origin: str
    grade: str
    source: str
    meaning: str


def drawn(story: Story) -> list[Row]:
    """Return the numbers that were drawn; none where no worlds were, or the folder does not say which.

    What was learned is told as the folder has it: the file of draws need not be there.
    """
    told = story.found.run.get("drawn")
    if not isinstance(told, list):
        return []
    there = {doubt.key: doubt for doubt in doubts(_without_draws(story.found.scenario))}
    found = []
    for each in told:
        key = str(each["key"])
        if each.get("why") in (LEARNED, PUBLIC):
            spread, about = _spread(story, each), [str(each.get(name, "")) for name in ("grade", "source", "meaning")]
            found += [] if spread is None else [Row(key, spread, str(each["why"]), *about)]
        elif key in there:
            doubt = there[key]
            assert isinstance(doubt.distribution, Distribution)
            found.append(Row(key, doubt.distribution, doubt.origin, doubt.grade, doubt.source, doubt.meaning))
    return found


def _spread(story: Story, told: Mapping[str, Any]) -> Spread | None:
    """Return where draws lie, as the folder tells it; an earlier one does not, and None is left if they are gone."""
    if all(name in told for name in ("low", "median", "high")):
        return Spread(float(told["low"]), float(told["median"]), float(told["high"]), told.get("shares"))
    if told["why"] != LEARNED:
        return None
    try:
        draws = learned(story.found.scenario)[str(told["key"])]
    except (ScenarioError, KeyError):
        return None
    return Spread(draws.spread[0], draws.middle, draws.spread[1])


def _without_draws(scenario: Scenario) -> Scenario:
    """Return a scenario that reads no file of draws."""
    known = scenario.worlds.model_copy(update={"posterior": None, "draw_from": "ranges"})
    return scenario.model_copy(update={"worlds": known})


def parts(story: Story) -> list[Texts | Table]:
    """Return what the report says of it: nothing where no worlds were drawn."""
    found, say = drawn(story), story.words.say
    if not found:
        return []
    heads = [say("report.assumed.number"), say("report.drawn.distribution"), say("report.drawn.why")]
    heads += [say("report.assumed.grade"), say("report.assumed.source")]
    rows = [
        [
            Cell(named(story, doubt), doubt.key), Cell(in_words(doubt.distribution, story.words)),
            Cell(say(f"report.drawn.why_{doubt.origin}")), Cell(story.words.grade(doubt.grade)), Cell(doubt.source),
        ]
        for doubt in found
    ]  # fmt: skip
    head = Texts([say("report.drawn.text", n=story.words.number(len(found)))])
    return [head, Table("", heads, rows, numbers=len(heads)), Texts([*of_posterior(story), known_text(story)])]


def of_posterior(story: Story) -> list[str]:
    """Return in sentences what is to be known of draws from a past: what its fit says of itself, what is not drawn."""
    told, words = story.found.run.get("posterior"), story.words
    return said_of_posterior(told, words, lambda label: words.say("report.quoted", name=seen_name(label, words)))


def known_text(story: Story) -> str:
    """Return in words which of its own numbers the scenario states, with their values."""
    known = known_numbers(story.found.scenario)
    if not known:
        return story.words.say("report.drawn.text_sure")
    told = [f"{each.key} = {story.words.number(each.value)}" for each in known]
    return story.words.say("report.drawn.text_known", n=story.words.number(len(known)), numbers=", ".join(told))


def in_short(story: Story) -> str:
    """Return how many numbers were drawn and how many the scenario states; "" where no worlds were drawn."""
    found = drawn(story)
    if not found:
        return ""
    number, known = story.words.number, known_numbers(story.found.scenario)
    return story.words.say("deck.assumed.drawn", n=number(len(found)), k=number(len(known)))


def named(story: Story, number: Row | Known) -> str:
    """Return what a number is called, in the language of the story where that has a word for it."""
    return story.words.parameter(without_names(number.key), number.meaning)


def in_words(drawn_from: Distribution | Spread, words: Words) -> str:
    """Return a distribution in words.

    >>> in_words(Distribution(low=0.0, mode=0.4, high=2.0, zero=0.25, rare=5.5, rare_share=0.05), Words("en"))
    '0 to 2, most likely 0.4; 0 in 25 % of worlds; 5.5 in 5 % of worlds'
    """

    def number(value: float) -> str:
        """Return a number; a small one without a power of ten."""
        text = words.number(value)
        return f"{value:.10f}".rstrip("0").replace(".", words.say("number.decimal")) if "e" in text else text

    if isinstance(drawn_from, Spread):
        if drawn_from.shares:
            each = [
                words.say("report.drawn.value_in", value=number(float(value)), share=words.share(share))
                for value, share in drawn_from.shares.items()
            ]
            return words.say("report.drawn.learned_values", values=words.listed(each))
        low, middle, high = map(number, drawn_from[:3])
        return words.say("report.drawn.learned", low=low, high=high, middle=middle)
    d = drawn_from
    if d.kind == "choice":
        told = words.say("report.drawn.choice", values=words.listed([number(value) for value in d.choice or ()]))
    elif d.kind == "normal":
        told = words.say("report.drawn.normal", mean=number(d.mean or 0.0), sd=number(d.sd or 0.0))
    elif d.kind == "lognormal":
        factor = number(round(math.exp(d.sigma or 0.0), 2))
        told = words.say("report.drawn.lognormal", median=number(d.median or 0.0), factor=factor)
    else:
        ends = {"low": number(d.low or 0.0), "high": number(d.high or 0.0)}
        key = "uniform" if d.mode is None else "triangular"
        told = words.say(f"report.drawn.{key}", **ends, **({} if d.mode is None else {"mode": number(d.mode)}))
    parts = [told]
    if d.zero:
        parts.append(words.say("report.drawn.zero", share=words.whole_share(d.zero)))
    if d.rare is not None:
        share = words.whole_share(d.rare_share or 0.0)
        parts.append(words.say("report.drawn.rare", value=number(d.rare), share=share))
    return "; ".join(parts)
