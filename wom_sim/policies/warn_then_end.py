"""Warn, let them moderate, warn again, and end service for the rest: the published rule of use."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from wom_sim.policies import rows
from wom_sim.policies.choosing import after_review, choose
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.policies.worth import costs_to_serve
from wom_sim.world.luck import Purpose, uniform
from wom_sim.world.treatments import DISMISS, WARN, Treatments, people_of


def plan(setting: Setting) -> Treatments:
    """Warn the chosen; after ``warn_days`` warn again who goes on; after as many again end service for the rest.

    Who moderates uses no more than is usual. What heavy use would have ended by itself is not counted twice: the
    saving ends in the month in which the person's own excess would have. A dismissal after a fair warning angers less.
    """
    levers, scores = setting.levers, setting.scores
    who = after_review(setting, choose(setting))
    told = rows.arrives(setting, who, rows.days_of_work(setting, len(who)))
    heeds = moderates(setting, who, 0, scores.steps["moderate"])
    table = _warnings(setting, who, told, heeds)
    rest, told = who[~heeds], told[~heeds] + levers.warn_days
    heeds = moderates(setting, rest, 1, scores.steps["moderate_again"])
    if len(rest):
        table = rows.join(table, _warnings(setting, rest, told, heeds))
    rest, told = rest[~heeds], told[~heeds] + levers.warn_days
    if len(rest):
        agreed = rows.agrees_unasked(setting.people, rest, rows.chance_to_agree(setting), setting.seed)
        ended = rows.rows(setting, rest, told, agreed, DISMISS)
        ended["hazard_multiplier"] = scores.action_hazard["warn"]
        if levers.grievance is None:
            ended["grievance"] *= scores.steps["grievance_if_warned"]
        table = rows.join(table, ended)
    return table


def moderates(setting: Setting, who: NDArray[np.int64], warning: int, share: float) -> NDArray[np.bool_]:
    """Return who of ``who`` moderates after a warning (0 the first); the luck is the person's own, under any policy."""
    number = int(Purpose.MODERATES)
    return np.array([uniform(setting.seed, number, i, warning, 0) < share for i in who], dtype=np.bool_)


def _warnings(
    setting: Setting, who: NDArray[np.int64], told: NDArray[np.int64], heeds: NDArray[np.bool_]
) -> Treatments:
    """Return the rows of one warning; who heeds it calls as is usual from then on."""
    scores, calls = setting.scores, setting.scores.steps["p_call_warned"]
    asked = min(1.0, calls / scores.p_call_unasked) if scores.p_call_unasked > 0.0 else calls
    called = replace(scores, p_call_victim=asked)
    table = rows.rows(replace(setting, scores=called), who, told, np.zeros(len(who), dtype=np.bool_), WARN)
    table["hazard_multiplier"] = scores.action_hazard["warn"]
    person = people_of(table)
    heard = np.isin(person, who[heeds])
    contact, credited = costs_to_serve(setting.people, person, scores)
    beyond = heard * share_beyond_usual(setting, person)
    table["call_change"], table["contact_change"] = beyond * credited, beyond * contact
    return table


def share_beyond_usual(setting: Setting, who: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return which share of the calls of each of ``who`` is beyond what is usual in their segment; 0 where none is."""
    calls = setting.people["calls"][who].astype(np.float64)
    usual = setting.scores.accounts["usual"][setting.people["segment"][who]]
    beyond: NDArray[np.float64] = np.divide(calls - usual, calls, out=np.zeros(len(who)), where=calls > usual)
    return beyond


POLICY = Policy(
    name="warn_then_end",
    summary="Warn, let them moderate, warn again; service ends for who still goes on. The published rule of use.",
    evidence=(
        "NDO (UK, mid-2000s): 61 of 76 warned moderated in two weeks (B); Comcast: 75 % after a call, as the firm says "
        "(B). Half would have anyway: heavy use settles by itself. Second warning .4 of the rest, grievance x .6: C."
    ),
    defaults=Levers(
        channel="letter", framing="neutral", notice_days=30, warn_days=14, stated_criterion=True, ground_in_terms=True
    ),
    plan=plan,
    actions=(WARN, DISMISS),
    numbers=(
        "behaviour.steps.moderate", "behaviour.steps.moderate_again", "behaviour.steps.grievance_if_warned",
        "behaviour.steps.p_call_warned", "behaviour.steps.warned",
    ),
    own_levers=("warn_days",),
    searched=("per_day", "framing", "explanation", "warn_days"),
)  # fmt: skip
