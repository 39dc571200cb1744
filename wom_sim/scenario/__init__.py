"""What a scenario file may say, how it is read, and what is said when it is wrong.

Public names are imported on first use, so that ``wom-sim --help`` need not wait for pydantic.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wom_sim.scenario.errors import Fault, ScenarioError
    from wom_sim.scenario.json_schema import schema
    from wom_sim.scenario.listing import Parameter, parameters
    from wom_sim.scenario.loading import load_scenario
    from wom_sim.scenario.models import Scenario
    from wom_sim.scenario.writing import fingerprint, to_toml

__all__ = [
    "Fault",
    "Parameter",
    "Scenario",
    "ScenarioError",
    "fingerprint",
    "load_scenario",
    "parameters",
    "schema",
    "to_toml",
]

_HOME = {
    "Fault": "errors",
    "Parameter": "listing",
    "Scenario": "models",
    "ScenarioError": "errors",
    "fingerprint": "writing",
    "load_scenario": "loading",
    "parameters": "listing",
    "schema": "json_schema",
    "to_toml": "writing",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return list(__all__)
