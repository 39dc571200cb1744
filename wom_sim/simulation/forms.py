"""Rival forms of word of mouth and of leaving, in the engines' terms (``wom_sim.rules.spreading``, ``leaving``)."""

from __future__ import annotations

from wom_sim.rules import leaving as hazards
from wom_sim.rules import spreading
from wom_sim.scenario.sections.leaving import Leaving
from wom_sim.scenario.sections.talking import Talking

SPREADS = ("constant", "linear", "competing")
"""Forms of an outlet's reach, by their numbers in ``wom_sim.rules.spreading``."""


def form_numbers(talking: Talking, leaving: Leaving) -> dict[str, float]:
    """Return which forms hold, and their numbers; those of a form that does not hold are nought."""
    threshold, geometric = talking.retelling == "threshold", talking.duration == "geometric"
    added = leaving.form == "additive"
    known: dict[str, float] = {
        "retelling": spreading.THRESHOLD if threshold else spreading.EXPOSURE,
        "threshold": talking.threshold if threshold else 0.0,
        "threshold_spread": talking.threshold_spread if threshold else 0.0,
        "duration": spreading.GEOMETRIC if geometric else spreading.FIXED,
        "talk_mean_days": talking.talk_mean_days if geometric else 1.0,
        "stopping": spreading.BOTH if talking.stopping == "both" else spreading.TELLER,
        "hazard_form": hazards.ADDITIVE if added else hazards.PROPORTIONAL,
        "reference_churn": leaving.reference_churn if added else 0.0,
    }
    return known if leaving.departures == "contagion" else known | {"chi": 0.0}
