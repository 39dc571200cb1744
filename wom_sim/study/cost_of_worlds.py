"""What a run over worlds will take, before it starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from wom_sim.scenario import Scenario
from wom_sim.scenario.uncertain import DOUBT, EVIDENCE, LEARNED, PUBLIC, SCENARIO, held_fixed
from wom_sim.scenario.used import uses
from wom_sim.simulation import policies_of
from wom_sim.study.cost import NotEnoughMemoryError, Plan, counted, plan
from wom_sim.study.keeper import COSTS
from wom_sim.study.worlds import Design
from wom_sim.study.worlds_drawn import posterior_as_data, said_of_posterior
from wom_sim.words import Words

# Measured as the others in ``plan``; docs/DESIGN.md tells how.
_BYTES_A_COPY = 32.0
_SETTLE_SECONDS_A_PERSON = 8e-9
_JUDGE_SECONDS = (1e-4, 4e-4)
"""To judge, for each world, number drawn and choice (among all policies, and of each against keeping everyone)."""


def plan_worlds(scenario: Scenario, found: Design, worlds: int, workers: int | None = None) -> Plan:
    """Return the plan of ``worlds`` worlds; fewer at a time are taken where memory is short.

    Raises
    ------
    NotEnoughMemoryError
        If not even one at a time fits.
    """
    runs = scenario.run.model_copy(update={"replications": scenario.run.replications * worlds})
    base = plan(scenario.model_copy(update={"run": runs}), "compiled", workers)
    people = base.people
    at_once = min(base.workers, worlds)
    copy = people * _BYTES_A_COPY if any(doubt.key in COSTS for doubt in found.drawn) else 0.0
    while at_once > 1 and workers is None and base.bytes + (at_once - 1) * copy > base.available:
        at_once -= 1
    needed = base.bytes + (at_once - 1) * copy
    if needed > base.available:
        raise NotEnoughMemoryError(
            f"not enough memory: {needed / 2**30:.1f} GiB needed, {base.available / 2**30:.1f} GiB available; "
            f"try --workers 1"
        )
    settling = worlds * people * _SETTLE_SECONDS_A_PERSON / at_once
    policies = len(policies_of(scenario))
    judged = worlds * len(found.drawn) * (policies if policies > 2 else 1)
    low, high = (
        seconds * base.workers / at_once + settling + judged * judging
        for seconds, judging in zip(base.seconds, _JUDGE_SECONDS, strict=True)
    )
    return replace(base, workers=at_once, bytes=needed, seconds=(low, high))


def plan_in_words(scenario: Scenario, found: Design, planned: Plan, worlds: int) -> str:
    """Return what will be done, in a few sentences."""
    why = Counter(doubt.origin for doubt in found.drawn)
    taught = f"{why[LEARNED]} as the past taught, " if why[LEARNED] else ""
    taught += f"{why[PUBLIC]} jointly as real cases taught, " if why[PUBLIC] else ""
    doubted = f"{why[DOUBT]} that it states and doubts, " if why[DOUBT] else ""
    runs = f"{counted(scenario.run.replications, 'replication')} of each policy"
    text = (
        f"{counted(worlds, 'world')}, in which {counted(len(found.drawn), 'number is', 'numbers are')} drawn "
        f"({why[SCENARIO]} as the scenario has them, {doubted}{taught}{why[EVIDENCE]} weakly known ones over their "
        f"plausible range); {runs} in each. {planned.text()}"
    )
    if found.held:
        names = ", ".join(doubt.key for doubt in found.held)
        text += (
            f" People and ties are the same in every world, so these stay as they are: {names} "
            f"(run.same_world = false draws them too, and builds people and ties for every world)."
        )
    return " ".join([text, *_notes(scenario, found)])


def _notes(scenario: Scenario, found: Design) -> Iterator[str]:
    """Yield what is to be known of ``worlds.posterior``, what is drawn for nothing, and what is given and not drawn."""
    yield from said_of_posterior(posterior_as_data(scenario), Words())
    idle = [d.key for d in found.drawn if not any(uses(scenario, p, d.key) for p in policies_of(scenario))]
    if idle:
        yield f"Drawn, but used by no policy of this scenario, so that it changes nothing: {', '.join(idle)}."
    fixed = held_fixed(scenario)
    if fixed:
        yield f"Given as a distribution, but not drawn, because worlds.fixed names it: {', '.join(fixed)}."
