"""How figures of a scenario are told: in its currency, and over the months in which its money counts."""

from __future__ import annotations

from wom_sim.scenario.models import Scenario
from wom_sim.words import Words
from wom_sim.words.figures import Figures


def figures_on_terminal(scenario: Scenario, words: Words) -> Figures:
    """Return how figures of a scenario are told in a terminal, whose lines may break anywhere."""
    return Figures(words, scenario.currency, joined=False, months=scenario.money.counted_months)


def figures_for(scenario: Scenario, words: Words | None = None) -> Figures:
    """Return how figures of a scenario are told in ``words``, or in English text of a terminal if left out."""
    currency, months = scenario.currency, scenario.money.counted_months
    return Figures.plain(currency, months) if words is None else Figures(words, currency, months=months)
