"""The numbers of a run, as plain floats and integers that a compiled kernel can take.

The scenario holds meaning, unit, default and source of each (``wom_sim.scenario.sections``).
"""

from __future__ import annotations

from typing import Any, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

from wom_sim.world.records import record_type


class Numbers(NamedTuple):
    """Everything that rules need and that is not a property of a person, a tie, an outlet or a treatment.

    Three-tuples are by class of tie: household, close, acquaintance. ``weight`` is by channel, as numbered
    in ``wom_sim.world.trace`` (entry 0, the firm, is unused). ``sides`` is the share who side with the firm.
    ``represents`` is for how many people each person stands: their posts are made one by one. ``join_half_life`` is 0
    where prospects forget as customers do. ``media_rule`` is one of ``wom_sim.rules.attention``; ``announced_on`` is
    the day plus one on which the firm goes to the press, 0 if never. Formal complaints are made only where
    ``p_complain`` is above 0, and ratings matter only where ``rating_effect`` is. ``retelling``, ``duration`` and
    ``stopping`` are forms of ``wom_sim.rules.spreading``, ``hazard_form`` one of ``wom_sim.rules.leaving``.
    """

    days: int
    p_talk_victim: float
    p_retell: float
    victim_tells: tuple[float, float, float]
    victim_strangers: float
    hearer_tells: tuple[float, float, float]
    hearer_strangers: float
    talk_half_life: float
    stranger_half_life: float
    talk_days: int
    p_stop_when_known: float
    p_post: float
    p_post_hearer: float
    hearsay_news: float
    post_half_life: float
    post_days: int
    audience_least: float
    audience_tail: float
    audience_most: float
    p_defend: float
    p_defend_siding: float
    p_call: float
    unsolved: float
    calls_again_after: int
    weight: tuple[float, float, float, float, float, float, float]
    harm_per_dose: float
    sides: float
    affected: float
    buffer: float
    harm_half_life: float
    corroboration_boost: float
    corroboration_half_point: float
    beta: float
    beta_join: float
    poach: float
    poach_after: int
    poach_days: int
    locked: float
    chi: float
    contagion_half_life: float
    contagion_window: int
    contagion_most: float
    departure_weight: tuple[float, float, float]
    dismissed_counts: float
    household_follows: float
    buzz_half_life: float
    pause_above: float
    response_after: int
    response_severity: float
    response_news: float
    response_cost: float
    response_reinstates: int
    programme_cost: float
    contact_cost: float
    contact_lag: int
    credit_per_call: float
    complaint_value: float
    credits_teach: float
    learning_discount: float
    special_steepness: float
    special_reference: float
    observed_from: int
    end_month: int
    profitable_above: float
    discount: float
    acquisition_cost: float
    new_customer_profit: float
    new_customer_churn: float
    fees_collectable: float
    represents: int = 1
    join_half_life: float = 0.0
    media_rule: int = 0
    taste_spread: float = 0.0
    taste_common: float = 0.0
    story_spread: float = 0.0
    story_rate: float = 1.0
    novelty: float = 1.0
    story_alone: float = 0.0
    coherence: float = 1.0
    report_median: float = 0.0
    report_spread: float = 0.0
    found_late: float = 0.0
    late_from: int = 0
    late_to: int = 0
    second_peak: float = 0.0
    announced_on: int = 0
    announced_chance: float = 0.0
    announced_story: int = 0
    own_pick_up: int = 0
    own_harm: int = 0
    own_hazard: int = 0
    pick_up_numbers: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    harm_numbers: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    hazard_numbers: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    act_size: float = 0.0
    story_size: float = 0.0
    p_complain: float = 0.0
    complain_from: int = 0
    complain_to: int = 0
    complain_more: float = 1.0
    complaints_half_life: float = 1.0
    complaints_before: float = 0.0
    audience_rule: int = 0
    followers_median: float = 0.0
    followers_spread: float = 0.0
    passed_on: float = 0.0
    passed_on_tail: float = 1.0
    rating_effect: float = 0.0
    rating_count: float = 1.0
    rating_stars: float = 1.0
    rating_half_life: float = 1.0
    retelling: int = 0
    threshold: float = 0.0
    threshold_spread: float = 0.0
    duration: int = 0
    talk_mean_days: float = 1.0
    stopping: int = 0
    hazard_form: int = 0
    reference_churn: float = 0.0
    own_coverage: int = 0
    coverage_numbers: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


def _numpy_type(hint: object) -> tuple[object, ...]:
    if hint is int:
        return (np.int64,)
    if hint is float:
        return (np.float64,)
    return (np.float64, (len(hint.__args__),))  # type: ignore[attr-defined]


NUMBERS_TYPE = record_type([(name, *_numpy_type(hint)) for name, hint in get_type_hints(Numbers).items()])


def as_record(numbers: Numbers) -> NDArray[np.void]:
    """Return the numbers as an array of one record, which a kernel takes as a single argument."""
    return np.array([tuple(numbers)], dtype=NUMBERS_TYPE)


def no_numbers() -> Numbers:
    """Return numbers that are all zero, and one day: enough to run an engine on nobody."""
    zeros = np.zeros(1, dtype=NUMBERS_TYPE)[0]
    plain: list[Any] = [tuple(value) if np.ndim(value) else value.item() for value in zeros]
    return Numbers(*plain)._replace(days=1)
