"""On which numbers nothing depends in a scenario, because no policy of it does what they are about.

What a policy does, and which numbers are read because of it, the policy says itself (``policies.setting.Policy``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from wom_sim import policies
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.posterior_of_cases import ANY, POSTERIOR, RULES
from wom_sim.scenario.sections.policies import Policy, Then

_BY_ACTION = ("media.action_news", "behaviour.fairness.severity", "behaviour.fairness.observed")
"""Tables with a number for each action."""


class Deeds:
    """What the policies of a scenario do, as far as it decides which numbers matter."""

    def __init__(self, scenario: Scenario) -> None:
        from wom_sim.world.treatments import ACTION_NAMES  # numpy, which ``validate`` need not wait for

        steps: list[Policy | Then] = [*scenario.policies, *(p.then for p in scenario.policies if p.then is not None)]
        self.uses = {step.use for step in steps}
        used = [policies.policy(use) for use in sorted(self.uses)]
        self.silent = any(policy.actions is None for policy in used)
        self.actions = {ACTION_NAMES[action] for policy in used for action in policy.actions or ()}
        self.numbers = {number for policy in used for number in policy.numbers}
        self.channels = {_lever(step, "channel") for step in steps}
        self.channels |= {when.channel for policy in scenario.policies for when in policy.when} - {None}
        self.helps = any(_lever(step, "help_to_move") for step in steps)
        self.framings = {_lever(step, "framing") for step in steps}
        self.reviews = any(_lever(step, "individual_review") for step in steps)
        self.last_resort = any(_lever(step, "last_resort") for step in steps)
        self.responses: set[str] = {policy.response.kind for policy in scenario.policies}
        self.responses |= {when.do for policy in scenario.policies for when in policy.when}
        self.responses |= {"reinstate" for policy in scenario.policies if policy.retreat is not None}
        prompt = scenario.behaviour.responding.prompt_days
        self.late = any(p.response.kind != "ignore" and p.response.after_days > prompt for p in scenario.policies)
        self.unasked = any(not _lever(step, "please_call") for step in steps)
        credible = [bool(_lever(policy, "abuse_credible")) for policy in scenario.policies]
        self.abuse_credible, self.abuse_not_credible = any(credible), not all(credible)
        choices = [scenario.choose, *(step.choose for step in steps if step.choose is not None)]
        doubted = {item.key.rpartition(".")[2] for item in scenario.uncertain}
        self.errs = "error_rate" in doubted or any(choice.error_rate > 0.0 for choice in choices)
        self.abuse_only = any(choice.abuse_only for choice in choices)
        self.by_value = any(choice.by == "value" for choice in choices)
        self.explains = "explanation" in doubted or any(_lever(step, "explanation") > 0.0 for step in steps)
        self.acts = any(outlet.acts_after_news is not None for outlet in scenario.media.outlets)
        self.revises = any(outlet.revises_after for outlet in scenario.media.outlets)
        self.poaches = "poach" in doubted or scenario.rivals.poach > 0.0
        self.refuses = "refuse" in doubted or scenario.rivals.refuse > 0.0
        self.dear = bool(doubted & {"price_rise", "fee_per_call"}) or any(_is_dear(step, scenario) for step in steps)
        self.settling = {segment.settles_like for segment in scenario.population.segments}
        self.follows_as_all = any(segment.household_follows is None for segment in scenario.population.segments)
        self.any_rule = scenario.media.rule == ANY and scenario.plugins.pick_up is None
        self.rules = _rules(scenario, "which" in doubted)
        if scenario.plugins.pick_up is not None:  # it is given what either of our rules is given
            self.rules = ("taste", "story")
        self.joins_by_ratio = scenario.behaviour.leaving.beta_join is None
        self.tells_press = any(policy.announce is not None for policy in scenario.policies)
        self.found_late = "found_late" in doubted or scenario.media.report.found_late > 0.0
        self._look_at_what_may_be_off(scenario, doubted)
        self.delayed = "median_days" in doubted or scenario.media.report.median_days > 0.0
        self.announces = "notice_days" in doubted or any(_lever(step, "notice_days") > 30 for step in steps)

    def _look_at_what_may_be_off(self, scenario: Scenario, doubted: set[str]) -> None:
        """Find what a scenario has switched on of complaints, ratings, followers and the size of news."""
        ratings, complaining = scenario.media.ratings, scenario.behaviour.complaining
        self.rated = "effect" in doubted or ratings.effect > 0.0
        self.complains = "share" in doubted or complaining.share > 0.0
        self.remembers = self.complains or "before" in doubted or complaining.before > 0.0
        self.pareto = scenario.behaviour.talking.audience == "pareto"
        self._look_at_forms(scenario)
        report, outlets = scenario.media.report, scenario.media.outlets
        self.before = "before" in doubted or complaining.before > 0.0
        self.moved = "complaints_level" in doubted or any(o.complaints_level > 0.0 for o in outlets)
        self.by_act = "act_size" in doubted or report.act_size > 0.0
        self.by_story = "story_size" in doubted or report.story_size > 0.0
        self.settles = "settlement" in doubted or any(o.settlement > 0.0 for o in scenario.media.outlets)
        self.charges = "case_fee" in doubted or any(o.case_fee > 0.0 for o in scenario.media.outlets)

    def _look_at_forms(self, scenario: Scenario) -> None:
        """Find which of the rival forms of word of mouth and leaving hold."""
        talking, leaving = scenario.behaviour.talking, scenario.behaviour.leaving
        self.by_threshold, self.geometric = talking.retelling == "threshold", talking.duration == "geometric"
        self.additive, self.contagion = leaving.form == "additive", leaving.departures == "contagion"
        self.imitated = any(outlet.spread != "constant" for outlet in scenario.media.outlets)


def _rules(scenario: Scenario, drawn: bool) -> tuple[str, ...]:
    """Return the rules of news that may hold; ``drawn``: whether the scenario gives a distribution of them."""
    if scenario.media.rule != ANY:
        return (scenario.media.rule,)
    return RULES if drawn or scenario.worlds.draw_from == POSTERIOR else (RULES[scenario.media.which],)


def _lever(step: Policy | Then, name: str) -> Any:
    """Return a lever of a step: what the scenario gives, or else the policy's own default."""
    given = getattr(step, name, None)
    return getattr(policies.policy(step.use).defaults, name) if given is None else given


