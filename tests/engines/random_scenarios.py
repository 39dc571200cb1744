"""Random scenarios: every kind of network and policy, every lever, segments, prospects, media and responses."""

from __future__ import annotations

import json
from typing import Any, get_args

from hypothesis import strategies as st

from wom_sim.policies import POLICIES
from wom_sim.policies import policy as policy_named
from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.network import RandomGraph
from wom_sim.scenario.sections.policies import Doing
from wom_sim.scenario.sections.response import Response, When
from wom_sim.scenario.sections.search import Channel, Framing

KINDS = get_args(RandomGraph.model_fields["kind"].annotation)
SIZES = {"karate": 34, "florentine": 15}
"""Graphs with a number of people of their own."""
USES = tuple(name for name in POLICIES if name != "keep")
_UNIT = st.sampled_from([0.0, 0.3, 0.7, 1.0])
_MONEY = st.sampled_from([0.0, 50.0, 400.0])
_FLAG = st.booleans()



def _only_what_it_needs(when: dict[str, Any]) -> dict[str, Any]:
    """Return an order with payment and channel only where it changes how the next are treated."""
    changes = when["do"] in ("pay", "change_channel")
    return {name: value for name, value in when.items() if changes or name not in ("payment", "channel")}


LEVERS: dict[str, st.SearchStrategy[Any]] = {
    "start_day": st.integers(0, 12), "per_day": st.sampled_from([0.0, 0.5, 3.0]),
    "channel": st.sampled_from(get_args(Channel)), "framing": st.sampled_from(get_args(Framing)),
    "notice_days": st.sampled_from([0, 1, 30]), "fee_waived": _MONEY, "balance_waived": _MONEY, "payment": _MONEY,
    "help_to_move": _FLAG, "individual_review": _FLAG, "spared_by_review": _UNIT, "stated_criterion": _FLAG,
    "ground_in_terms": _FLAG, "appeal": _FLAG, "explanation": _UNIT, "abuse_credible": _FLAG, "please_call": _FLAG,
    "second_round_after": st.sampled_from([1, 10]), "pause_above": st.sampled_from([0.3, 2.0]),
    "price_rise": st.sampled_from([0.1, 0.6, 2.0]), "for_all": st.just(True),
    "fee_per_call": st.sampled_from([0.0, 8.0]), "calls_saved": _UNIT, "acceptance": _UNIT, "last_resort": _FLAG,
    "coherence": _UNIT,
    "when": st.lists(
        st.fixed_dictionaries(
            {"trigger": st.sampled_from(get_args(When.model_fields["trigger"].annotation)),
             "level": st.sampled_from([0.0, 0.5, 3.0]), "after_days": st.sampled_from([0, 2]),
             "do": st.sampled_from(get_args(When.model_fields["do"].annotation)), "chance": _UNIT, "cost": _MONEY,
             "days_spread": st.sampled_from([0.0, 1.4]), "payment": _MONEY,
             "channel": st.sampled_from(get_args(Channel))}
        ).map(_only_what_it_needs),
        max_size=2,
    ),
    "announce": st.fixed_dictionaries(
        {"shift": st.integers(-3, 9), "chance": st.sampled_from([0.5, 1.0]), "own_words": _UNIT}
    ),
    "retreat": st.fixed_dictionaries(
        {"chance": st.sampled_from([None, 1.0]), "median_days": st.sampled_from([0, 3]),
         "spread": st.sampled_from([0.0, 1.4]), "cost": _MONEY}
    ),
    "warn_days": st.sampled_from([1, 9]), "return_after": st.sampled_from([1, 25, 200]),
    "term_months": st.sampled_from([0, 1, 12]), "converted_pays": _MONEY,
    "cost_each": _MONEY, "programme_cost": _MONEY, "grievance": _UNIT, "severity": _UNIT, "newsworthiness": _UNIT,
}  # fmt: skip
"""What each lever may be. A lever of the scenario language that is not here fails a test."""
STEP = {name: LEVERS[name] for name in Doing.model_fields}
"""Levers of a second step."""


_FADING = st.fixed_dictionaries(
    {"chronic_share": _UNIT, "chronic_fades": st.sampled_from([0.0, 0.02, 0.5]),
     "passing_fades": st.sampled_from([0.0, 0.3, 1.0])}
)  # fmt: skip
"""How what is special about customers ends."""


