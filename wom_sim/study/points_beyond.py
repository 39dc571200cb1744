"""How far the points of a study, or a candidate, go beyond the ranges for which it is known how people react."""

from __future__ import annotations

from collections.abc import Sequence

from wom_sim.scenario import Scenario
from wom_sim.scenario.beyond import beyond, in_short, in_words
from wom_sim.scenario.sections.policies import Policy
from wom_sim.study.loading import Study
from wom_sim.words import ENGLISH, Words


def points_beyond(study: Study, words: Words = ENGLISH) -> list[str]:
    """Return a sentence on each thing that lies beyond at the highest value of some factor, and not in the scenario."""
    currency = study.scenario.currency
    known = beyond(study.scenario)
    found = {}
    for point in _highest(study):
        within = study.at(point)
        for item in beyond(within, study.policies_at(within)):
            found[item.key, item.what] = item
    new = [item for item in found.values() if item not in known]
    return [words.say("beyond.in_study", text=in_words(item, words, currency)) for item in new]


def beyond_in_short(scenario: Scenario, policies: Sequence[Policy], words: Words = ENGLISH) -> str:
    """Return what of these policies lies beyond what is known of how people react, "" if nothing does."""
    return words.listed([in_short(item, words, scenario.currency) for item in beyond(scenario, policies)])


def _highest(study: Study) -> list[int]:
    """Return the point at which each factor that is a number is highest."""
    found = []
    for number in range(len(study.points.columns)):
        values = [row[number] for row in study.points.rows]
        numbers = {k: v for k, v in enumerate(values) if isinstance(v, int | float) and not isinstance(v, bool)}
        if numbers:
            found.append(max(numbers, key=lambda k: numbers[k]))
    return list(dict.fromkeys(found))
