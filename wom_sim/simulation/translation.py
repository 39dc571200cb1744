"""A scenario in the engines' terms: policies, levers, scores, numbers and treatments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from wom_sim.policies import policy as policy_named
from wom_sim.policies.sequence import Steps
from wom_sim.policies.setting import Choice, LastResort, Levers, Scores, Setting
from wom_sim.policies.waves import Waves, in_waves
from wom_sim.rules.attention import effect_of_response
from wom_sim.rules.calls import discount_while_learning
from wom_sim.rules.money import FOREVER
from wom_sim.rules.steering import CHANGE, GO_ON, PAUSE, REINSTATE, RESPOND, STOP
from wom_sim.rules.talking import LOGNORMAL, PARETO
from wom_sim.scenario import Scenario
from wom_sim.scenario.public import ANY, RULES
from wom_sim.scenario.represents import simulated
from wom_sim.scenario.sections.choose import Choose
from wom_sim.scenario.sections.complaining import Complaining
from wom_sim.scenario.sections.money import NO_HORIZON, Money
from wom_sim.scenario.sections.policies import Policy, Then
from wom_sim.scenario.sections.responding import Responding
from wom_sim.scenario.sections.response import Response, When
from wom_sim.scenario.sections.talking import Talking
from wom_sim.simulation.forms import form_numbers
from wom_sim.simulation.own_rules import rule_numbers
from wom_sim.simulation.plugins import usable
from wom_sim.world import trace as tr
from wom_sim.world.accounts import ACCOUNT_TYPE, AS_ALL, Accounts
from wom_sim.world.numbers import Numbers
from wom_sim.world.orders import ORDER_TYPE, Orders
from wom_sim.world.treatments import Treatments
from wom_sim.world.world import World

KEEP = Policy(name="keep", use="keep")


def policies_of(scenario: Scenario) -> tuple[Policy, ...]:
    """Return the policies to compare: those listed, after ``keep``."""
    listed = tuple(p for p in scenario.policies if p.use != "keep" or p.name != "keep")
    return (KEEP, *listed)


def policy_of(scenario: Scenario, name: str) -> Policy:
    """Return the policy ``name``. Raises ValueError, naming those there are."""
    for policy in policies_of(scenario):
        if policy.name == name:
            return policy
    raise ValueError(f"no policy is named {name!r}; there are {', '.join(p.name for p in policies_of(scenario))}")


def monthly_discount(scenario: Scenario) -> float:
    """Return the discount rate a month."""
    return float((1.0 + scenario.money.discount) ** (1.0 / 12.0) - 1.0)


def numbers_of(scenario: Scenario, policy: Policy, newcomer: tuple[float, float]) -> Numbers:
    """Return the numbers of a run that starts on day 0; ``newcomer`` is (profit, churn) of a new customer, a month."""
    b, media, money, response = scenario.behaviour, scenario.media, scenario.money, policy.response
    talking, hearing, leaving = b.talking, b.hearing, b.leaving
    levers, represents = simulated_levers(scenario, policy), scenario.run.represents
    known = {name: getattr(part, name) for part in (talking, hearing, leaving) for name in type(part).model_fields}
    known |= {
        "days": scenario.run.days,
        "stranger_half_life": given_or(talking.stranger_half_life, talking.talk_half_life),
        "victim_tells": _by_tie(talking.victim_tells),
        "hearer_tells": _by_tie(talking.hearer_tells),
        "departure_weight": _by_tie(leaving.departure_weight),
        "weight": (0.0, *(getattr(hearing.weight, name) for name in tr.CHANNEL_NAMES[1:7])),
        "sides": hearing.sides_if_abuse if levers.abuse_credible else hearing.sides_with_firm,
        "beta_join": given_or(leaving.beta_join, leaving.beta * leaving.beta_join_ratio),
        "join_half_life": hearing.join_half_life,
        "buzz_half_life": media.buzz_half_life,
        "pause_above": levers.pause_above or 0.0,
        "response_after": 0 if response.kind == "ignore" else response.after_days,
        "response_severity": response.severity,
        "response_news": _news_of(response, b.responding),
        "response_cost": response.cost / represents,
        "response_reinstates": int(response.kind == "reinstate"),
        "programme_cost": levers.programme_cost,
        "unsolved": b.calling.unsolved,
        "calls_again_after": b.calling.again_after,
        "poach": scenario.rivals.poach,
        "poach_after": scenario.rivals.poach_after,
        "poach_days": scenario.rivals.poach_days,
        "contact_cost": money.contact_cost,
        "contact_lag": money.contact_lag_months,
        "credit_per_call": money.credit_per_call,
        "complaint_value": money.complaint_value,
        "credits_teach": money.credits_teach,
        "learning_discount": discount_while_learning(monthly_discount(scenario), money.credits_teach_months),
        "profitable_above": money.profitable_above,
        "discount": monthly_discount(scenario),
        "acquisition_cost": money.acquisition_cost,
        "new_customer_profit": newcomer[0],
        "new_customer_churn": newcomer[1],
        "special_steepness": money.settling.steepness,
        "special_reference": money.settling.reference,
        "observed_from": 0,
        "end_month": months_counted(money),
        "fees_collectable": money.fees_collectable,
        "represents": represents,
        **_media_numbers(scenario, levers),
        **rule_numbers(scenario.plugins.rules, scenario.plugins.given),
        **_audience_numbers(talking),
        **form_numbers(talking, leaving),
        **_complaint_numbers(b.complaining),
    }
    if all(segment.household_follows is not None for segment in scenario.population.segments):
        known["household_follows"] = 0.0  # each segment has its own, and this is nobody's
    return Numbers(**{name: known[name] for name in Numbers._fields if name in known})


def _media_numbers(scenario: Scenario, levers: Levers) -> dict[str, float]:
    """Return the numbers that say how a story becomes news; those of a rule that does not hold are left as they are."""
    media, report, ratings = scenario.media, scenario.media.report, scenario.media.ratings
    theirs = scenario.plugins.pick_up is not None  # is given what either of our rules is given
    rule = "story" if theirs else RULES[media.which] if media.rule == ANY else media.rule
    known: dict[str, float] = {
        "media_rule": RULES.index(rule), "coherence": levers.coherence, "second_peak": report.second_peak,
        "report_median": report.median_days, "found_late": report.found_late,
    }  # fmt: skip
    if report.median_days > 0.0 or report.found_late > 0.0:
        known |= {"act_size": report.act_size, "story_size": report.story_size}
    if report.median_days > 0.0:
        known["report_spread"] = report.spread
    if report.found_late > 0.0:
        known |= {"late_from": report.late_from, "late_to": report.late_to}
    if ratings.effect > 0.0:
        known |= {
            "rating_effect": ratings.effect, "rating_count": ratings.count, "rating_stars": ratings.stars,
            "rating_half_life": ratings.half_life,
        }  # fmt: skip
    if rule == "taste" or theirs:  # what a story is worth for all outlets is a part of their taste
        known |= {"taste_spread": media.taste.spread, "taste_common": media.taste.common}
    if rule == "story":
        story = media.story
        known |= {
            "story_spread": story.spread, "story_rate": story.rate, "novelty": story.novelty, "story_alone": story.alone
        }  # fmt: skip
    return known


def _audience_numbers(talking: Talking) -> dict[str, float]:
    """Return the numbers that say how many read a post; those of the form that does not hold are left out."""
    if talking.audience == "lognormal":
        return {"audience_rule": LOGNORMAL, "audience_least": 0.0, "audience_tail": 1.0}
    return {
        "audience_rule": PARETO, "followers_median": 0.0, "followers_spread": 0.0, "passed_on": 0.0,
        "passed_on_tail": 1.0,
    }  # fmt: skip


def _complaint_numbers(complaining: Complaining) -> dict[str, float]:
    """Return the numbers of formal complaints; those that nothing depends on are left as they are."""
    known = {"p_complain": complaining.share, "complaints_before": complaining.before}
    if complaining.share > 0.0:
        known |= {"complain_from": complaining.first_day, "complain_to": complaining.last_day}
        known |= {"complain_more": complaining.after_news}
    if complaining.share > 0.0 or complaining.before > 0.0:
        known["complaints_half_life"] = complaining.half_life
    return known


_TRIGGERS = ("buzz_above", "buzz_below", "national_report", "people_told", "calls", "days", "complaints")
_CHANGES = ("pay", "change_channel")
_ACTIONS = {"pause": PAUSE, "go_on": GO_ON, "stop": STOP, "reinstate": REINSTATE, **dict.fromkeys(_CHANGES, CHANGE)}
_FOR_ALL, _FOR_SOME = 0.5, 0.2
"""Chance to give in with a national report, where the policy is for all customers, and else. Source: 37 cases (C)."""


def orders_of(scenario: Scenario, policy: Policy, treatments: Treatments) -> Orders:
    """Return what a policy does when, for both engines; nothing where it acts on nobody."""
    listed = when_of(policy)
    orders = np.zeros(len(listed) if len(treatments) else 0, dtype=ORDER_TYPE)
    changes = 0
    for row, when in zip(orders, listed[: len(orders)], strict=True):
        row["spread"] = when.days_spread
        if when.do in _CHANGES:
            changes += 1
            row["instead"] = changes
        row["trigger"], row["limit"], row["after"] = _TRIGGERS.index(when.trigger), when.level, when.after_days
        row["chance"], row["action"] = when.chance, _ACTIONS.get(when.do, RESPOND)
        row["severity"], row["cost"] = when.severity, when.cost / scenario.run.represents
        row["news"] = given_or(when.news, 1.0)
        effects = scenario.behaviour.responding
        if when.news is None and when.do not in ("pause", "go_on", "stop", *_CHANGES):
            row["news"] = effect_of_response(
                getattr(effects, when.do), when.after_days, effects.prompt_days, effects.late
            )
    return orders


def when_of(policy: Policy) -> tuple[When, ...]:
    """Return the orders of a policy: those that it lists, and that it may give in to pressure."""
    if policy.retreat is None:
        return policy.when
    given = policy.retreat
    chance = given_or(given.chance, _FOR_ALL if policy.for_all else _FOR_SOME)
    gives_in = When(
        trigger="national_report", after_days=given.median_days, days_spread=given.spread, do="reinstate",
        chance=chance, cost=given.cost,
    )  # fmt: skip
    return (*policy.when, gives_in)


def instead_of_these(
    scenario: Scenario, policy: Policy, world: World, seed: int, treatments: Treatments
) -> Treatments:
    """Return what the firm does from the day on which it pays, or changes the channel: a table for each such order.

    Each is what the policy would do with that payment and channel from the start, to the same people on the same days;
    whom it would not act on then, or not at that time, is treated as planned.
    """
    changed = [when for when in policy.when if when.do in _CHANGES] if len(treatments) else []
    tables = []
    for when in changed:
        given = {name: value for name in ("payment", "channel") if (value := getattr(when, name)) is not None}
        other = treatments_of(scenario, policy.model_copy(update=given), world, seed)
        tables.append(_on_the_same_days(treatments, other))
    return np.concatenate(tables) if tables else treatments[:0]


def _on_the_same_days(treatments: Treatments, other: Treatments) -> Treatments:
    """Return the rows of another table for the same people, each on the day planned for it."""
    found = treatments.copy()
    keys = [(t["person"].astype(np.int64) << 8) + t["turn"] for t in (treatments, other)]
    order = np.argsort(keys[1], kind="stable")
    place = np.searchsorted(keys[1][order], keys[0])
    known = place < len(order)
    known[known] = keys[1][order][place[known]] == keys[0][known]
    rows = other[order[place[known]]]
    rows["day_told"] = treatments["day_told"][known]
    found[known] = rows
    return found


def months_counted(money: Money) -> int:
    """Return over how many months from a policy's first act money counts; ``FOREVER`` without a horizon."""
    return FOREVER if money.horizon_months == NO_HORIZON else money.horizon_months


