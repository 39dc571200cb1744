"""Dose, siding with the firm, harm, recovery and praise."""

from __future__ import annotations

import math

from wom_sim._compile import near_rule as rule

KNOWS, AFFECTED, SIDES = 0, 1, 2
"""What hearing does to a person: only knows; affected in behaviour; sides with the firm."""


@rule
def dose_units(weight: float, severity: float) -> int:
    """Return a dose in 1/256 units, an integer, so that the order of tellers cannot matter.

    >>> dose_units(1.0, 0.5)
    128
    """
    return int(256.0 * weight * severity + 0.5)


@rule
def reaction(u: float, p_sides: float, p_affected: float) -> int:
    """Return SIDES, AFFECTED or KNOWS for a uniform ``u``.

    Source: siding .15, up to .35 if abuse is credible (Consumerist comments, A; sizes C); affected in
    behaviour .2 of the rest (Haenlein & Kaplan 2010: intent is rare, A; size C).

    >>> reaction(0.1, 0.15, 0.2), reaction(0.2, 0.15, 0.2), reaction(0.9, 0.15, 0.2)
    (2, 1, 0)
    """
    if u < p_sides:
        return SIDES
    if u < p_sides + (1.0 - p_sides) * p_affected:
        return AFFECTED
    return KNOWS


@rule
def impression(units: int, k: float) -> float:
    """Return what ``units`` of dose do to opinion, 0..1: 1 - exp(-k x dose), each dose adding less.

    Assumption: the saturating form.

    >>> impression(0, 1.0), round(impression(256, 1.0), 4)
    (0.0, 0.6321)
    """
    return 1.0 - math.exp(-k * units / 256.0)


@rule
def harm(harm_units: int, praise_units: int, k: float, buffered: float, days: int, half_life: float) -> float:
    """Return harm, -1..1: (bad - praise) x (1 - buffer x commitment) x 2^(-days since last dose / half-life).

    ``buffered`` is buffer x commitment, 0..1. Praise is offset by the same form. Source: commitment buffers:
    Ahluwalia et al. 2000 (A, size C); half-life 60 days: Gregoire et al. 2009 (A / C).

    >>> harm(256, 256, 1.0, 0.5, 10, 60.0)
    0.0
    """
    if harm_units == praise_units:
        return 0.0
    felt = impression(harm_units, k) - impression(praise_units, k)
    return felt * (1.0 - buffered) * 2.0 ** (-days / half_life)


@rule
def chance_to_side(usual: float, by_outlet: float) -> float:
    """Return the chance to side with the firm: that of the outlet one has it from, if it has one (not negative).

    Source: opinion leaders took sides in public, and not the same one (EVIDENCE 1, A). Assumption: who reads them
    takes over their view; sizes C.

    >>> chance_to_side(0.15, -1.0), chance_to_side(0.15, 0.5)
    (0.15, 0.5)
    """
    if by_outlet < 0.0:
        return usual
    return by_outlet


@rule
def chance_to_defend(advocate: bool, sides: bool, p_advocate: float, p_siding: float) -> float:
    """Return the chance that someone who heard a bad story defends the firm.

    Source: fans rally to the defence (Ilhan, Kuebler & Pauwels 2018, A; sizes C).

    >>> chance_to_defend(True, False, 0.1, 0.02), chance_to_defend(False, False, 0.1, 0.02)
    (0.1, 0.0)
    """
    if advocate:
        return p_advocate
    if sides:
        return p_siding
    return 0.0
