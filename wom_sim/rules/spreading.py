"""Rival forms of word of mouth: what makes one retell, how long one talks, who stops when it is old news.

Each is chosen by name in a scenario; the first of each list is the usual one.
"""

from __future__ import annotations

import math

from wom_sim._compile import near_rule as rule

EXPOSURE, THRESHOLD = range(2)
"""What makes a hearer retell, by number; see ``behaviour.talking.retelling``."""
FIXED, GEOMETRIC = range(2)
"""How long one talks; see ``behaviour.talking.duration``."""
TELLER, BOTH = range(2)
"""Who stops when two meet who know; see ``behaviour.talking.stopping``."""
CONSTANT, LINEAR, COMPETING = range(3)
"""How an outlet's reach depends on who has heard; see ``media.outlets.spread``."""


@rule
def own_share(u: float, middle: float, spread: float) -> float:
    """Return the share of ties that must tell a person: even between ``middle`` - ``spread`` and ``middle`` + it.

    Source: one share for all in Watts 2002; even on 0..1 in the linear threshold model of Kempe, Kleinberg & Tardos
    2003; differing between people in Granovetter 1978.

    >>> own_share(0.25, 0.18, 0.0), own_share(0.25, 0.5, 0.5)
    (0.18, 0.25)
    """
    return middle + spread * (2.0 * u - 1.0)


@rule
def is_persuaded(share: float, severity: float, talkativeness: float, needed: float) -> bool:
    """Return whether someone retells whom the ``share`` of their ties has told: share x severity x talkativeness.

    Nobody retells whom no tie has told. Source: a threshold on the share of neighbours (Watts 2002; Centola & Macy
    2007). Assumption: a milder story needs more of them, in proportion.

    >>> is_persuaded(0.2, 1.0, 1.0, 0.18), is_persuaded(0.2, 0.5, 1.0, 0.18), is_persuaded(0.0, 1.0, 1.0, 0.0)
    (True, False, False)
    """
    return share > 0.0 and share * severity * talkativeness >= needed


@rule
def retells(form: int, u: float, chance: float, felt: tuple[float, float, float], bar: tuple[float, float]) -> bool:
    """Return whether someone who heard a bad story passes it on.

    By exposure with a ``chance``, once, when one first hears; by threshold whenever another tie tells one. ``felt`` is
    (severity, talkativeness, share of the ties that told them), ``bar`` (middle, spread of the share needed). Source:
    of exposure, the independent cascade (Kempe, Kleinberg & Tardos 2003); of thresholds see ``is_persuaded``.

    >>> retells(EXPOSURE, 0.1, 0.12, (1.0, 1.0, 0.0), (0.18, 0.0))
    True
    >>> retells(THRESHOLD, 0.1, 0.12, (1.0, 1.0, 0.0), (0.18, 0.0))
    False
    """
    if form == THRESHOLD:
        return is_persuaded(felt[2], felt[0], felt[1], own_share(u, bar[0], bar[1]))
    return u < chance


@rule
def days_of_talk(form: int, u: float, mean: float, longest: int) -> int:
    """Return for how many days someone talks, 1..``longest``: as long as anybody, or a geometric number, mean ``mean``.

    What is planned for later falls away, for all whom one would have told alike. Source: recovery in epidemic models
    (Kermack & McKendrick 1927), which ties the fates of one talker's listeners together; a fixed time does not.

    >>> days_of_talk(FIXED, 0.3, 2.0, 30), days_of_talk(GEOMETRIC, 0.3, 2.0, 30), days_of_talk(GEOMETRIC, 0.9, 2.0, 30)
    (30, 1, 4)
    """
    if form == FIXED:
        return longest
    if mean <= 1.0:
        return 1
    return min(longest, 1 + int(math.log(1.0 - u) / math.log(1.0 - 1.0 / mean)))


@rule
def chance_to_stop(form: int, usual: float, other_talks: bool) -> float:
    """Return the chance that a conversation ends the talk of a teller whose listener knows already.

    Where both stop, two who talk have two conversations in which they could meet, one planned by each: half of
    the chance for each makes it one meeting a pair. Source: Maki & Thompson 1973 (the teller stops); Daley & Kendall
    1965 (both do).

    >>> chance_to_stop(TELLER, 1.0, True), chance_to_stop(BOTH, 1.0, True), chance_to_stop(BOTH, 1.0, False)
    (1.0, 0.5, 1.0)
    """
    return 0.5 * usual if form == BOTH and other_talks else usual


@rule
def reach_by_hearing(form: int, reach: float, imitation: float, heard: float) -> float:
    """Return the chance that an outlet reaches a person today, where the share ``heard`` has heard of it before.

    Source: linear, reach + imitation x share: Bass 1969. Competing, 1 - (1 - reach) exp(-imitation x share): each who
    has heard may tell one, alone (Goldenberg, Libai & Muller 2001).

    >>> reach_by_hearing(CONSTANT, 0.03, 0.38, 0.5), round(reach_by_hearing(LINEAR, 0.03, 0.38, 0.5), 4)
    (0.03, 0.22)
    >>> round(reach_by_hearing(COMPETING, 0.03, 0.38, 0.5), 4)
    0.1978
    """
    if form == LINEAR:
        return min(1.0, reach + imitation * heard)
    if form == COMPETING:
        return 1.0 - (1.0 - reach) * math.exp(-imitation * heard)
    return reach
