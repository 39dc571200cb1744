"""People of note: who has an audience and a standing of their own, and when they speak."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim.world.records import record_type

VOICE_TYPE = record_type(
    [
        ("person", np.uint32), ("audience", np.uint32), ("standing", np.float64), ("after", np.int32),
        ("told", np.bool_), ("news", np.int32),
    ]
)  # fmt: skip
"""``audience`` is how many read what they write, ``standing`` a factor on how newsworthy it is. They speak ``after``
days (at least 1): after the firm told them (``told``), or after it told the first customer, if they only comment.
``news`` is the newsworthiness of what they can show themselves, in 1/256; -1: that of what the firm put in their
hands, or in any."""

Voices = NDArray[np.void]
"""An array of ``VOICE_TYPE``, a row for each person of note."""

VOICE_CODE = 2047
"""Code of what a person of note writes, so that it has readers of its own."""


def no_voices() -> Voices:
    """Return that there is nobody of note."""
    return np.zeros(0, dtype=VOICE_TYPE)
