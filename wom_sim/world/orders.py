"""What an adaptive policy does when: orders that both engines obey."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim.world.records import record_type

ORDER_TYPE = record_type(
    [
        ("trigger", np.int64), ("limit", np.float64), ("after", np.int64), ("chance", np.float64),
        ("action", np.int64), ("severity", np.float64), ("news", np.float64), ("cost", np.float64),
        ("spread", np.float64), ("instead", np.int64),
    ]
)  # fmt: skip
"""``trigger`` and ``action`` are numbered in ``wom_sim.rules.steering``; ``after`` days from what is seen to what is
done, which is done with a ``chance``; a response brings factors on the ``severity`` of the story and on how newsworthy
posts are, at a ``cost`` in currency. Each order is obeyed once. ``spread`` is that of the logarithm of the days
(0: always so many); ``instead`` says which of the tables that stand in for the treatments holds from then on, 1 the
first, 0 none; these are as long as the treatments, row by row for the same people, and stand one after another."""

Orders = NDArray[np.void]
"""An array of ``ORDER_TYPE``, in the order in which they are obeyed on one day."""

WAITS, DONE = -1, -2
"""States of an order that is not yet due."""


def no_orders() -> Orders:
    """Return that there is nothing to obey."""
    return np.zeros(0, dtype=ORDER_TYPE)
