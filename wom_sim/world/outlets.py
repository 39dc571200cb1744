"""The media, as rows that a compiled kernel can take."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim.world.records import record_type

OUTLET_TYPE = record_type(
    [
        ("threshold", np.float64), ("reach", np.float64), ("half_life", np.float64), ("lag", np.int64),
        ("national", np.bool_), ("cost_per_dismissal", np.float64), ("tone", np.float64), ("sides", np.float64),
        ("revises_after", np.int64), ("tone_after", np.float64), ("sides_after", np.float64),
        ("acts_after_news", np.float64), ("acts_from", np.int64), ("acts_to", np.int64), ("acts_a_year", np.float64),
        ("complaints_level", np.float64), ("case_fee", np.float64), ("cases_free", np.int64),
        ("settlement", np.float64), ("settles_after", np.int64), ("spread", np.int64), ("imitation", np.float64),
    ]
)  # fmt: skip
"""Pick-up threshold (posts of buzz), reach (share of people on the first day), half-life and lag (days), whether it
is national, and what its intervention costs for each customer dismissed (currency).

``tone`` is a factor on the severity of the story as it tells it, ``sides`` the chance that who has it from there sides
with the firm (negative: the usual one). ``revises_after`` days of coverage (0: never) it changes its mind: tone and
siding are then those named ``after``, and its coverage starts anew. ``acts_after_news``: an authority, which acts with
this chance ``acts_from`` to ``acts_to`` days after the first national report, and with the chance ``acts_a_year``
without one, whatever its threshold (negative: by its threshold, as the press). ``complaints_level`` formal complaints
move it with 63 % (0: they do not). ``case_fee`` is what it charges for each formal complaint but the first
``cases_free`` of a year; ``settlement`` what is paid ``settles_after`` days after it has begun to act (currency).
``spread`` is how its reach grows with the share of people who have heard, by ``imitation`` (a day); see
``wom_sim.rules.spreading``.
"""

Outlets = NDArray[np.void]
"""An array of ``OUTLET_TYPE``, a row an outlet."""

REPORTS = {
    "tone": 1.0, "sides": -1.0, "revises_after": 0, "tone_after": 1.0, "sides_after": -1.0, "acts_after_news": -1.0,
}  # fmt: skip
"""What an outlet does that only reports."""


def outlets_from(rows: list[dict[str, float]]) -> Outlets:
    """Return outlets from a dictionary each; what is left out of the views is that of one that only reports."""
    out = np.zeros(len(rows), dtype=OUTLET_TYPE)
    for k, row in enumerate(rows):
        for name, value in (REPORTS | row).items():
            out[name][k] = value
    return out
