"""One run: scenario -> world -> treatments -> engine -> trace -> outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from wom_sim._notebook import Shown, ShowsItself
from wom_sim.outcomes.attribution import Traced, traced
from wom_sim.outcomes.attribution_tables import attribution_of_run
from wom_sim.outcomes.indicators import read_all
from wom_sim.outcomes.ledger import book_price_paid
from wom_sim.outcomes.ledger_tables import ledger_frame
from wom_sim.outcomes.origins import Media
from wom_sim.outcomes.own import every_in
from wom_sim.policies.hidden import LONGEST_RUN
from wom_sim.rules.leaving import MONTH
from wom_sim.rules.money import FOREVER
from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.simulation.building import build_world, luck_seed
from wom_sim.simulation.events import events_table
from wom_sim.simulation.full_size import acts_at_full_size, at_full_size
from wom_sim.simulation.measuring import measured_of, needs_events, without_log
from wom_sim.simulation.numbers import numbers_of
from wom_sim.simulation.orders import instead_of_these, orders_of
from wom_sim.simulation.policies import policy_of
from wom_sim.simulation.tables import daily_table
from wom_sim.simulation.treatments import treatments_of
from wom_sim.words import Words
from wom_sim.world import trace as tr
from wom_sim.world.listed import Listed
from wom_sim.world.luck import Purpose, uniform
from wom_sim.world.numbers import Numbers
from wom_sim.world.treatments import LEAK, NEWS_UNIT, STORY_UNIT, Treatments
from wom_sim.world.voices import VOICE_TYPE, Voices
from wom_sim.world.world import World


@dataclass(frozen=True)
class Result(ShowsItself):
    """One policy, once: its trace, and what came of it as pandas objects.

    ``listed``: which customer of the firm's own table each person is, where there is one and the events were kept.
    ``own``: what the indicators of other packages read, by name.
    """

    scenario: Scenario
    policy: str
    replication: int
    treatments: Treatments
    trace: tr.Trace
    listed: Listed | None = None
    own: Mapping[str, float] = field(default_factory=dict)

    def _shown(self) -> Shown:
        """Return every indicator in the words of its unit."""
        words, measured = Words("en"), self.measured
        rows = [
            [i.label, words.quantity(measured[i.name], i.unit, self.scenario.currency), i.unit]
            for i in every_in(measured)
        ]
        title = f"{self.scenario.name}: {self.policy}, replication {self.replication}"
        note = "One run, relative to keeping everyone: it says nothing about chance."
        return Shown(title, [note], ["indicator", "value", "unit"], rows)

    @property
    def indicators(self) -> pd.Series:
        """Return every indicator by name."""
        return pd.Series(self.measured, name=self.policy)

    @property
    def measured(self) -> dict[str, float]:
        """Return the same as a plain dictionary: ours, then those of other packages."""
        return read_all(self.trace, self.scenario.population.customers) | dict(self.own)

    @property
    def daily(self) -> pd.DataFrame:
        """Return the daily table; units are in ``wom_sim.world.trace.DAILY``, money is in currency."""
        return daily_table(self.trace)

    @property
    def events(self) -> pd.DataFrame:
        """Return the event log in canonical order, with names instead of codes; empty unless it was kept.

        Where a person stands for several, an event and its amount are those of one simulated person. ``customer``,
        where the firm's own table is simulated, is the id there of the person; empty of prospects and outlets.
        """
        return events_table(self.trace.events(), self.listed)

    @property
    def ledger(self) -> pd.Series:
        """Return the ledger by line in currency, positive where it is good for the firm."""
        lines = self.trace.book.ledger.sum(axis=(0, 1)) / 100.0
        return pd.Series(lines, index=list(tr.LEDGER_NAMES), name=self.policy)

    def traced(self) -> Traced:
        """Return every act traced to its origins. Raises ValueError unless the event log was kept."""
        return traced_of(self)

    @property
    def attribution(self) -> pd.DataFrame:
        """Return where departures, joins lost and calls come from, by effect, dimension and value."""
        return attribution_of_run(self.traced(), [o.name for o in self.scenario.media.outlets])

    @property
    def ledger_table(self) -> pd.DataFrame:
        """Return segment, month, line and amount of the ledger (currency), without what is zero."""
        return ledger_frame(self.trace.book.ledger, [s.name for s in self.scenario.population.segments])


def traced_of(result: Result) -> Traced:
    """Return every act of a run traced to its origins.

    Raises
    ------
    ValueError
        If the event log was not kept.
    """
    book = result.trace.book
    if len(book.log) == 0:
        raise ValueError("events: given none, needed to trace who told whom (events=True)")
    numbers = numbers_of(result.scenario, policy_of(result.scenario, result.policy), (0.0, 1.0))
    media = Media(numbers.buzz_half_life, numbers.response_news if numbers.response_after > 0 else 1.0)
    return acts_at_full_size(traced(book.log[: int(book.used[0])], media), result.scenario.run.represents)


def run_policy(
    scenario: Scenario, policy: Policy, world: World, engine: Any, replication: int, *, events: bool = False
) -> Result:
    """Return the result of one policy in one replication on a world that stands.

    ``engine`` is a compiled ``Engine`` of that world, or the string "reference".

    Raises
    ------
    ValueError
        If a policy or an indicator of another package cannot be used.
    """
    kept = events or needs_events(scenario)
    numbers, treatments, seed, more = prepared(scenario, policy, world, replication)
    more["events"] = kept
    if engine == "reference":
        from wom_sim.engines.reference import Market

        trace = Market(world, numbers, treatments, seed=seed, **more).run().result()
    else:
        trace = engine.run(numbers, treatments, seed, **more)
    treatments = treatments if trace.done is None else trace.done
    trace = at_full_size(book_price_paid(trace, treatments, world, numbers, seed), scenario.run.represents)
    own = measured_of(scenario, policy.name, replication, trace, world.listed)
    trace = trace if events or not kept else without_log(trace)
    return Result(scenario, policy.name, replication, treatments, trace, world.listed if events else None, own)


def prepared(
    scenario: Scenario, policy: Policy, world: World, replication: int
) -> tuple[Numbers, Treatments, int, dict[str, Any]]:
    """Return what an engine runs on a world: numbers, treatments, luck seed; people of note and orders by keyword."""
    seed = luck_seed(scenario, replication)
    numbers = numbers_of(scenario, policy, world.newcomer)
    treatments = treatments_of(scenario, policy, world, seed)
    numbers = announced(begun(numbers, treatments, scenario.run.time_after), policy, treatments)
    voices, orders = voices_of(scenario, len(world.people), treatments, seed), orders_of(scenario, policy, treatments)
    instead = instead_of_these(scenario, policy, world, seed, treatments)
    return numbers, treatments, seed, {"voices": voices, "orders": orders, "instead": instead}


def begun(numbers: Numbers, treatments: Treatments, days_after: int) -> Numbers:
    """Return the numbers of a policy's run: how long it is, from when people are observed, and to where money counts.

    It goes on ``days_after`` days from the beginning of the month of the last act, so that a programme that starts
    late, or takes long, has no scandal for free. People are observed up to the month of the first act. The horizon
    begins there, and goes at least to the last whole month of the run.
    """
    if not len(treatments):
        return numbers
    days = lasts(numbers.days, treatments, days_after)
    month = int(treatments["day_told"].min()) // MONTH
    end = numbers.end_month
    if end != FOREVER:
        end = max(end + month, days // MONTH)
    return numbers._replace(days=days, observed_from=month, end_month=end)


def announced(numbers: Numbers, policy: Policy, treatments: Treatments) -> Numbers:
    """Return the numbers of a policy's run with the day on which the firm goes to the press, and what it says there."""
    if policy.announce is None or not len(treatments):
        return numbers
    day = max(0, int(treatments["day_told"].min()) + policy.announce.shift)
    story = treatments["story"][~treatments["praise"]]
    worst = int(story.max()) if len(story) else 0
    return numbers._replace(
        announced_on=day + 1 if worst else 0,
        announced_chance=policy.announce.chance,
        announced_story=min(STORY_UNIT, round(policy.announce.own_words * worst)),
    )


