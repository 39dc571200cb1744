"""What a run over worlds drew, and which of the scenario's own numbers it took as known: a table, and in short."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from wom_sim.present.story import Story
from wom_sim.present.tables import Cell, Table
from wom_sim.scenario.distributions import Distribution
from wom_sim.scenario.posterior import Drawn
from wom_sim.scenario.relevance import without_names
from wom_sim.scenario.uncertain import Doubt, Known, doubts, known_numbers
from wom_sim.words import Words


def drawn(story: Story) -> list[Doubt]:
    """Return the numbers that were drawn; none where no worlds were, or the folder does not say which."""
    told = story.found.run.get("drawn")
    if not isinstance(told, list):
        return []
    keys = {str(each["key"]) for each in told}
    return [doubt for doubt in doubts(story.found.scenario) if doubt.key in keys]


def content(story: Story) -> dict[str, Any]:
    """Return what the report says of it: nothing where no worlds were drawn."""
    found, say = drawn(story), story.words.say
    if not found:
        return {"drawn": None}
    heads = [say("report.assumed.number"), say("report.drawn.distribution"), say("report.drawn.why")]
    heads += [say("report.assumed.grade"), say("report.assumed.source")]
    rows = [
        [
            Cell(named(story, doubt), doubt.key), Cell(in_words(doubt.distribution, story.words)),
            Cell(say(f"report.drawn.why_{doubt.origin}")), Cell(story.words.grade(doubt.grade)), Cell(doubt.source),
        ]
        for doubt in found
    ]  # fmt: skip
    return {
        "drawn": Table("", heads, rows, numbers=len(heads)),
        "drawn_text": say("report.drawn.text", n=story.words.number(len(found))), "known_text": known_text(story),
    }  # fmt: skip


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


def named(story: Story, number: Doubt | Known) -> str:
    """Return what a number is called, in the language of the story where that has a word for it."""
    return story.words.parameter(without_names(number.key), number.meaning)


def in_words(drawn_from: Distribution | Drawn, words: Words) -> str:
    """Return a distribution in words.

    >>> in_words(Distribution(low=0.0, mode=0.4, high=2.0, zero=0.25, rare=5.5, rare_share=0.05), Words("en"))
    '0 to 2, most likely 0.4; 0 in 25 % of worlds; 5.5 in 5 % of worlds'
    """

    def number(value: float) -> str:
        """Return a number; a small one without a power of ten."""
        text = words.number(value)
        return f"{value:.10f}".rstrip("0").replace(".", words.say("number.decimal")) if "e" in text else text

    if isinstance(drawn_from, Drawn):
        low, high = map(number, drawn_from.spread)
        return words.say("report.drawn.learned", low=low, high=high, middle=number(float(np.median(drawn_from.values))))
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