def steps() -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for what follows a policy."""
    required = {"use": st.sampled_from(USES), "after_days": st.sampled_from([1, 4, 20])}
    return st.fixed_dictionaries(required, optional=STEP | {"choose": choices()})


CONDITIONS: dict[str, st.SearchStrategy[Any]] = {
    "calls_at_least": st.sampled_from([0.0, 2.0]), "least_profitable_share": st.sampled_from([0.2, 0.8]),
    "profit_below": st.sampled_from([0.0, 30.0]), "spare_profitable_households": _FLAG,
    "by": st.sampled_from(["profit", "contribution", "value"]), "abuse_only": _FLAG,
    "abuse_calls": st.sampled_from([0.0, 10.0]),
    "error_rate": _UNIT, "segments": st.just(("a",)), "advocates": _FLAG,
    "tenure_at_least": st.sampled_from([0.0, 2.0]), "tenure_at_most": st.sampled_from([2.0, 30.0]),
    "ties_at_least": st.sampled_from([0, 1]), "ties_at_most": st.sampled_from([1, 5]),
    "harm_at_most": st.sampled_from([0.0, 5.0, 500.0]), "spare_most_harmful": st.sampled_from([0.0, 0.3]),
}  # fmt: skip
"""What each condition of a choice may be, but for the limit; ``ids`` stands alone."""
PLACES: dict[str, st.SearchStrategy[Any]] = {
    "area_from": st.sampled_from([0.0, 0.3]), "area_to": st.sampled_from([0.5, 1.0]),
}  # fmt: skip
"""Where those chosen live; only the market network knows."""
WAVES = st.fixed_dictionaries(
    {"times": st.sampled_from([2, 3]), "days_apart": st.sampled_from([1, 15, 40]),
     "each": st.sampled_from(["anew", "part"])}
)  # fmt: skip


def networks() -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for networks of every kind."""
    market = st.fixed_dictionaries(
        {"kind": st.just("market"), "close": st.sampled_from([0, 2, 6]), "community": st.sampled_from([8, 20]),
         "town": st.sampled_from([40, 200]), "acquaintances": st.sampled_from([0.0, 3.0]), "far": _UNIT}
    )  # fmt: skip
    graph = st.fixed_dictionaries(
        {"kind": st.sampled_from(KINDS), "ties": st.sampled_from([2.0, 4.0]), "p": _UNIT,
         "tie": st.sampled_from(["household", "close", "acquaintance"])}
    )  # fmt: skip
    return market | graph


def segments() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return a strategy for one or two segments."""
    one = {
        "revenue": st.sampled_from([20.0, 60.0]), "calls": st.sampled_from([0.9, 6.0]),
        "churn": st.sampled_from([0.0, 0.1, 0.6]), "under_contract": _UNIT, "advocates": _UNIT,
        "commitment": st.sampled_from([0.1, 0.5, 0.9]), "credit_seekers": _UNIT,
        "calls_follow_revenue": st.sampled_from([-1.0, 0.0, 0.5]), "account_avoidable": _UNIT,
        "variable_cost": st.sampled_from([0.0, 0.4]), "variable_avoidable": _UNIT,
        "settles_like": st.sampled_from(["calls", "returns", "data", "nothing"]),
        "household_follows": st.sampled_from([None, 0.0, 0.5, 1.0]),
    }  # fmt: skip
    single = st.fixed_dictionaries({"name": st.just("a"), "share": st.just(1.0), **one}).map(lambda a: [a])
    pair = st.tuples(
        st.fixed_dictionaries({"name": st.just("a"), "share": st.just(0.6), **one}),
        st.fixed_dictionaries({"name": st.just("b"), "share": st.just(0.4), **one}),
    ).map(list)
    return single | pair


def choices() -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for whom to choose; few enough that stories stay small."""
    return st.fixed_dictionaries({"limit": st.integers(0, 8)}, optional=CONDITIONS)


