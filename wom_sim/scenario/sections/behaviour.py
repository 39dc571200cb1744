"""``[behaviour]``: how people behave, every default of the model with its source and grade, a table a file.

A scenario overrides only what is particular to it. Calibrated defaults say so; docs/DESIGN.md tells how.
"""

from __future__ import annotations

from wom_sim.scenario.fields import Section
from wom_sim.scenario.sections.calling import Calling
from wom_sim.scenario.sections.complaining import Complaining
from wom_sim.scenario.sections.fairness import Fairness
from wom_sim.scenario.sections.hearing import Hearing
from wom_sim.scenario.sections.leaving import Leaving
from wom_sim.scenario.sections.responding import Responding
from wom_sim.scenario.sections.steps import Steps
from wom_sim.scenario.sections.talking import Talking


class Behaviour(Section):
    """How people behave."""

    fairness: Fairness = Fairness()
    talking: Talking = Talking()
    hearing: Hearing = Hearing()
    leaving: Leaving = Leaving()
    responding: Responding = Responding()
    calling: Calling = Calling()
    complaining: Complaining = Complaining()
    steps: Steps = Steps()
