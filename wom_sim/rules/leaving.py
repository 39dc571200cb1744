"""The hazard of leaving, contagion of departures, and joining."""

from __future__ import annotations

import math

from wom_sim._compile import near_rule as rule

MONTH = 30
"""Days in a month of the model."""


@rule
def lock(contract_months: int, month: int, locked: float, waived: bool) -> float:
    """Return the factor on churn in ``month`` for someone whose contract runs ``contract_months`` more.

    ``locked`` applies while the contract runs and no waiver was given. Source: the fee was the reason to
    stay for 42 % of those who wanted to leave (GAO 2009, A).

    >>> lock(12, 3, 0.5, False), lock(12, 12, 0.5, False), lock(12, 3, 0.5, True)
    (0.5, 1.0, 1.0)
    """
    if month < contract_months and not waived:
        return locked
    return 1.0


@rule
def base_hazard(churn: float, locked: float, multiplier: float) -> float:
    """Return the hazard before story and contagion: churn x lock x multiplier of a treatment, at most 1.

    >>> base_hazard(0.02, 0.5, 1.0)
    0.01
    """
    return min(1.0, churn * locked * multiplier)


@rule
def price_multiplier(rise: float, sensitivity: float) -> float:
    """Return the factor on the hazard of someone whose price rises by the share ``rise``: 1 + sensitivity x rise.

    Source: the reaction grows with the size of the rise (Homburg, Hoyer & Koschate 2005, A); a factor of 1.5-3
    for a felt rise (EVIDENCE 12, C). Assumption: the straight line. It was fitted to a rise of 60 %; what is beyond
    the rises that have been seen is for ``too_dear``.

    >>> price_multiplier(0.6, 0.5), price_multiplier(0.0, 0.5)
    (1.3, 1.0)
    """
    return max(0.0, 1.0 + sensitivity * rise)


@rule
def too_dear(excess: float, months: float, worth: float) -> bool:
    """Return whether a price drives someone out for certain: ``excess`` over ``months`` is more than ``worth``.

    ``excess`` is what the price takes beyond the rises that have been seen, in currency a month; ``worth`` is the
    reservation value (currency), the least for which the person would leave. Assumption: nobody has seen how
    customers react out there, so the firm may not count on those who would lose more by staying than by going.

    >>> too_dear(50.0, 12.0, 400.0), too_dear(50.0, 6.0, 400.0), too_dear(0.0, 12.0, 0.0)
    (True, False, False)
    """
    return excess * months > worth


@rule
def hazard(base: float, beta: float, harm: float, contagion: float) -> float:
    """Return the chance of leaving on a billing day: base x exp(beta x harm) x contagion, at most 1.

    Assumption: proportional hazards.

    >>> hazard(0.02, 0.4, 0.0, 1.0), hazard(0.5, 0.0, 0.0, 4.0)
    (0.02, 1.0)
    """
    raised = base * contagion
    if harm != 0.0:
        raised *= math.exp(beta * harm)
    return min(1.0, raised)


PROPORTIONAL, ADDITIVE = range(2)
"""How story and departures raise the hazard, by number; see ``behaviour.leaving.form``."""


@rule
def added_hazard(base: float, beta: float, harm: float, contagion: float, reference: float) -> float:
    """Return the chance of leaving where story and departures add the same to everybody's hazard, 0..1.

    They add what each by itself would add to a hazard of ``reference``, so both forms agree there. Source: additive
    hazards (Aalen 1989).

    >>> added_hazard(0.01, 0.0, 1.0, 1.4, 0.02), added_hazard(0.03, 0.4, 0.0, 1.0, 0.02)
    (0.018, 0.03)
    >>> added_hazard(0.02, 0.4, 1.0, 1.0, 0.02) == hazard(0.02, 0.4, 1.0, 1.0)
    True
    """
    if harm == 0.0 and contagion == 1.0:
        return base
    added = reference * math.expm1(beta * harm) + reference * (contagion - 1.0)
    return max(0.0, min(1.0, base + added))


@rule
def beta_while_courted(beta: float, poach: float, days: int, first: int, last: int) -> float:
    """Return the log hazard ratio at full harm, ``days`` after the first national report.

    A rival that courts those who are in doubt, from day ``first`` to before day ``last``, raises it by the share
    ``poach``. Source: rivals profit from a firm's crisis (case documents, S). Assumption: form and sizes.

    >>> beta_while_courted(0.4, 0.5, 6, 7, 37), beta_while_courted(0.4, 0.5, 7, 7, 37)
    (0.4, 0.6000000000000001)
    """
    if first <= days < last:
        return beta * (1.0 + poach)
    return beta


