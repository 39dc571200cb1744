"""What a run over worlds will take, before it starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from wom_sim.scenario import Scenario
from wom_sim.scenario.uncertain import DOUBT, EVIDENCE, LEARNED, PUBLIC, SCENARIO, held_fixed
from wom_sim.scenario.used import uses
from wom_sim.simulation import policies_of
from wom_sim.study.cost import NotEnoughMemoryError, Plan, plan
from wom_sim.study.keeper import COSTS
from wom_sim.study.worlds import Design
from wom_sim.study.worlds_drawn import posterior_as_data, said_of_posterior
from wom_sim.words import ENGLISH, Words

# Measured as the others in ``plan``; docs/DESIGN.md tells how.
_BYTES_A_COPY = 32.0
_SETTLE_SECONDS_A_PERSON = 8e-9
_JUDGE_SECONDS = (1e-4, 4e-4)
"""To judge, for each world, number drawn and choice (among all policies, and of each against keeping everyone)."""


_KINDS = (
    ("scenario", SCENARIO, True), ("doubt", DOUBT, False), ("past", LEARNED, False), ("cases", PUBLIC, False),
    ("evidence", EVIDENCE, True),
)  # fmt: skip
"""Why numbers are drawn, in the order in which it is told, and whether also where there are none of a kind."""


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


def plan_in_words(scenario: Scenario, found: Design, planned: Plan, worlds: int, words: Words = ENGLISH) -> str:
    """Return what will be done, in a few sentences."""
    say, why = words.say, Counter(doubt.origin for doubt in found.drawn)
    kinds = [
        say(f"compare.worlds.of_{kind}", n=why[origin]) for kind, origin, always in _KINDS if always or why[origin]
    ]
    text = say(
        "compare.worlds.plan", worlds=words.counted("world", worlds), numbers=words.counted("drawn", len(found.drawn)),
        kinds=", ".join(kinds), runs=words.counted("replication", scenario.run.replications),
        plan=planned.text(words),
    )  # fmt: skip
    if found.held:
        text += say("compare.worlds.held", names=", ".join(doubt.key for doubt in found.held))
    return " ".join([text, *_notes(scenario, found, words)])


def _notes(scenario: Scenario, found: Design, words: Words) -> Iterator[str]:
    """Yield what is to be known of ``worlds.posterior``, what is drawn for nothing, and what is given and not drawn."""
    yield from said_of_posterior(posterior_as_data(scenario), words)
    idle = [d.key for d in found.drawn if not any(uses(scenario, p, d.key) for p in policies_of(scenario))]
    if idle:
        yield words.say("compare.worlds.idle", names=", ".join(idle))
    fixed = held_fixed(scenario)
    if fixed:
        yield words.say("compare.worlds.fixed", names=", ".join(fixed))
