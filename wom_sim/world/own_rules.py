"""Rules of another package in place of ours: pick-up and coverage by an outlet, harm, and the hazard of leaving.

Such a rule is compiled when a scenario names it; the numbers of a run hold the address at which it lies, 0 for none,
and both engines call it there. What it returns is held to its range, so that a slip cannot break a run.
"""

from __future__ import annotations

from wom_sim._compile import call_own
from wom_sim._compile import near_rule as rule
from wom_sim.rules.leaving import blamed

Four = tuple[float, float, float, float]
"""The numbers of a rule, 0 for those that it does not ask for."""


@rule
def within(value: float, low: float, high: float) -> float:
    """Return a value held to a range; its lower end for what is no number.

    >>> within(2.0, 0.0, 1.0), within(-2.0, -1.0, 1.0), within(float("nan"), 0.0, 1.0)
    (1.0, -1.0, 0.0)
    """
    return min(value, high) if value > low else low


@rule
def own_chance(
    address: int, today: tuple[float, float, float], outlet: tuple[float, float, float], coherence: float, own: Four
) -> float:
    """Return an outlet's chance to report today by a rule of another package, 0..1.

    It is given what ``attention.chance_today`` is: buzz, the most newsworthy post, intensity; threshold, own threshold,
    rate; coherence; then its own numbers. Source: whoever wrote the rule.
    """
    values = (
        today[0], today[1], today[2], outlet[0], outlet[1], outlet[2], coherence, own[0], own[1], own[2], own[3]
    )  # fmt: skip
    return within(call_own(address, values), 0.0, 1.0)


@rule
def own_reach(address: int, outlet: tuple[float, float], today: tuple[float, float, float], own: Four) -> float:
    """Return the chance that an outlet reaches a person today by a rule of another package, 0..1.

    It is given ``outlet``, (reach on the first day, half-life), and ``today``, (days of coverage, what we would say,
    share of people who had heard by this morning); then its own numbers. Source: whoever wrote the rule.
    """
    values = (outlet[0], outlet[1], today[0], today[1], today[2], own[0], own[1], own[2], own[3])
    return within(call_own(address, values), 0.0, 1.0)


@rule
def own_harm(
    address: int, doses: tuple[float, float, float], buffered: float, fades: tuple[float, float], own: Four
) -> float:
    """Return harm by a rule of another package, -1..1; 0 of who has heard as much good as bad, as by ours.

    ``doses`` is (bad, good, harm of a dose), in doses; ``fades`` is (days since the last dose, half-life). Source:
    whoever wrote the rule.
    """
    if doses[0] == doses[1]:
        return 0.0
    values = (doses[0], doses[1], doses[2], buffered, fades[0], fades[1], own[0], own[1], own[2], own[3])
    return within(call_own(address, values), -1.0, 1.0)


@rule
def own_hazard(address: int, base: float, beta: float, harm: float, contagion: float, own: Four) -> float:
    """Return the hazard of leaving by a rule of another package, 0..1; the base where there is neither harm nor loss.

    So it changes nothing for who was not reached. Source: whoever wrote the rule.
    """
    if harm == 0.0 and contagion == 1.0:
        return base
    values = (base, beta, harm, contagion, own[0], own[1], own[2], own[3])
    return within(call_own(address, values), 0.0, 1.0)


@rule
def own_decision(u: float, base: tuple[float, float], felt: tuple[float, float, float], address: int, own: Four) -> int:
    """Return whether one leaves, by the hazard of another package; see ``leaving.decision``.

    ``base`` is (usual, treated), ``felt`` (beta, harm, contagion).
    """
    told = own_hazard(address, base[1], felt[0], felt[1], 1.0, own)
    bereaved = own_hazard(address, base[1], felt[0], felt[1], felt[2], own)
    return blamed(u, base[0], base[1], told, bereaved)
