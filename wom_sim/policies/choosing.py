"""Whom to let go: the selection rule that all policies share, and its errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel
from wom_sim.policies.criterion import candidates_of
from wom_sim.policies.setting import Choice, Setting
from wom_sim.world.luck import Purpose, stranger, uniform
from wom_sim.world.people import People
from wom_sim.world.trace import G_PROFITABLE

_WRONG, _INSTEAD = int(Purpose.WRONG), int(Purpose.INSTEAD) >> 2
_TRIES = 64
"""Draws for another customer before the next one in line is taken, as where nearly all of them are chosen already."""


def choose(setting: Setting) -> NDArray[np.int64]:
    """Return the customers that the firm would let go, the worst first (ties by number).

    The worst are the least valuable where the choice is by value, else those who call most where it is by calls, else
    the least profitable. Where the criterion errs, a profitable customer stands in the place of who was meant. In a
    sequence they are those whom the step before has left.

    Raises
    ------
    ValueError
        If a chosen number is not a customer.
    """
    if setting.whom is not None:
        return _among(setting, setting.whom) if setting.own_choice else setting.whom
    meant, rate = candidates_of(setting), setting.levers.choose.error_rate
    if rate <= 0.0:
        return meant
    acted_on = np.zeros(0, dtype=np.int64) if setting.without is None else setting.without
    return _with_mistakes(setting.people, meant, acted_on, rate, setting.seed)


def _among(setting: Setting, whom: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return those of ``whom`` who meet the criterion, the worst first; a limit counts them alone."""
    choice = setting.levers.choose
    unlimited = replace(setting, levers=replace(setting.levers, choose=replace(choice, limit=None)))
    meant = candidates_of(unlimited)
    return meant[np.isin(meant, whom)][: choice.limit]


def for_everyone(setting: Setting) -> Setting:
    """Return the setting in which all customers are chosen, where the policy is for all; else the setting itself."""
    return replace(setting, levers=replace(setting.levers, choose=Choice())) if setting.levers.for_all else setting


def wrongly_chosen(setting: Setting, who: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return who of ``who`` was chosen by mistake: does not meet the criterion."""
    if setting.levers.choose.error_rate <= 0.0:
        return np.zeros(len(who), dtype=np.bool_)
    wrong: NDArray[np.bool_] = np.isin(who, candidates_of(setting), invert=True)
    return wrong


@kernel
def _with_mistakes(
    people: People, meant: NDArray[np.int64], acted_on: NDArray[np.int64], rate: float, seed: int
) -> NDArray[np.int64]:
    """Return those who were meant, but for a share ``rate`` in whose place a profitable customer stands.

    To let go an unprofitable customer whom the criterion did not mean is no mistake that a firm regrets. Each has
    luck of their own, so a larger error keeps the mistakes of a smaller one; the number of the chosen stays. On whom an
    earlier wave has ``acted_on`` is not chosen again.
    """
    out = meant.copy()
    taken = np.zeros(people.size, dtype=np.bool_)
    taken[meant] = True
    taken[acted_on] = True
    others = 0
    for i in range(people.size):
        others += (people[i].group & G_PROFITABLE) != 0 and not taken[i]
    for k in range(meant.size):
        u = uniform(seed, _WRONG, meant[k], 0, 0)
        if u < rate and others > 0:
            out[k] = _other_customer(people, taken, meant[k], seed)
            taken[out[k]] = True
            others -= 1
    return out


@kernel
def _other_customer(people: People, taken: NDArray[np.bool_], who: int, seed: int) -> np.int64:
    """Return a random profitable customer who is not taken, in the place of ``who``; there must be one."""
    other = np.int64(who)
    for attempt in range(_TRIES):
        drawn, _ = stranger(seed, _INSTEAD, who, attempt, 0, people.size)
        other = np.int64(drawn)
        if people[other].group & G_PROFITABLE and not taken[other]:
            return other
    while taken[other] or not people[other].group & G_PROFITABLE:
        other = (other + 1) % people.size
    return other


def after_review(setting: Setting, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the chosen whom an individual review does not spare; it finds most of those chosen by mistake."""
    levers = setting.levers
    if not levers.individual_review:
        return chosen
    wrong = wrongly_chosen(setting, chosen)
    if levers.spared_by_review <= 0.0 and not wrong.any():
        return chosen
    found = max(setting.scores.mistake["found_by_review"], levers.spared_by_review)
    spared = int(Purpose.SPARED)
    luck = np.array([uniform(setting.seed, spared, i, 0, 0) for i in chosen])
    return chosen[luck >= np.where(wrong, found, levers.spared_by_review)]