def policies() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return a strategy for one policy with some of its levers turned."""
    response = st.fixed_dictionaries(
        {"kind": st.sampled_from(get_args(Response.model_fields["kind"].annotation)), "after_days": st.integers(1, 5),
         "severity": st.sampled_from([0.0, 0.6, 1.4]), "news": st.sampled_from([0.5, 1.0]), "cost": _MONEY}
    )  # fmt: skip
    required = {"name": st.just("tried"), "use": st.sampled_from(USES)}
    return st.fixed_dictionaries(
        required, optional={**LEVERS, "choose": choices(), "response": response, "then": steps(), "waves": WAVES}
    ).map(lambda policy: [policy | ({"for_all": None} if policy.get("waves") else {})])


def media() -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for up to three outlets, easily moved."""
    outlet = st.fixed_dictionaries(
        {"threshold": st.sampled_from([0.0, 0.2, 1.0]), "reach": st.sampled_from([0.05, 0.5, 1.0]),
         "half_life": st.sampled_from([0.0, 2.0]), "lag": st.integers(1, 3), "national": _FLAG,
         "cost_per_dismissal": _MONEY},
        optional={"tone": _UNIT, "sides": _UNIT, "revises_after": st.integers(0, 6), "tone_after": _UNIT,
                  "sides_after": _UNIT, "acts_after_news": _UNIT, "acts_from": st.integers(0, 3),
                  "acts_to": st.integers(5, 9), "acts_a_year": _UNIT,
                  "complaints_level": st.sampled_from([0.0, 0.5, 5.0]), "case_fee": _MONEY,
                  "cases_free": st.integers(0, 2), "settlement": _MONEY, "settles_after": st.integers(0, 20),
                  "spread": st.sampled_from(["constant", "linear", "competing"]),
                  "imitation": st.sampled_from([0.0, 0.4, 3.0])},
    )  # fmt: skip
    outlets = st.lists(outlet, max_size=3).map(
        lambda several: [each | {"name": f"outlet {k}"} for k, each in enumerate(several)]
    )
    leaks = st.sampled_from([0.0, 1.0 - 1e-15, 1.0 - 1e-15])  # for each 1,000 treated a month; here few are treated
    rules = {
        "rule": st.sampled_from(["level", "taste", "story", "any"]),
        "which": st.integers(0, 2),
        "taste": st.fixed_dictionaries({"spread": st.sampled_from([0.0, 1.5]), "common": _UNIT}),
        "story": st.fixed_dictionaries(
            {"spread": st.sampled_from([0.0, 1.5]), "rate": st.sampled_from([0.5, 4.0]), "novelty": _UNIT,
             "alone": _UNIT}
        ),
        "report": st.fixed_dictionaries(
            {"median_days": st.sampled_from([0.0, 3.0]), "found_late": _UNIT, "late_from": st.just(4),
             "late_to": st.sampled_from([4, 15]), "second_peak": _UNIT, "act_size": st.sampled_from([0.0, 3.0]),
             "story_size": st.sampled_from([0.0, 0.5])}
        ),
        "ratings": st.fixed_dictionaries(
            {"effect": st.sampled_from([0.0, 0.2, 5.0]), "count": st.sampled_from([1.0, 300.0]),
             "stars": st.sampled_from([1.0, 4.0]), "half_life": st.sampled_from([2.0, 90.0])}
        ),
    }  # fmt: skip
    return st.fixed_dictionaries({"outlets": outlets, "p_leak": leaks}, optional=rules)


