"""What moves a firm to change what it does: triggers of an adaptive policy."""

from __future__ import annotations

import math

from wom_sim._compile import near_rule as rule

BUZZ_ABOVE, BUZZ_BELOW, NATIONAL_REPORT, PEOPLE_TOLD, CALLS, DAYS, COMPLAINTS = range(7)
"""Triggers, by number; see ``policies.when``."""
PAUSE, GO_ON, STOP, RESPOND, REINSTATE, CHANGE = range(6)
"""What is done then; ``CHANGE``: whoever is told from now on is paid more, or told by another way."""


@rule
def days_until_obeyed(days: int, spread: float, z: float) -> int:
    """Return how many days pass from what a firm sees to what it does: ``days`` in the middle, log-normal.

    ``z`` is normal; ``spread`` 0: always so many. Source: 17 retreats: median 11 days, spread 1.4 (C).

    >>> days_until_obeyed(11, 0.0, 2.0), days_until_obeyed(11, 1.4, 0.0), days_until_obeyed(11, 1.4, 1.0)
    (11, 11, 44)
    """
    if spread <= 0.0:
        return days
    return int(min(days * math.exp(spread * z), 36500.0))


@rule
def is_met(trigger: int, limit: float, seen: tuple[float, float, float, float, float, float]) -> bool:
    """Return whether a firm sees this morning what it waits for.

    ``seen`` is (buzz of yesterday in posts, whether there is a national report, people told so far, calls that these
    and those who heard of it have made, days since the first was told or -1, formal complaints until yesterday that
    still count). Source: firms paused, explained and gave in on what they saw in the press (17 retreats; C).

    >>> seen = (6.0, 0.0, 10.0, 2.0, 4.0, 1.0)
    >>> is_met(BUZZ_ABOVE, 5.0, seen), is_met(PEOPLE_TOLD, 20.0, seen), is_met(COMPLAINTS, 1.0, seen)
    (True, False, True)
    """
    if trigger == BUZZ_ABOVE:
        return seen[0] > limit
    if trigger == BUZZ_BELOW:
        return seen[0] < limit
    if trigger == NATIONAL_REPORT:
        return seen[1] > 0.0
    if trigger == PEOPLE_TOLD:
        return seen[2] >= limit
    if trigger in (CALLS, COMPLAINTS):
        return (seen[3] if trigger == CALLS else seen[5]) >= limit
    return seen[4] >= 0.0 and seen[4] >= limit