def given_or(given: float | None, otherwise: float) -> float:
    """Return what is given, or else something in its stead."""
    return otherwise if given is None else given


def _news_of(response: Response, effects: Responding) -> float:
    """Return the factor of a response on the newsworthiness of posts."""
    if response.news is not None or response.kind == "ignore":
        return given_or(response.news, 1.0)
    effect = getattr(effects, response.kind)
    return float(effect_of_response(effect, response.after_days, effects.prompt_days, effects.late))


def _by_tie(table: Any) -> tuple[float, float, float]:
    return table.household, table.close, table.acquaintance


def levers_of(scenario: Scenario, policy: Policy | Then) -> Levers:
    """Return the levers of a policy, or of a second step: its own defaults, overridden by what the scenario gives."""
    defaults = policy_named(policy.use).defaults
    given = {
        name: getattr(policy, name)
        for name in Levers.__dataclass_fields__
        if name != "choose" and getattr(policy, name, None) is not None
    }
    choose = scenario.choose if policy.choose is None else policy.choose
    return Levers(**({**defaults.__dict__, **given} | {"choose": _choice(choose, scenario)}))


def simulated_levers(scenario: Scenario, policy: Policy | Then) -> Levers:
    """Return the levers as simulated people meet them: what they count, and what is paid once, in their numbers."""
    levers, represents = levers_of(scenario, policy), scenario.run.represents
    if represents == 1:
        return levers
    limit = levers.choose.limit
    choice = replace(levers.choose, limit=None if limit is None else simulated(limit, represents))
    per_day, cost = levers.per_day / represents, levers.programme_cost / represents
    return replace(levers, per_day=per_day, programme_cost=cost, choose=choice)


