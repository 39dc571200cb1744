"""wom_sim: what each way of letting customers go does to the profitable ones who hear of it.

Public names are imported on first use, so that ``import wom_sim`` is instant.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "Scenario": "wom_sim.scenario",
    "ScenarioError": "wom_sim.scenario",
    "load_scenario": "wom_sim.scenario",
    "simulate": "wom_sim.simulation",
    "build_world": "wom_sim.simulation",
    "compare": "wom_sim.study.compare",
    "compare_worlds": "wom_sim.study.compare_worlds",
    "load_study": "wom_sim.study.loading",
    "sweep": "wom_sim.study.sweep",
    "Market": "wom_sim.engines.reference",
    "MarketModel": "wom_sim.simulation.market_model",
    "read_results": "wom_sim.present.publish",
    "write_report": "wom_sim.present.publish",
    "write_deck": "wom_sim.present.publish",
}
__all__ = ["__version__", *sorted(_PUBLIC)]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'wom_sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
