"""What moves a firm to change what it does: triggers of an adaptive policy."""

from __future__ import annotations

from wom_sim._compile import small_rule as rule

BUZZ_ABOVE, BUZZ_BELOW, NATIONAL_REPORT, PEOPLE_TOLD, CALLS, DAYS = range(6)
"""Triggers, by number; see ``policies.when``."""
PAUSE, GO_ON, STOP, RESPOND, REINSTATE = range(5)
"""What is done then."""


@rule
def is_met(trigger: int, limit: float, seen: tuple[float, float, float, float, float]) -> bool:
    """Return whether a firm sees this morning what it waits for.

    ``seen`` is (buzz of yesterday in posts, whether there is a national report, people told so far, calls that these
    and those who heard of it have made, days since the first was told or -1). Source: firms paused, explained and gave
    in on what they saw in the press (17 retreats; C).

    >>> is_met(BUZZ_ABOVE, 5.0, (6.0, 0.0, 10.0, 2.0, 4.0)), is_met(PEOPLE_TOLD, 20.0, (6.0, 0.0, 10.0, 2.0, 4.0))
    (True, False)
    """
    if trigger == BUZZ_ABOVE:
        return seen[0] > limit
    if trigger == BUZZ_BELOW:
        return seen[0] < limit
    if trigger == NATIONAL_REPORT:
        return seen[1] > 0.0
    if trigger == PEOPLE_TOLD:
        return seen[2] >= limit
    if trigger == CALLS:
        return seen[3] >= limit
    return seen[4] >= 0.0 and seen[4] >= limit
