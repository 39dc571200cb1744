"""What follows from the figures: what to do next, and which assumption to doubt first."""

from __future__ import annotations

import math

from wom_sim.outcomes.materiality import VALUE
from wom_sim.present import facts, tables
from wom_sim.present.story import Story
from wom_sim.scenario.evidence import Unmeasured
from wom_sim.scenario.grades import is_bare
from wom_sim.study.verdict import first_to_doubt
from wom_sim.words import sentence


def next_steps(story: Story) -> list[str]:
    """Return what follows from the figures: what is open, what is assumed, what would have to be true."""
    found, say = story.found, story.words.say
    said = []
    several = facts.lead(found) is not None
    if several and story.choice.chosen == "keep":
        said.append(say("deck.next.keep" if story.choice.by == VALUE else "deck.next.keep_equal"))
    elif several:
        said.append(_trial(story, story.choice.chosen))
    loud = facts.most(found, "national_coverage")
    day = found.estimate(loud, "national_day").median
    if found.estimate(loud, "national_coverage").mean > 0.0 and math.isfinite(day):
        covered = story.covered(loud)
        day_said = story.figures.value(day, "day")
        said.append(say("deck.next.press", policy=story.policy(loud), covered=covered, day=day_said))
    open_ = facts.undecided(found)
    if open_:
        first = say("report.says.pair", a=story.policy(open_[0][0]), b=story.policy(open_[0][1]))
        said.append(say("deck.next.settle", pair=first))
    driver, doubted = story.driver(), weakest(story)[:1]
    if driver is not None:
        said.append(say("deck.next.know", parameter=driver[0], worth=driver[1]))
    elif doubted:
        said.append(say("deck.next.measure", parameter=story.parameter(doubted[0].key)))
    if not found.worlds:
        said.append(say("deck.next.worlds"))
    return [sentence(text) for text in said]


def _trial(story: Story, best: str) -> str:
    """Return the advice to try the best policy on a few, with what was computed, and for how many that is."""
    told = story.found.estimate(best, "told").mean
    key, values = "deck.next.trial_all", {"best": story.policy(best)}
    if 0.0 < told < story.found.scenario.population.customers:
        measured = {"size": "told", "lost": facts.LOST, "calls": "extra_calls"}
        values |= {name: story.mean(best, indicator) for name, indicator in measured.items()}
        key = "deck.next.trial"
    return story.words.say(key, **values)


def to_doubt(story: Story) -> list[str]:
    """Return the assumption to doubt first in words, with the value used and its range; nothing where none has one."""
    said = []
    for doubted in weakest(story)[:1]:
        row = tables.assumed(story, [doubted]).rows[0]
        values = {"used": row[1].text, "range": row[2].text}
        said.append(story.words.say("deck.decides.text_weak", parameter=story.parameter(doubted.key), **values))
    return said


def weakest(story: Story) -> list[Unmeasured]:
    """Return the assumptions with a plausible range, the one to doubt first as the verdict has it.

    After it those never measured, then those without a source.
    """
    ranged = [a for a in story.assumed if a.plausible]
    doubted = None if story.found.worlds else first_to_doubt(story.found.replications, story.figures, story.assumed)
    return sorted(ranged, key=lambda a: (a.key != doubted, "never measured" not in a.grade, not is_bare(a.grade)))