def _is_dear(step: Policy | Then, scenario: Scenario) -> bool:
    """Return whether a step may raise a price beyond the rises that have been seen."""
    if _lever(step, "last_resort") and scenario.money.last_resort.price > scenario.money.last_resort.seen:
        return True
    return _lever(step, "price_rise") > scenario.behaviour.leaving.price_seen or _lever(step, "fee_per_call") > 0.0


_WRITTEN, _SPOKEN = ("letter", "email", "text"), ("phone", "personal")


def _through(*channels: str) -> Callable[[Deeds], bool]:
    return lambda deeds: bool(deeds.channels & set(channels))


def _responds(*kinds: str) -> Callable[[Deeds], bool]:
    return lambda deeds: bool(deeds.responses & set(kinds))


def _frames(framing: str) -> Callable[[Deeds], bool]:
    return lambda deeds: framing in deeds.framings


def _settles(kind: str) -> Callable[[Deeds], bool]:
    return lambda deeds: kind in deeds.settling


_BY_CHANNEL = {
    f"{table}.{channel}": _through(channel)
    for table in ("media.channel_news", "behaviour.fairness.channel", "money.handling")
    for channel in (*_WRITTEN, *_SPOKEN)
}
_BY_FRAMING = {
    f"behaviour.fairness.{table}.{framing}": _frames(framing)
    for table in ("framing", "framing_shift")
    for framing in ("blames_customer", "neutral", "blames_firm", "thanks_and_explains")
}
_RESPONSES = ("explain", "apologise", "compensate", "reinstate")
_BY_FOLLOWERS = ("followers_median", "followers_spread", "passed_on", "passed_on_tail")
_ONLY_IF: dict[str, Callable[[Deeds], bool]] = {
    **_BY_CHANNEL, **_BY_FRAMING,
    **{f"behaviour.responding.{kind}": _responds(kind) for kind in _RESPONSES},
    "behaviour.responding.prompt_days": _responds(*_RESPONSES),
    "behaviour.responding.late": lambda deeds: deeds.late,
    "behaviour.talking.p_call_unasked": lambda deeds: deeds.unasked,
    "behaviour.leaving.household_follows": lambda deeds: deeds.follows_as_all,
    "behaviour.leaving.price_months": lambda deeds: deeds.dear,
    "media.outlets[].tone_after": lambda deeds: deeds.revises,
    "media.outlets[].sides_after": lambda deeds: deeds.revises,
    "media.outlets[].acts_from": lambda deeds: deeds.acts,
    "media.outlets[].acts_to": lambda deeds: deeds.acts,
    "media.outlets[].acts_a_year": lambda deeds: deeds.acts,
    "behaviour.fairness.less_if_announced": lambda deeds: deeds.announces,
    "behaviour.fairness.less_if_helped": lambda deeds: deeds.helps,
    "behaviour.fairness.explained_away": lambda deeds: deeds.explains,
    "behaviour.fairness.mistake": lambda deeds: deeds.errs,
    "behaviour.hearing.sides_with_firm": lambda deeds: deeds.abuse_not_credible,
    "behaviour.hearing.sides_if_abuse": lambda deeds: deeds.abuse_credible,
    "choose.abuse_calls": lambda deeds: deeds.abuse_only,
    "behaviour.leaving.beta_join_ratio": lambda deeds: deeds.joins_by_ratio,
    "behaviour.calling.after_price": lambda deeds: bool(deeds.actions & {"reprice", "cap_credits"}),
    "media.taste": lambda deeds: "taste" in deeds.rules,
    "media.story": lambda deeds: "story" in deeds.rules,
    "media.which": lambda deeds: deeds.any_rule,
    "media.ratings.effect": lambda deeds: deeds.rated,
    "behaviour.complaining.share": lambda deeds: deeds.complains,
    "behaviour.complaining.before": lambda deeds: deeds.before,
    "media.outlets[].complaints_level": lambda deeds: deeds.moved,
    "media.outlets[].settlement": lambda deeds: deeds.settles,
    "media.outlets[].case_fee": lambda deeds: deeds.charges,
    "media.ratings.count": lambda deeds: deeds.rated,
    "media.ratings.stars": lambda deeds: deeds.rated,
    "media.ratings.half_life": lambda deeds: deeds.rated,
    "behaviour.complaining.first_day": lambda deeds: deeds.complains,
    "behaviour.complaining.last_day": lambda deeds: deeds.complains,
    "behaviour.complaining.after_news": lambda deeds: deeds.complains,
    "behaviour.complaining.half_life": lambda deeds: deeds.remembers,
    "behaviour.talking.audience_least": lambda deeds: deeds.pareto,
    "behaviour.talking.audience_tail": lambda deeds: deeds.pareto,
    **{f"behaviour.talking.{name}": lambda deeds: not deeds.pareto for name in _BY_FOLLOWERS},
    "behaviour.talking.p_retell": lambda deeds: not deeds.by_threshold,
    "behaviour.talking.threshold": lambda deeds: deeds.by_threshold,
    "behaviour.talking.threshold_spread": lambda deeds: deeds.by_threshold,
    "behaviour.talking.talk_mean_days": lambda deeds: deeds.geometric,
    "behaviour.leaving.reference_churn": lambda deeds: deeds.additive,
    "behaviour.leaving.chi": lambda deeds: deeds.contagion,
    "behaviour.leaving.contagion_half_life": lambda deeds: deeds.contagion,
    "behaviour.leaving.contagion_window": lambda deeds: deeds.contagion,
    "behaviour.leaving.contagion_most": lambda deeds: deeds.contagion,
    "behaviour.leaving.departure_weight": lambda deeds: deeds.contagion,
    "behaviour.leaving.dismissed_counts": lambda deeds: deeds.contagion,
    "media.outlets[].imitation": lambda deeds: deeds.imitated,
    "media.outlets[].settles_after": lambda deeds: deeds.settles,
    "media.outlets[].cases_free": lambda deeds: deeds.charges,
    "media.report.act_size": lambda deeds: deeds.by_act and (deeds.delayed or deeds.found_late),
    "media.report.story_size": lambda deeds: deeds.by_story and (deeds.delayed or deeds.found_late),
    "media.report.spread": lambda deeds: deeds.delayed,
    "media.report.late_from": lambda deeds: deeds.found_late,
    "media.report.late_to": lambda deeds: deeds.found_late,
    "media.report.second_peak": _responds(*_RESPONSES),
    **{f"money.settling.{kind}": _settles(kind) for kind in ("calls", "returns", "data")},
    "money.handling.review": lambda deeds: deeds.reviews,
    "money.last_resort": lambda deeds: deeds.last_resort,
    "rivals.poach_after": lambda deeds: deeds.poaches,
    "rivals.poach_days": lambda deeds: deeds.poaches,
    "rivals.refused_cost": lambda deeds: deeds.refuses,
}  # fmt: skip
"""Numbers, or tables of them, that matter only to who does something with a lever of any policy. What is neither here
nor said by a policy always matters; a test holds both against the engines' input."""


