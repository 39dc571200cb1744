"""The numbers that policies need, from a scenario: scores of fairness, costs, and the segments' accounts."""

from __future__ import annotations

import numpy as np

from wom_sim.policies.setting import LastResort, Scores
from wom_sim.scenario import Scenario
from wom_sim.simulation.numbers import given_or, monthly_discount, months_counted
from wom_sim.world.accounts import ACCOUNT_TYPE, AS_ALL, Accounts


def scores_of(scenario: Scenario) -> Scores:
    """Return the numbers that policies need."""
    fair, media, money = scenario.behaviour.fairness, scenario.media, scenario.money
    leaving, calling, steps = scenario.behaviour.leaving, scenario.behaviour.calling, scenario.behaviour.steps
    return Scores(
        channel=fair.channel.model_dump(),
        framing=fair.framing.model_dump(),
        framing_shift=fair.framing_shift.model_dump(),
        action_severity=fair.severity.model_dump(),
        action_observed=fair.observed.model_dump(),
        action_news=media.action_news.model_dump(),
        action_hazard={
            "nudge": leaving.nudged, "downgrade": leaving.downgraded, "cap_credits": leaving.credits_capped,
            "fix_root_cause": leaving.repaired, "guarantee": leaving.guaranteed, "offer": leaving.offered,
            "warn": steps.warned, "suspend": steps.suspended,
        },
        action_agree={
            "reprice": fair.agree_to_price, "nudge": fair.agree_to_nudge, "downgrade": fair.agree_to_downgrade,
            "transfer": fair.agree_to_transfer,
        },
        channel_news=media.channel_news.model_dump(),
        handling=money.handling.model_dump(),
        fairness_weights=(fair.weight_distributive, fair.weight_interactional, fair.weight_procedural),
        said_weights=(fair.weight_channel, fair.weight_framing, fair.weight_help),
        proper_notice=fair.proper_notice,
        grievance_if_agreed=fair.grievance_if_agreed,
        agree_by_letter=fair.agree_by_letter,
        agree_in_person=fair.agree_in_person,
        explained_away=fair.explained_away,
        p_call_victim=scenario.behaviour.talking.p_call_victim,
        p_call_unasked=scenario.behaviour.talking.p_call_unasked,
        p_call_for={"reprice": calling.after_price, "cap_credits": calling.after_price},
        fees_collectable=money.fees_collectable,
        cost_per_call=money.net_cost_per_call,
        contact_cost=money.contact_cost,
        accounts=accounts_of(scenario),
        special=(money.settling.steepness, money.settling.reference),
        credit_per_call=money.credit_per_call,
        account_cost=tuple(s.account_cost for s in scenario.population.segments),
        variable_cost=tuple(s.variable_cost for s in scenario.population.segments),
        price_sensitivity=leaving.price_sensitivity,
        price_seen=leaving.price_seen,
        price_months=leaving.price_months,
        call_elasticity=calling.elasticity,
        time_per_call=calling.time_per_call,
        discount=monthly_discount(scenario),
        horizon=months_counted(money),
        last_resort=LastResort(**money.last_resort.model_dump()),
        p_leak=media.p_leak,
        leak_news=media.leak_news,
        mistake=fair.mistake.model_dump(),
        forewarned=(fair.less_if_announced, fair.less_if_helped),
        repair_months=calling.repair_months,
        guarantee_share=money.guarantee_share,
        refused=(scenario.rivals.refuse, scenario.rivals.refused_cost),
        steps=steps.model_dump(),
    )  # fmt: skip


def accounts_of(scenario: Scenario) -> Accounts:
    """Return the segments' accounts: what stays when a customer goes, how what is special ends, and who follows."""
    segments, settling = scenario.population.segments, scenario.money.settling
    mean = sum(s.share * s.calls for s in segments)
    accounts = np.zeros(len(segments), dtype=ACCOUNT_TYPE)
    window = (scenario.choose.observed_months / 12.0) ** settling.window
    for row, s in zip(accounts, segments, strict=True):
        stays = s.variable_cost * (1.0 - s.variable_avoidable) / (1.0 - s.variable_cost)
        row["stays"], row["share"] = s.account_cost * (1.0 - s.account_avoidable + stays), stays
        row["usual"] = given_or(s.settles_to, min(s.calls, mean))
        row["follows"] = given_or(s.household_follows, AS_ALL)
        if s.settles_like != "nothing":
            fading = getattr(settling, s.settles_like)
            row["chronic"] = share_after(fading.chronic_share, window)
            row["chronic_fades"], row["passing_fades"] = fading.chronic_fades, fading.passing_fades
    return accounts


def share_after(share: float, factor: float) -> float:
    """Return a share whose odds are multiplied.

    >>> share_after(0.5, 3.0), share_after(1.0, 3.0)
    (0.75, 1.0)
    """
    return share if share >= 1.0 else factor * share / (1.0 - share + factor * share)
