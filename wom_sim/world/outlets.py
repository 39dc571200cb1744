"""The media, as rows that a compiled kernel can take."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim.world.records import record_type

OUTLET_TYPE = record_type(
    [
        ("threshold", np.float64), ("reach", np.float64), ("half_life", np.float64), ("lag", np.int64),
        ("national", np.bool_), ("cost_per_dismissal", np.float64),
    ]
)  # fmt: skip
"""Pick-up threshold (posts of buzz), reach (share of people on the first day), half-life and lag (days), whether it
is national, and what its intervention costs for each customer dismissed (currency)."""

Outlets = NDArray[np.void]
"""An array of ``OUTLET_TYPE``, a row an outlet."""
