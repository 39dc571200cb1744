"""What a policy is given: people, ties, luck, levers and scores; and what a policy is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wom_sim.world.accounts import Accounts
from wom_sim.world.listed import Listed
from wom_sim.world.network import Network
from wom_sim.world.numbers import Numbers
from wom_sim.world.people import People
from wom_sim.world.switching import NO_SWITCHING, Switching
from wom_sim.world.treatments import Treatments


@dataclass(frozen=True)
class Choice:
    """Whom to let go; all conditions that are not None must hold. See ``wom_sim.scenario.sections.choose.Choose``."""

    calls_at_least: float | None = None
    least_profitable_share: float | None = None
    profit_below: float | None = None
    segments: tuple[int, ...] | None = None
    by: str = "profit"
    abuse_only: bool = False
    abuse_calls: float = 20.0
    limit: int | None = None
    spare_profitable_households: bool = False
    error_rate: float = 0.0
    advocates: bool | None = None
    tenure_at_least: float | None = None
    tenure_at_most: float | None = None
    ties_at_least: int | None = None
    ties_at_most: int | None = None
    area_from: float | None = None
    area_to: float | None = None
    harm_at_most: float | None = None
    spare_most_harmful: float = 0.0
    where: str | None = None
    ids: tuple[int | str, ...] | None = None


@dataclass(frozen=True)
class Levers:
    """What can be varied in any policy; units and meaning as in ``wom_sim.scenario.sections.policies.Policy``."""

    choose: Choice = Choice()
    start_day: int = 0
    per_day: float = 0.0
    channel: str = "letter"
    framing: str = "neutral"
    notice_days: int = 30
    fee_waived: float = 0.0
    balance_waived: float = 0.0
    payment: float = 0.0
    price_rise: float = 0.0
    fee_per_call: float = 0.0
    calls_saved: float = 0.0
    acceptance: float = 1.0
    last_resort: bool = False
    cost_each: float = 0.0
    for_all: bool = False
    help_to_move: bool = False
    individual_review: bool = False
    spared_by_review: float = 0.0
    stated_criterion: bool = False
    ground_in_terms: bool = False
    appeal: bool = False
    explanation: float = 0.0
    abuse_credible: bool = False
    please_call: bool = False
    second_round_after: int | None = None
    warn_days: int = 14
    return_after: int = 90
    term_months: int = 0
    converted_pays: float = 0.0
    pause_above: float | None = None
    coherence: float = 1.0
    programme_cost: float = 0.0
    grievance: float | None = None
    severity: float | None = None
    newsworthiness: float | None = None


@dataclass(frozen=True)
class LastResort:
    """The joint last-resort provider; units and meaning as in ``wom_sim.scenario.sections.money.LastResort``."""

    price: float
    years: float
    borne: float
    rehabilitated: float
    seen: float


@dataclass(frozen=True)
class Scores:
    """The numbers of the scenario that policies need; tables are by channel, framing or action.

    ``account_cost`` (currency a month) and ``variable_cost`` (share of revenue) are by segment, as the books charge
    them, and ``cost_per_call`` is what they charge for a call; ``accounts`` and ``contact_cost`` hold what would go
    with the customer, ``special`` (steepness, reference of ``chronic_share``); ``p_call_for`` is a factor on the
    chance to call after an action, 1 where it is not there; ``mistake`` is by what a mistake makes worse;
    ``forewarned`` is (less for long notice, less for help); ``refused`` is (share whom other firms refuse, factor on
    their cost of switching); ``steps`` holds what warnings and enforcement do; ``said_weights`` are those of channel,
    framing and help; ``price_seen`` is the largest rise that has been seen (share), ``price_months`` over how many
    months what is beyond it is weighed; ``discount`` is a month, ``horizon`` in months from the first act
    (``FOREVER`` without one).
    """

    channel: Mapping[str, float]
    framing: Mapping[str, float]
    framing_shift: Mapping[str, float]
    action_severity: Mapping[str, float]
    action_observed: Mapping[str, float]
    action_news: Mapping[str, float]
    action_hazard: Mapping[str, float]
    action_agree: Mapping[str, float]
    channel_news: Mapping[str, float]
    handling: Mapping[str, float]
    fairness_weights: tuple[float, float, float]
    said_weights: tuple[float, float, float]
    proper_notice: float
    grievance_if_agreed: float
    agree_by_letter: float
    agree_in_person: float
    explained_away: float
    p_call_victim: float
    p_call_unasked: float
    p_call_for: Mapping[str, float]
    fees_collectable: float
    cost_per_call: float
    contact_cost: float
    credit_per_call: float
    account_cost: tuple[float, ...]
    variable_cost: tuple[float, ...]
    price_sensitivity: float
    price_seen: float
    price_months: float
    mistake: Mapping[str, float]
    forewarned: tuple[float, float]
    accounts: Accounts
    special: tuple[float, float]
    repair_months: float
    guarantee_share: float
    call_elasticity: float
    time_per_call: float
    discount: float
    horizon: int
    last_resort: LastResort
    p_leak: float
    leak_news: float
    refused: tuple[float, float]
    steps: Mapping[str, float]


@dataclass(frozen=True)
class Setting:
    """The world as a policy finds it. ``seed`` is the luck seed: the same for every policy.

    ``notes``, if there are any, keep what follows from people, levers and scores alone for the next replication.
    A step of a sequence is told ``whom`` to act on, or, with ``own_choice``, to choose among; leaks it leaves to the
    sequence. A wave chooses among customers ``without`` those whom an earlier one has taken. Each person stands for
    ``represents``; what levers count is given in people of the world. ``numbers`` are those of the run;
    ``listed`` is the firm's own table where customers come from one; ``switching`` says what it costs whom to go
    (``wom_sim.world.switching``).
    """

    people: People
    network: Network
    seed: np.uint64
    levers: Levers
    scores: Scores
    notes: dict[Hashable, Any] | None = None
    whom: NDArray[np.int64] | None = None
    own_choice: bool = False
    in_sequence: bool = False
    represents: int = 1
    without: NDArray[np.int64] | None = None
    numbers: Numbers | None = None
    listed: Listed | None = None
    switching: Switching = NO_SWITCHING


TELLING = ("per_day", "notice_days", "framing", "explanation", "payment")
"""The levers of telling people that their service ends."""


@dataclass(frozen=True)
class Policy:
    """A way of letting go: its name, what it is in a sentence, its evidence, its default levers, and its plan.

    What it does it says itself, so that nobody else need know its name:

    * ``actions``: those that its rows may have; none if it does nothing. None: it does not say, so that every number
      of a scenario may matter to it.
    * ``numbers``: keys of the scenario, or tables of them, that are read because of this policy, and that do not
      matter to policies that leave them out. Numbers of its actions (severity, news) follow from ``actions``.
    * ``own_levers``: levers that policies which leave them out do not heed.
    * ``own_days``: where each person has days of their own, moves rows from the day on which the firm could tell them.
    * ``searched``: the levers that ``recommend`` varies where the scenario lists none.
    """

    name: str
    summary: str
    evidence: str
    defaults: Levers
    plan: Callable[[Setting], Treatments]
    actions: tuple[int, ...] | None = None
    numbers: tuple[str, ...] = ()
    own_levers: tuple[str, ...] = ()
    searched: tuple[str, ...] = TELLING
    own_days: Callable[[Setting, Treatments], Treatments] | None = None