def _choice(choose: Choose, scenario: Scenario) -> Choice:
    names = [s.name for s in scenario.population.segments]
    values = {name: getattr(choose, name) for name in Choice.__dataclass_fields__}
    if choose.segments is not None:
        values["segments"] = tuple(names.index(name) for name in choose.segments)
    return Choice(**values)


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


def treatments_of(scenario: Scenario, policy: Policy, world: World, seed: int) -> Treatments:
    """Return what the firm does under a policy, given people, ties and luck.

    Raises
    ------
    ValueError
        If the policy cannot be carried out, in words.
    """
    setting = setting_of(scenario, policy, world, seed)
    first, then, waves = usable(policy.use), policy.then, policy.waves
    if then is None and waves is None:
        return first.plan(setting)
    steps = Steps(first)
    if then is not None:
        later = simulated_levers(scenario, then)
        if then.choose is None:
            later = replace(later, choose=setting.levers.choose)
        steps = Steps(first, usable(then.use), later, then.after_days, then.choose is not None)
    if waves is None:
        return steps.plan(setting)
    said = Waves(waves.times, waves.days_apart, waves.each == "part")
    return in_waves(setting, said, steps.plan)


def setting_of(scenario: Scenario, policy: Policy, world: World, seed: int) -> Setting:
    """Return the world as a policy of a scenario finds it, with the luck of ``seed``."""
    return Setting(
        world.people, world.network, np.uint64(seed), simulated_levers(scenario, policy), scores_of(scenario),
        world.notes, represents=scenario.run.represents, numbers=numbers_of(scenario, policy, world.newcomer),
        listed=world.listed,
    )  # fmt: skip
