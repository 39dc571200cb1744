"""A run of a result once more, with its event log: refused where it would be another run.

A run is repeated to the last event, since its luck is a function of its seed; only its log is new. That holds as
long as model, scenario and the files that it reads are what they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from wom_sim.results.folder import FolderError, ResultFolder
from wom_sim.scenario import Scenario
from wom_sim.words import Words

if TYPE_CHECKING:
    from wom_sim.simulation import Result


class CannotReplayError(FolderError):
    """A run cannot be repeated; ``say``: why, in a language, as part of a sentence."""

    def __init__(self, say: Callable[[Words], str]) -> None:
        self.say = say
        super().__init__(Words().say("replay.refused", why=say(Words())))


def check_same(found: ResultFolder) -> None:
    """Raise CannotReplayError where model, scenario or a file that it reads is not what it was."""
    from wom_sim.results.provenance import change_since

    change = change_since(found.run, found.scenario, found.path)
    if change is not None:
        raise CannotReplayError(change.say)


def run_again(scenario: Scenario, wanted: Sequence[tuple[str, int]], stored: pd.DataFrame | None) -> Iterator[Result]:
    """Yield the result of each (policy, replication), with its event log.

    ``stored``: the runs as they are kept, policy, replication and indicators; None if they are not.

    Raises
    ------
    CannotReplayError
        If a run does not give what is stored.
    ValueError
        If there is no such policy, or the world cannot be made.
    """
    from wom_sim.engines.compiled import Engine
    from wom_sim.simulation import build_world, policy_of, run_policy

    shared = Engine(build_world(scenario)) if scenario.run.same_world else None
    for policy, replication in wanted:
        engine = shared if shared is not None else Engine(build_world(scenario, replication))
        result = run_policy(scenario, policy_of(scenario, policy), engine.world, engine, replication, events=True)
        if stored is not None:
            _check_stored(result, stored)
        yield result


def _check_stored(result: Result, stored: pd.DataFrame) -> None:
    """Raise CannotReplayError where an indicator of a run is not what is stored of it."""
    rows = stored[(stored["policy"] == result.policy) & (stored["replication"] == result.replication)]
    for name, value in result.measured.items():
        if name in rows and len(rows):
            kept = float(rows[name].iloc[0])
            if kept != value and not (kept != kept and value != value):
                raise CannotReplayError(partial(_differs, result.policy, result.replication, name))


def _differs(policy: str, replication: int, name: str, words: Words) -> str:
    """Return in words that a run does not give what is stored."""
    return words.say("replay.differs", policy=words.policy(policy), replication=replication, name=name)
