"""Many runs: what they will cost, their execution, their results on disk."""

from __future__ import annotations

from wom_sim.study.compare import Comparison, compare

__all__ = ["Comparison", "compare"]
