"""What a result rests on that nobody has measured: numbers graded C, and which of them carries the loss."""

from __future__ import annotations

import re
from typing import NamedTuple

from wom_sim.scenario import Parameter, Scenario, parameters
from wom_sim.simulation import levers_of

_NATURE = ("population.", "network.", "media.", "behaviour.", "money.")
_ACTIONS = {
    "bulk_letter": ("dismiss",),
    "case_by_case": ("dismiss",),
    "paid_exit": ("offer", "dismiss"),
    "downgrade": ("downgrade", "downgraded"),
    "nudge": ("nudge", "nudged"),
    "reprice": ("reprice", "to_price"),
    "transfer": ("transfer",),
    "cap_credits": ("cap_credits", "credits_capped"),
    "fix_root_cause": ("fix_root_cause", "repaired"),
    "guarantee": ("guarantee", "guaranteed", "guarantee_share"),
}
_CHANNELS = ("letter", "email", "text", "phone", "personal")
_BY_CHANNEL = ("behaviour.fairness.channel.", "media.channel_news.", "money.handling.")


class Assumptions(NamedTuple):
    """Numbers about people, ties, media and money that are estimates (grade C) or mere assumptions."""

    estimates: int
    assumptions: int
    by_key: dict[str, Parameter]


def assumptions_of(scenario: Scenario) -> Assumptions:
    """Return the numbers that a scenario's result rests on and nobody has measured.

    What is about actions and channels that no policy of it uses is left out.
    """
    idle = _idle(scenario)
    resting = [p for p in parameters() if p.key.startswith(_NATURE) and not _is_idle(p.key, idle)]
    graded_c = [p for p in resting if is_estimate(p.grade)]
    assumed = [p for p in resting if not is_estimate(p.grade) and p.grade.startswith("Assumption")]
    return Assumptions(len(graded_c), len(assumed), {p.key: p for p in resting})


def is_estimate(grade: str) -> bool:
    """Return whether a grade has a C: ``C``, ``A/C``, ``C, calibrated``."""
    return re.search(r"\bC\b", grade) is not None


def _idle(scenario: Scenario) -> tuple[set[str], set[str]]:
    """Return the actions and the channels that no policy uses."""
    steps = [step for p in scenario.policies for step in (p, p.then) if step is not None]
    if any(step.use not in {*_ACTIONS, "keep"} for step in steps):  # of another package: it may do anything
        return set(), set()
    done = {action for step in steps for action in _ACTIONS.get(step.use, ())}
    channels = {levers_of(scenario, step).channel for step in steps if step.use != "keep"}
    return {a for actions in _ACTIONS.values() for a in actions} - done, set(_CHANNELS) - channels


def _is_idle(key: str, idle: tuple[set[str], set[str]]) -> bool:
    actions, channels = idle
    last = key.rpartition(".")[2].removeprefix("agree_to_")
    if key.startswith(_BY_CHANNEL):
        return last in channels
    return last in actions or f"to_{last}" in actions