def people_of_note() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return a strategy for up to two people of note."""
    one = st.fixed_dictionaries(
        {"audience": st.sampled_from([0, 7, 200]), "standing": st.sampled_from([1.0, 8.0, 60.0]), "chosen": _FLAG,
         "after_days": st.integers(1, 9), "employee": _FLAG, "proof": st.sampled_from([None, 0.0, 1.0]),
         "chance": st.sampled_from([0.5, 1.0])}
    )  # fmt: skip
    return st.lists(one, max_size=2).map(lambda several: [e | {"name": f"note {k}"} for k, e in enumerate(several)])


def _or_default(step: Any, lever: str) -> Any:
    given = getattr(step, lever)
    return getattr(policy_named(step.use).defaults, lever) if given is None else given


def standing_for(scenario: Scenario, represents: int) -> Scenario:
    """Return the scenario at full size of which a simulation, each person standing for so many, has its people.

    All that it counts, and what it pays once, is so many times as much. (It is not validated: such worlds are tiny.)
    """

    def larger(step: Any) -> Any:
        changes: dict[str, Any] = {}
        if step.choose is not None and step.choose.limit is not None:
            limit = step.choose.limit * represents
            changes["choose"] = step.choose.model_copy(update={"limit": limit})
        changes["per_day"] = _or_default(step, "per_day") * represents
        if getattr(step, "programme_cost", None) is not None:
            changes["programme_cost"] = step.programme_cost * represents
        if getattr(step, "then", None) is not None:
            changes["then"] = larger(step.then)
        if hasattr(step, "response"):
            cost = step.response.cost * represents
            changes["response"] = step.response.model_copy(update={"cost": cost})
        return step.model_copy(update=changes)

    people, run, choose = scenario.population, scenario.run, scenario.choose
    if choose.limit is not None:
        choose = choose.model_copy(update={"limit": choose.limit * represents})
    counts = {"customers": people.customers * represents, "prospects": people.prospects * represents}
    outlets = tuple(
        outlet.model_copy(update={"settlement": outlet.settlement * represents}) for outlet in scenario.media.outlets
    )
    report = scenario.media.report
    report = report.model_copy(update={"act_size": report.act_size * represents})
    return scenario.model_copy(update={
        "population": people.model_copy(update=counts), "run": run.model_copy(update={"represents": represents}),
        "policies": tuple(larger(policy) for policy in scenario.policies), "choose": choose,
        "media": scenario.media.model_copy(update={"outlets": outlets, "report": report}),
    })  # fmt: skip


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Draw a scenario that one run of the reference engine takes well below a second for."""
    network = draw(networks())
    people = SIZES.get(network["kind"], draw(st.integers(11, 60)))  # more customers than a choice may take
    if network["kind"] == "random_regular" and people * round(network["ties"]) % 2:
        people += 1
    prospects = draw(st.sampled_from([0, people // 4]))
    talking = {
        "p_retell": draw(st.sampled_from([0.3, 1.0])), "p_post": draw(_UNIT), "p_defend": draw(_UNIT),
        "p_call": draw(_UNIT), "talk_days": draw(st.sampled_from([1, 20])), "audience_most": 40.0,
        "p_stop_when_known": draw(_UNIT), "audience": draw(st.sampled_from(["pareto", "lognormal"])),
        "followers_median": draw(st.sampled_from([0.0, 4.0])), "passed_on": draw(_UNIT),
        "retelling": draw(st.sampled_from(["exposure", "exposure", "threshold"])), "threshold": draw(_UNIT),
        "threshold_spread": draw(_UNIT), "duration": draw(st.sampled_from(["fixed", "geometric"])),
        "talk_mean_days": draw(st.sampled_from([1.0, 4.0])), "stopping": draw(st.sampled_from(["teller", "both"])),
    }  # fmt: skip
    return Scenario.model_validate_json(json.dumps(
        {
            "name": "drawn", "population": {
                "customers": people - prospects, "prospects": prospects, "segments": draw(segments()),
                "household_size": draw(st.sampled_from([1.0, 2.5])), "join": draw(st.sampled_from([0.02, 0.5])),
            },
            "network": network, "media": draw(media()), "policies": draw(policies()),
            "people_of_note": draw(people_of_note()),
            "choose": {"limit": draw(st.integers(0, 8)), "observed_months": draw(st.sampled_from([1, 12, 120]))}
            | (draw(st.fixed_dictionaries({}, optional=PLACES)) if network["kind"] == "market" else {}),
            "behaviour": {
                "talking": talking, "hearing": {"affected": draw(_UNIT), "sides_with_firm": draw(_UNIT)},
                "leaving": {"beta": draw(st.sampled_from([0.0, 0.4, 3.0])), "chi": draw(_UNIT),
                            "form": draw(st.sampled_from(["proportional", "additive"])),
                            "departures": draw(st.sampled_from(["contagion", "contagion", "homophily"])),
                            **draw(st.sampled_from([{}, {"beta_join": 2.0}]))},
                "calling": {"unsolved": draw(_UNIT)},
                "complaining": draw(st.fixed_dictionaries({}, optional={
                    "share": _UNIT, "first_day": st.integers(0, 2), "last_day": st.sampled_from([2, 20]),
                    "half_life": st.sampled_from([5.0, 365.0]), "before": st.sampled_from([0.0, 2.0]),
                })) | {"first_day": 0},
            },
            "money": {"income_per_call": draw(st.sampled_from([0.0, 12.0])),
                      "complaint_value": draw(st.sampled_from([0.0, 5.0])),
                      "credits_teach": draw(st.sampled_from([0.0, 1.0])), "contact_avoidable": draw(_UNIT),
                      "contact_lag_months": draw(st.sampled_from([0, 2, 5])),
                      "horizon_months": draw(st.sampled_from(["inf", 2, 3, 36])),
                      "settling": {kind: draw(_FADING) for kind in ("calls", "returns", "data")}},
            "rivals": {"poach": draw(st.sampled_from([0.0, 2.0])), "poach_after": draw(st.integers(0, 9)),
                       "refuse": draw(_UNIT)},
            "run": {"days": draw(st.sampled_from([31, 75])), "seed": draw(st.integers(0, 2**63 - 1))},
        }
    ))  # fmt: skip