@rule
def departure_units(weight: float, age: int, half_life: float, window: int) -> int:
    """Return what a tie's departure ``age`` days ago weighs today, in 1/256 units.

    Nothing on the day itself and after ``window`` days; halves every ``half_life`` days.
    Source: strongest in the first month, gone after five weeks (Nitzan & Libai 2011, Haenlein 2013, A).

    >>> departure_units(1.0, 0, 20.0, 35), departure_units(1.0, 21, 20.0, 35), departure_units(1.0, 36, 20.0, 35)
    (0, 128, 0)
    """
    if age < 1 or age > window:
        return 0
    return int(256.0 * weight * 2.0 ** (-(age - 1) / half_life) + 0.5)


@rule
def contagion(units: int, chi: float, most: float) -> float:
    """Return the factor on hazard (1 + chi)^k for k = ``units``/256 recent departures among ties, k at most ``most``.

    Source: +80 % a departure (Nitzan & Libai 2011, A); the causal half .4 (Ferreira et al., A; size C);
    saturates near 4 (Dasgupta et al. 2008, A / C).

    >>> contagion(0, 0.4, 4.0), round(contagion(256, 0.4, 4.0), 6)
    (1.0, 1.4)
    """
    if units <= 0:
        return 1.0
    return (1.0 + chi) ** min(units / 256.0, most)


@rule
def chance_to_follow(own: float, usual: float) -> float:
    """Return the chance that a customer goes with somebody of the household who is let go.

    ``own`` is that of the customer's segment, below 0 where it has none; ``usual`` that of all others. Source: who
    follows whom is a matter of the trade: shared plans at telephone companies .41, banks .05 (B/C).

    >>> chance_to_follow(0.05, 0.6), chance_to_follow(0.0, 0.6), chance_to_follow(-1.0, 0.6)
    (0.05, 0.0, 0.6)
    """
    return usual if own < 0.0 else own


@rule
def chance_to_join(base: float, beta_join: float, harm: float) -> float:
    """Return a prospect's chance to join on its day: base x exp(-beta_join x harm), at most 1.

    Source: bad word deters joining more than four times as much as staying (East et al. 2017, A).

    >>> chance_to_join(0.02, 1.0, 0.0)
    0.02
    """
    return min(1.0, base * math.exp(-beta_join * harm))


STAYS, LEAVES_ANYWAY, LEAVES_TREATED, LEAVES_STORY, LEAVES_CONTAGION = -1, 0, 4, 5, 6
"""What the luck of a billing day decides; numbered as the causes of a departure."""


@rule
def blamed(u: float, usual: float, treated: float, with_story: float, bereaved: float) -> int:
    """Return whether one leaves at the luck ``u``, and the first of the growing hazards that suffices.

    ``usual`` is the hazard without the policy, ``treated`` with what the firm did, ``with_story`` with the story too,
    ``bereaved`` with departures of ties as well.

    >>> blamed(0.025, 0.02, 0.03, 0.03, 0.03), blamed(0.5, 0.02, 0.02, 0.02, 0.02)
    (4, -1)
    """
    if u >= bereaved:
        return STAYS
    if u < usual:
        return LEAVES_ANYWAY
    if u < treated:
        return LEAVES_TREATED
    return LEAVES_STORY if u < with_story else LEAVES_CONTAGION


@rule
def decision(u: float, usual: float, treated: float, beta: float, harm: float, contagion: float) -> int:
    """Return whether one leaves on a billing day, and which factor tipped it.

    ``usual`` is the base hazard without the policy, ``treated`` with what the firm did to the person. The
    factors are added one by one, so a departure is blamed on the first that suffices: nothing (one would
    have left on that day anyway), treatment, story, departures of ties.

    >>> decision(0.025, 0.02, 0.03, 0.4, 0.0, 1.0), decision(0.5, 0.02, 0.02, 0.4, 1.0, 1.0)
    (4, -1)
    """
    bereaved = hazard(treated, beta, harm, contagion)
    if u >= bereaved:  # most stay: the other hazard is not needed then
        return STAYS
    return blamed(u, usual, treated, hazard(treated, beta, harm, 1.0), bereaved)


@rule
def decision_by(
    form: int, u: float, hazards: tuple[float, float], mood: tuple[float, float, float], reference: float
) -> int:
    """Return whether one leaves on a billing day, and why, by either form of the hazard; see ``decision``.

    ``hazards`` is (usual, treated), ``mood`` (beta, harm, contagion).

    >>> decision_by(PROPORTIONAL, 0.012, (0.01, 0.01), (0.4, 1.0, 1.0), 0.02)
    5
    >>> decision_by(ADDITIVE, 0.017, (0.01, 0.01), (0.4, 1.0, 1.0), 0.02)
    5
    """
    if form == ADDITIVE:
        told = added_hazard(hazards[1], mood[0], mood[1], 1.0, reference)
        bereaved = added_hazard(hazards[1], mood[0], mood[1], mood[2], reference)
        return blamed(u, hazards[0], hazards[1], told, bereaved)
    return decision(u, hazards[0], hazards[1], mood[0], mood[1], mood[2])
