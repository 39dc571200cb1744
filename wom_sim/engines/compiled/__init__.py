"""The compiled engine: events and frontiers; only the people whom the story reaches; made to be fast."""

from wom_sim.engines.compiled.engine import Engine, warm

__all__ = ["Engine", "warm"]
