"""One run of one policy: building the world, translating the scenario, running, and the run's tables.

A name is imported on first use: what only reads a scenario or its policies loads no compiler.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wom_sim.simulation.building import (
        build_people,
        build_world,
        census_of,
        luck_seed,
        mean_value,
        outlets_of,
        segments_of,
        settle_groups,
        settled,
        world_seed,
    )
    from wom_sim.simulation.events import events_log, events_table, has_ledger_lines
    from wom_sim.simulation.full_size import acts_at_full_size, at_full_size
    from wom_sim.simulation.levers import levers_of
    from wom_sim.simulation.measuring import needs_events, own_indicators
    from wom_sim.simulation.numbers import monthly_discount, numbers_of
    from wom_sim.simulation.policies import KEEP, policies_of, policy_of
    from wom_sim.simulation.running import Result, run_policy, simulate, traced_of
    from wom_sim.simulation.scores import scores_of
    from wom_sim.simulation.tables import daily_columns, daily_table
    from wom_sim.simulation.treatments import treatments_of

_FILES = {
    "building": (
        "build_people", "build_world", "census_of", "luck_seed", "mean_value", "outlets_of", "segments_of",
        "settle_groups", "settled", "world_seed",
    ),
    "events": ("events_log", "events_table", "has_ledger_lines"),
    "full_size": ("acts_at_full_size", "at_full_size"),
    "levers": ("levers_of",),
    "measuring": ("needs_events", "own_indicators"),
    "numbers": ("monthly_discount", "numbers_of"),
    "policies": ("KEEP", "policies_of", "policy_of"),
    "running": ("Result", "run_policy", "simulate", "traced_of"),
    "scores": ("scores_of",),
    "tables": ("daily_columns", "daily_table"),
    "treatments": ("treatments_of",),
}
_FILE_OF = {name: file for file, names in _FILES.items() for name in names}

__all__ = [
    "KEEP", "Result", "acts_at_full_size", "at_full_size", "build_people", "build_world", "census_of", "daily_columns",
    "daily_table",
    "events_log", "events_table", "has_ledger_lines", "levers_of", "luck_seed", "mean_value", "monthly_discount",
    "needs_events",
    "numbers_of", "outlets_of", "own_indicators",
    "policies_of", "policy_of", "run_policy", "scores_of", "segments_of", "settle_groups", "settled", "simulate",
    "traced_of", "treatments_of", "world_seed",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a name when it is first asked for."""
    if name in _FILE_OF:
        return getattr(import_module(f"wom_sim.simulation.{_FILE_OF[name]}"), name)
    raise AttributeError(f"module 'wom_sim.simulation' has no attribute {name!r}")
