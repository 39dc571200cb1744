"""What an address of the page says: a scenario to begin with, and what was changed in it, as ``--set`` takes it.

So the address is the whole state: it can be kept, sent to a colleague and gone back to, and the command that gives the
same figures follows from it.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from wom_sim.scenario.errors import Fault, ScenarioError, visible
from wom_sim.words import EVERY

if TYPE_CHECKING:
    from wom_sim.scenario import Scenario

RUNS = 20
"""Runs of each policy, where the address does not say otherwise."""
MOST_RUNS = 2_000
MOST_CHANGES, LONGEST_CHANGE = 200, 20_000


@dataclass(frozen=True)
class State:
    """``base``: a name of ``Folder.scenarios``; ``changes``: KEY=VALUE in the order in which they are laid on top."""

    base: str
    changes: tuple[str, ...] = ()
    runs: int = RUNS
    lang: str = "en"

    def query(self) -> str:
        """Return it as the query of an address."""
        asked: list[tuple[str, str]] = [("base", self.base), *(("set", change) for change in self.changes)]
        asked += [("runs", str(self.runs))] if self.runs != RUNS else []
        return urlencode([*asked, ("lang", self.lang)])

    def changed(self, key: str, value: str | None) -> State:
        """Return it with another value of a key, or as it was before where the value is None."""
        kept = [change for change in self.changes if change.partition("=")[0] != key]
        return replace(self, changes=tuple(kept if value is None else [*kept, f"{key}={value}"]))

    def command(self, file: str) -> str:
        """Return the command that gives the figures of this state."""
        parts = ["wom-sim", "compare", file, "--replications", str(self.runs)]
        for change in self.changes:
            parts += ["--set", change]
        return shlex.join([*parts, "--out", "results/what_if"])


def state_of(given: Any) -> State:
    """Return the state that plain data describe.

    Raises
    ------
    ScenarioError
        If something in it is no text or number, or too long.
    """
    if not isinstance(given, Mapping):
        raise _fault("state", str(given)[:80], "base, set, runs, lang")
    base, changes = given.get("base", ""), given.get("set", [])
    runs, lang = given.get("runs", RUNS), given.get("lang", "en")
    if not isinstance(base, str) or not 0 < len(base) <= 200:
        raise _fault("base", str(base)[:80], "the name of a scenario")
    if not isinstance(changes, list) or not all(isinstance(change, str) for change in changes):
        raise _fault("set", str(changes)[:80], "a list of KEY=VALUE")
    if len(changes) > MOST_CHANGES or any(len(change) > LONGEST_CHANGE for change in changes):
        raise _fault("set", f"{len(changes)} changes", f"at most {MOST_CHANGES}, of {LONGEST_CHANGE:,} signs each")
    if isinstance(runs, bool) or not isinstance(runs, int) or not 1 <= runs <= MOST_RUNS:
        raise _fault("runs", str(runs)[:80], f"a whole number from 1 to {MOST_RUNS:,}")
    if lang not in EVERY:
        raise _fault("lang", str(lang)[:80], "en, nl")
    return State(base, tuple(changes), runs, lang)


def state_in(query: Sequence[tuple[str, str]]) -> State:
    """Return the state of an address, from the pairs of its query. Raises ScenarioError."""
    given: dict[str, Any] = {"set": [value for name, value in query if name == "set"]}
    given |= {name: value for name, value in query if name in ("base", "lang")}
    runs = next((value for name, value in query if name == "runs"), str(RUNS))
    return state_of({**given, "runs": int(runs) if runs.isascii() and runs.isdigit() and len(runs) < 7 else runs})


def loaded(state: State, file: str) -> Scenario:
    """Return the scenario of a state; ``file`` is where its base lies. Raises ScenarioError with all the faults."""
    from wom_sim.scenario import load_scenario

    return load_scenario(file, [*state.changes, f"run.replications={state.runs}"])


def key_of(scenario: Scenario) -> str:
    """Return what stands for the runs of a scenario, however many: by what it says, its files and the model."""
    from wom_sim.results.version import model_version
    from wom_sim.scenario import fingerprint

    one = scenario.model_copy(update={"run": scenario.run.model_copy(update={"replications": 1})})
    return hashlib.sha256(f"{fingerprint(one)} {model_version()}".encode()).hexdigest()[:20]


def _fault(key: str, given: str, allowed: str) -> ScenarioError:
    return ScenarioError([Fault("address", key=key, given=repr(visible(given)), allowed=allowed)])


def plain_faults(error: ScenarioError, folder: Path) -> list[dict[str, str]]:
    """Return faults in the words of ``validate``, without the place of the folder on this computer."""
    return [{"key": fault.key, "text": str(fault).replace(f"{folder}/", "")} for fault in error.faults[:50]]
