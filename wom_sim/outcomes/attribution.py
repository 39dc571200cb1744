"""Where departures, lost joins and calls come from: every act traced through who told whom to its origin.

An *act* is a departure, a departure prevented, a join lost or gained, of people on whom the firm did not act, or an
extra call. It is traced by the event log alone: the act names by whom its person first heard; they heard from somebody
in turn; so up to someone on whom the firm acted, or to an outlet. An outlet is traced to the posts that made its buzz,
each by what it still weighed on the day of the pick-up. A departure that the departures of ties tipped is traced
through those ties, each by its weight. So an act has one origin, or several with shares, which sum to one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim.outcomes.acts import Acts, acts_of
from wom_sim.outcomes.doses import Doses, doses_of
from wom_sim.outcomes.origins import Coverage, Media, Origins, chains_of, coverage_of, hearings_of
from wom_sim.outcomes.tie_origins import with_ties


class Traced(NamedTuple):
    """Everything traced: acts, their origins, those of each outlet, and the doses behind acts."""

    acts: Acts
    origins: Origins
    coverage: dict[int, Coverage]
    doses: Doses


def traced(log: NDArray[np.void], media: Media) -> Traced:
    """Trace every act of an event log (in any order) to its origins."""
    acts = acts_of(log)
    hearings = hearings_of(log, acts)
    direct = chains_of(hearings, acts.source, acts.day, acts.person)
    coverage = coverage_of(log, hearings, media)
    origins = with_ties(log, acts, direct)
    return Traced(acts, origins, coverage, doses_of(log, acts))