def voices_of(scenario: Scenario, people: int, treatments: Treatments, seed: int) -> Voices:
    """Return the people of note of a run: among those on whom the firm acts, by luck, or among all ``people``.

    None where the firm acts on nobody. Two of them are two people, as long as there are so many.
    """
    notes = scenario.people_of_note
    voices = np.zeros(len(notes) if len(treatments) else 0, dtype=VOICE_TYPE)
    taken: set[int] = set()
    there = np.ones(len(voices), dtype=bool)
    for v, note in enumerate(notes[: len(voices)]):
        told = note.chosen and not note.employee
        size = len(treatments) if told else people
        where = uniform(np.uint64(seed), int(Purpose.OF_NOTE), v, 0, 0)
        place, tried = int(where * size), 0
        who = int(treatments["person"][place]) if told else place
        while who in taken and tried < size:
            place, tried = (place + 1) % size, tried + 1
            who = int(treatments["person"][place]) if told else place
        taken.add(who)
        proof = 1.0 if note.proof is None and note.employee else note.proof
        news = -1 if proof is None else round(NEWS_UNIT * proof)
        voices[v] = (who, note.audience, note.standing, note.after_days, told, news)
        luck = uniform(np.uint64(seed), int(Purpose.IS_THERE), v, 0, 0)
        there[v] = luck < note.chance
    return voices[there]


def lasts(days: int, treatments: Treatments, after: int) -> int:
    """Return how many days a run takes, at least ``days``: until what is done, or comes out within it, had its time.

    To end something that lasts some days only, as when somebody has service again, is an act as well.
    """
    told, leaks = treatments["day_told"] + treatments["lasts"], treatments["action"] == LEAK
    days = _with_time(days, told[~leaks] if leaks.any() else told, after)
    return _with_time(days, told[leaks & (told < days)], after)


def _with_time(days: int, told: np.ndarray, after: int) -> int:
    last = int(told.max()) // MONTH * MONTH if len(told) else 0
    return max(days, min(LONGEST_RUN, last + after))


def simulate(
    scenario: Scenario,
    policy: str,
    *,
    replication: int = 0,
    engine: str = "compiled",
    events: bool = True,
    world: World | None = None,
) -> Result:
    """Run one policy of a scenario once.

    Parameters
    ----------
    scenario : Scenario
        From ``load_scenario``.
    policy : str
        Name of one of its policies, or ``keep``.
    replication : int
        Which luck; 0 is the first.
    engine : {"compiled", "reference"}
        Both give the same result.
    events : bool
        Whether the event log is kept.
    world : World, optional
        From ``build_world``; built if left out.

    Raises
    ------
    ValueError
        If the policy or the engine is unknown, or the world cannot be made.
    """
    if engine not in ("compiled", "reference"):
        raise ValueError(f"engine: given {engine!r}, allowed: compiled, reference")
    chosen = policy_of(scenario, policy)
    stands = build_world(scenario, replication) if world is None else world
    if engine == "compiled":
        from wom_sim.engines.compiled import Engine

        return run_policy(scenario, chosen, stands, Engine(stands), replication, events=events)
    return run_policy(scenario, chosen, stands, engine, replication, events=events)
