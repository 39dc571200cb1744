"""Formal complaints: who makes one, when, and what they move an authority to."""

from __future__ import annotations

import math

from wom_sim._compile import near_rule as rule


@rule
def chance_to_complain(share: float, grievance: float, more: float) -> float:
    """Return the chance that someone on whom the firm acted complains formally; ``more`` is a factor, 1 usually.

    Source: of those whose account was closed .004 to .01 went to the ombudsman (A/C). Assumption: proportional to
    grievance.

    >>> chance_to_complain(0.01, 0.5, 1.0), chance_to_complain(0.9, 1.0, 1.44)
    (0.005, 1.0)
    """
    return min(1.0, share * grievance * more)


SILENT, AFTER_NEWS, ALWAYS = range(3)
"""Who complains formally: nobody, only where a national outlet has reported by then, in any case."""
YEAR = 365
"""Days of the year within which an ombudsman counts the cases that are free."""


@rule
def kind_of_complaint(u: float, share: float, grievance: float, more: float) -> int:
    """Return whether somebody complains formally: ``ALWAYS``, ``AFTER_NEWS``, or ``SILENT``; ``u`` is drawn once.

    News makes ``more`` times as many complain (see ``chance_to_complain``): those of the larger chance who are not of
    the usual one wait for it. Source: +44 % cases in the year of a scandal (A).

    >>> [kind_of_complaint(u, 0.1, 0.5, 1.5) for u in (0.04, 0.06, 0.08)]
    [2, 1, 0]
    """
    if u < chance_to_complain(share, grievance, 1.0):
        return ALWAYS
    return AFTER_NEWS if u < chance_to_complain(share, grievance, more) else SILENT


@rule
def day_of_complaint(v: float, first: int, last: int) -> int:
    """Return after how many days a formal complaint is made, each as likely; ``v`` in (0, 1) is a uniform number.

    Source: 60 to 120 days after the dismissal (C).

    >>> day_of_complaint(0.0001, 60, 120), day_of_complaint(0.9999, 60, 120)
    (60, 120)
    """
    return first + int(v * (last - first + 1))


@rule
def cases_charged(so_far: int, cases: int, free: int) -> int:
    """Return how many of ``cases`` an ombudsman charges for, after ``so_far`` in this year, of which ``free`` are free.

    Source: three cases a year are free (United Kingdom, 2025, A).

    >>> cases_charged(0, 2, 3), cases_charged(2, 4, 3), cases_charged(5, 4, 3)
    (0, 3, 4)
    """
    return max(0, so_far + cases - free) - max(0, so_far - free)


@rule
def moved_by_complaints(u: float, complaints: float, level: float) -> bool:
    """Return whether an authority opens an inquiry because of so many formal ``complaints``; ``u`` is drawn once.

    The chance is 1 - exp(-complaints / level): 63 % once there are ``level`` (0: complaints do not move it). Since its
    luck is drawn once, time alone adds nothing. Source: authorities moved where complaints had added up (throttled
    telephone customers: 190,000; C). Assumption: the form.

    >>> moved_by_complaints(0.6, 100.0, 100.0), moved_by_complaints(0.7, 100.0, 100.0)
    (True, False)
    >>> moved_by_complaints(0.0001, 1e9, 0.0)
    False
    """
    return level > 0.0 and u < 1.0 - math.exp(-complaints / level)
