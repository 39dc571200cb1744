"""The numbers of a run, as both engines take them: ``wom_sim.world.numbers``."""

from __future__ import annotations

from typing import Any

from wom_sim.policies.setting import Levers
from wom_sim.rules.attention import effect_of_response
from wom_sim.rules.calls import discount_while_learning
from wom_sim.rules.money import FOREVER
from wom_sim.rules.talking import LOGNORMAL, PARETO
from wom_sim.scenario import Scenario
from wom_sim.scenario.posterior_of_cases import ANY, RULES
from wom_sim.scenario.sections.complaining import Complaining
from wom_sim.scenario.sections.money import NO_HORIZON, Money
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.sections.responding import Responding
from wom_sim.scenario.sections.response import Response
from wom_sim.scenario.sections.talking import Talking
from wom_sim.simulation.forms import form_numbers
from wom_sim.simulation.levers import simulated_levers
from wom_sim.simulation.once import once_each
from wom_sim.simulation.own_rules import rule_numbers
from wom_sim.world import trace as tr
from wom_sim.world.numbers import Numbers


def monthly_discount(scenario: Scenario) -> float:
    """Return the discount rate a month."""
    return float((1.0 + scenario.money.discount) ** (1.0 / 12.0) - 1.0)


@once_each
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