def bears(scenario: Scenario, key: str, deeds: Deeds | None = None) -> bool:
    """Return whether anything depends on the number under ``key`` in this scenario.

    Everything does where a policy does not say what it does. Who asks about many numbers passes the scenario's
    ``deeds``, which take longer to find than the answer.
    """
    deeds = Deeds(scenario) if deeds is None else deeds
    if deeds.silent:
        return True
    plain = without_names(key)
    if any(_is_at(plain, name) and name not in deeds.numbers for name in numbers_of_policies()):
        return False
    table, _, action = plain.rpartition(".")
    if table in _BY_ACTION and action not in deeds.actions:
        return False
    return all(needed(deeds) for name, needed in _ONLY_IF.items() if _is_at(plain, name))


@cache
def numbers_of_policies() -> frozenset[str]:
    """Return the keys and tables of numbers that some policy of ours says are read because of it."""
    return frozenset(number for name in policies.POLICIES for number in policies.policy(name).numbers)


_NAMED_TABLES = ("media.outlets", "population.segments")
"""Tables of which there are several, each with a name."""


def _is_at(key: str, name: str) -> bool:
    """Return whether a key is ``name``, or in the table of that name."""
    return key == name or key.startswith(f"{name}.")


def without_names(key: str) -> str:
    """Return a key with ``[]`` for the name of an outlet or a segment.

    >>> without_names("media.outlets.television.lag"), without_names("population.segments.loud.churn_spread")
    ('media.outlets[].lag', 'population.segments[].churn_spread')
    """
    table = next((table for table in _NAMED_TABLES if key.startswith(f"{table}.")), None)
    return key if table is None else f"{table}[].{key.rpartition('.')[2]}"
