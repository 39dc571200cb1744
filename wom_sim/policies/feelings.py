"""How being acted on feels to a person, and how it looks to those who hear of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel
from wom_sim.policies.setting import Levers, Scores, Setting
from wom_sim.rules.fairness import (
    by_mistake,
    distributive_fairness,
    grievance,
    interactional_fairness,
    observers_severity,
    overall_fairness,
    procedural_fairness,
)
from wom_sim.world.switching import switching_costs


def grievances(
    setting: Setting,
    who: NDArray[np.int64],
    agreed: NDArray[np.bool_],
    given: tuple[float, NDArray[np.float64]],
    parts: tuple[float, float, float, float],
) -> NDArray[np.float64]:
    """Return each person's grievance; ``parts`` is (severity of the action, interactional, procedural, if agreed).

    ``given`` is (what is waived and paid, factor on each person's cost of switching).
    """
    costs = given[1] * switching_costs(setting.people, setting.switching, who)
    return np.asarray(_grievances(costs, agreed, given[0], parts, setting.scores.fairness_weights))


@kernel
def _grievances(
    costs: NDArray[np.float64],
    agreed: NDArray[np.bool_],
    given: float,
    parts: tuple[float, float, float, float],
    weights: tuple[float, float, float],
) -> NDArray[np.float64]:
    severity, interactional, procedural, if_agreed = parts
    out = np.empty(costs.size, dtype=np.float64)
    for k in range(costs.size):
        distributive = distributive_fairness(given, costs[k])
        fair = overall_fairness(distributive, interactional, procedural, weights[0], weights[1], weights[2])
        out[k] = grievance(severity, fair, agreed[k], if_agreed)
    return out


def parts_of(levers: Levers, scores: Scores, action: str) -> tuple[float, float, float, float]:
    """Return (severity of an action, interactional and procedural fairness, factor if agreed): see ``grievances``."""
    interactional = interactional_fairness(
        scores.channel[levers.channel], scores.framing[levers.framing], float(levers.help_to_move),
        *scores.said_weights,
    )  # fmt: skip
    procedural = procedural_fairness(
        float(levers.notice_days),
        scores.proper_notice,
        float(levers.individual_review),
        float(levers.stated_criterion),
        float(levers.ground_in_terms),
        float(levers.appeal),
    )
    return scores.action_severity[action], interactional, procedural, scores.grievance_if_agreed


def observed(levers: Levers, scores: Scores, action: str, wronged: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how bad what is done to each person looks to observers, 0..1; ``wronged``: by mistake."""
    if levers.severity is not None:
        return np.full(len(wronged), levers.severity)
    usual = observers_severity(
        scores.action_observed[action], scores.framing_shift[levers.framing], levers.explanation, scores.explained_away
    )
    return np.where(wronged, by_mistake(usual, scores.mistake["story"]), usual)


def news_of(levers: Levers, scores: Scores, action: str, wronged: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how newsworthy what each person holds in hand is, 0..1; ``wronged``: by mistake."""
    if levers.newsworthiness is not None:
        return np.full(len(wronged), levers.newsworthiness)
    usual = scores.action_news[action] * scores.channel_news[levers.channel]
    return np.where(wronged, by_mistake(usual, scores.mistake["news"]), usual)
