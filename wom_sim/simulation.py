"""One run: scenario -> world -> treatments -> engine -> trace -> outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from wom_sim._compile import kernel
from wom_sim._notebook import Shown, ShowsItself
from wom_sim.networks import market
from wom_sim.outcomes.attribution import Media, Traced, traced
from wom_sim.outcomes.attribution_tables import attribution_of_run
from wom_sim.outcomes.indicators import INDICATORS, read_all
from wom_sim.outcomes.ledger import Prices, book_price_paid
from wom_sim.outcomes.ledger_tables import ledger_frame
from wom_sim.policies import policy as policy_named
from wom_sim.policies.sequence import in_sequence
from wom_sim.policies.setting import Choice, LastResort, Levers, Scores, Setting
from wom_sim.populations import synthetic
from wom_sim.rules.attention import effect_of_response
from wom_sim.rules.leaving import base_hazard, lock
from wom_sim.rules.money import customer_value, discount_while_learning, monthly_profit
from wom_sim.scenario import Scenario
from wom_sim.scenario.behaviour import Responding
from wom_sim.scenario.models import Choose, GraphFile, MarketNetwork, Policy, Response, Then
from wom_sim.words import Words
from wom_sim.world import trace as tr
from wom_sim.world.luck import replication_seed
from wom_sim.world.network import CLASS_NAMES, Network
from wom_sim.world.numbers import Numbers
from wom_sim.world.outlets import OUTLET_TYPE, Outlets, outlets_from
from wom_sim.world.people import CUSTOMER, SEEKER, People
from wom_sim.world.treatments import Treatments
from wom_sim.world.world import World

KEEP = Policy(name="keep", use="keep")
_COMMUNITY = 150


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


# -- world ---------------------------------------------------------------------------------------------------


def segments_of(scenario: Scenario) -> synthetic.Segments:
    """Return the segments as columns."""
    segments = scenario.population.segments
    upto = np.cumsum([s.share for s in segments])
    upto[-1] = 1.0
    fields = [f for f in synthetic.Segments._fields if f != "upto"]
    return synthetic.Segments(upto, *(np.array([float(getattr(s, f)) for s in segments]) for f in fields))


def census_of(scenario: Scenario) -> synthetic.Census:
    """Return how many there are and how they live. Only the market network knows households."""
    p, net = scenario.population, scenario.network
    in_market = isinstance(net, MarketNetwork)
    return synthetic.Census(
        p.customers, p.prospects, net.community if isinstance(net, MarketNetwork) else _COMMUNITY,
        p.household_size if in_market else 1.0, p.alike_in_household, p.alike_in_community, p.join,
        p.segments[0].talkativeness_spread,
    )  # fmt: skip


def world_seed(scenario: Scenario, replication: int = 0) -> int:
    """Return the seed of people and ties."""
    base = scenario.run.seed if scenario.run.world_seed is None else scenario.run.world_seed
    return base if scenario.run.same_world else replication_seed(base, 1_000_000 + replication)


def luck_seed(scenario: Scenario, replication: int) -> int:
    """Return the seed of what happens in a replication."""
    return replication_seed(scenario.run.seed, replication)


def build_world(scenario: Scenario, replication: int = 0, workers: int | None = None) -> World:
    """Return people, ties and media. The same scenario and seed give the same world, whatever ``workers``.

    Raises
    ------
    ValueError
        If the network cannot be made, in words.
    """
    seed = world_seed(scenario, replication)
    people = synthetic.build(census_of(scenario), segments_of(scenario), seed, workers)
    world = World(people, _network(scenario, people, seed, workers), np.zeros(0, OUTLET_TYPE))
    return settled(world, scenario)


def settled(world: World, scenario: Scenario, groups: bool = True) -> World:
    """Return a world of the same people and ties with what the scenario's numbers decide: groups, newcomer, media.

    ``groups``: whether to write anew who is profitable, into the people themselves; a world of theirs that was
    settled before must then no longer be used. Notes are empty.
    """
    money = scenario.money
    costs = (money.net_cost_per_call, money.credit_per_call, money.profitable_above)
    if groups:
        settle_groups(world.people, costs)
    newcomer = mean_value(world.people, costs, scenario.behaviour.leaving.locked, monthly_discount(scenario))
    segments = len(scenario.population.segments)
    return world._replace(outlets=outlets_of(scenario), newcomer=newcomer, notes={}, segments=segments)


def outlets_of(scenario: Scenario) -> Outlets:
    """Return the media; the usual chance to side with the firm is written as -1."""
    rows = []
    for outlet in scenario.media.outlets:
        views = {name: getattr(outlet, name) for name in ("sides", "sides_after")}
        row = {name: getattr(outlet, name) for name in OUTLET_TYPE.names or () if name not in views}
        rows.append(row | {name: _or(value, -1.0) for name, value in views.items()})
    return outlets_from(rows)


def _network(scenario: Scenario, people: People, seed: int, workers: int | None) -> Network:
    net = scenario.network
    if isinstance(net, MarketNetwork):
        plan = market.plan(len(people), net.community, net.town, net.close, net.close_rewired)
        plan = market.with_acquaintances(plan, net.acquaintances, net.acquaintances_spread, net.far)
        return market.build(plan, np.ascontiguousarray(people["member"]), seed, workers)
    tie_class = CLASS_NAMES.index(net.tie)
    if isinstance(net, GraphFile):
        from wom_sim.networks import graph_file

        return graph_file.build(net.path, len(people), tie_class)
    from wom_sim.networks import standard

    return standard.build(net.kind, len(people), net.ties, net.p, tie_class, seed)


@kernel
def settle_groups(people: People, costs: tuple[float, float, float]) -> None:
    """Fill the column ``group``.

    ``costs`` is (cost per call, credit per call, profit above which a customer is profitable).
    """
    for i in range(people.size):
        person = people[i]
        group = np.int64(tr.G_PROSPECT)
        if person.traits & CUSTOMER:
            seeker = (person.traits & SEEKER) != 0
            profit = monthly_profit(np.float64(person.margin), np.float64(person.calls), seeker, costs[0], costs[1])
            row = tr.S_FIRST + np.int64(person.segment)
            group = row << tr.SEGMENT_SHIFT | tr.G_CUSTOMER | (tr.G_PROFITABLE if profit > costs[2] else 0)
        person.group = group


@kernel
def mean_value(people: People, costs: tuple[float, float, float], locked: float, discount: float) -> float:
    """Return the mean expected value of a customer (currency), 0 if there are none; ``costs`` as above."""
    total, count = 0.0, 0
    for i in range(people.size):
        person = people[i]
        if person.traits & CUSTOMER:
            seeker = (person.traits & SEEKER) != 0
            profit = monthly_profit(np.float64(person.margin), np.float64(person.calls), seeker, costs[0], costs[1])
            churn = base_hazard(np.float64(person.churn), lock(np.int64(person.contract), 0, locked, False), 1.0)
            total += customer_value(profit, churn, discount)
            count += 1
    return total / max(1, count)


# -- numbers -------------------------------------------------------------------------------------------------


def monthly_discount(scenario: Scenario) -> float:
    """Return the discount rate a month."""
    return float((1.0 + scenario.money.discount) ** (1.0 / 12.0) - 1.0)


def numbers_of(scenario: Scenario, policy: Policy, newcomer: float) -> Numbers:
    """Return the numbers of a run; ``newcomer`` is the value of an average new customer (currency)."""
    b, media, money, response = scenario.behaviour, scenario.media, scenario.money, policy.response
    talking, hearing, leaving = b.talking, b.hearing, b.leaving
    levers = levers_of(scenario, policy)
    known = {name: getattr(part, name) for part in (talking, hearing, leaving) for name in type(part).model_fields}
    known |= {
        "days": scenario.run.days,
        "stranger_half_life": _or(talking.stranger_half_life, talking.talk_half_life),
        "victim_tells": _by_tie(talking.victim_tells),
        "hearer_tells": _by_tie(talking.hearer_tells),
        "departure_weight": _by_tie(leaving.departure_weight),
        "weight": (0.0, *(getattr(hearing.weight, name) for name in tr.CHANNEL_NAMES[1:7])),
        "sides": hearing.sides_if_abuse if levers.abuse_credible else hearing.sides_with_firm,
        "beta_join": leaving.beta * leaving.beta_join_ratio,
        "buzz_half_life": media.buzz_half_life,
        "pause_above": levers.pause_above or 0.0,
        "response_after": 0 if response.kind == "ignore" else response.after_days,
        "response_severity": response.severity,
        "response_news": _news_of(response, b.responding),
        "response_cost": response.cost,
        "response_reinstates": int(response.kind == "reinstate"),
        "programme_cost": levers.programme_cost,
        "unsolved": b.calling.unsolved,
        "calls_again_after": b.calling.again_after,
        "poach": scenario.rivals.poach,
        "poach_after": scenario.rivals.poach_after,
        "poach_days": scenario.rivals.poach_days,
        "cost_per_call": money.net_cost_per_call,
        "credit_per_call": money.credit_per_call,
        "complaint_value": money.complaint_value,
        "credits_teach": money.credits_teach,
        "learning_discount": discount_while_learning(monthly_discount(scenario), money.credits_teach_months),
        "profitable_above": money.profitable_above,
        "discount": monthly_discount(scenario),
        "acquisition_cost": money.acquisition_cost,
        "new_customer_value": newcomer,
        "fees_collectable": money.fees_collectable,
    }
    return Numbers(**{name: known[name] for name in Numbers._fields})


def _or(given: float | None, otherwise: float) -> float:
    return otherwise if given is None else given


def _news_of(response: Response, effects: Responding) -> float:
    """Return the factor of a response on the newsworthiness of posts."""
    if response.news is not None or response.kind == "ignore":
        return _or(response.news, 1.0)
    return float(effect_of_response(getattr(effects, response.kind), response.after_days, effects.prompt_days))


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


def _choice(choose: Choose, scenario: Scenario) -> Choice:
    names = [s.name for s in scenario.population.segments]
    values = {name: getattr(choose, name) for name in Choice.__dataclass_fields__}
    if choose.segments is not None:
        values["segments"] = tuple(names.index(name) for name in choose.segments)
    return Choice(**values)


def scores_of(scenario: Scenario) -> Scores:
    """Return the numbers that policies need."""
    fair, media, money = scenario.behaviour.fairness, scenario.media, scenario.money
    leaving, calling = scenario.behaviour.leaving, scenario.behaviour.calling
    return Scores(
        channel=fair.channel.model_dump(),
        framing=fair.framing.model_dump(),
        framing_shift=fair.framing_shift.model_dump(),
        action_severity=fair.severity.model_dump(),
        action_observed=fair.observed.model_dump(),
        action_news=media.action_news.model_dump(),
        action_hazard={
            "nudge": leaving.nudged, "downgrade": leaving.downgraded, "cap_credits": leaving.credits_capped,
            "fix_root_cause": leaving.repaired, "guarantee": leaving.guaranteed,
        },
        action_agree={
            "reprice": fair.agree_to_price, "nudge": fair.agree_to_nudge, "downgrade": fair.agree_to_downgrade,
            "transfer": fair.agree_to_transfer, "cap_credits": fair.agree_to_cap_credits,
        },
        channel_news=media.channel_news.model_dump(),
        handling=money.handling.model_dump(),
        fairness_weights=(fair.weight_distributive, fair.weight_interactional, fair.weight_procedural),
        grievance_if_agreed=fair.grievance_if_agreed,
        agree_by_letter=fair.agree_by_letter,
        agree_in_person=fair.agree_in_person,
        explained_away=fair.explained_away,
        p_call_victim=scenario.behaviour.talking.p_call_victim,
        fees_collectable=money.fees_collectable,
        cost_per_call=money.net_cost_per_call,
        credit_per_call=money.credit_per_call,
        account_cost=tuple(s.account_cost for s in scenario.population.segments),
        usual_calls=tuple(s.calls for s in scenario.population.segments),
        price_sensitivity=leaving.price_sensitivity,
        call_elasticity=calling.elasticity,
        time_per_call=calling.time_per_call,
        discount=monthly_discount(scenario),
        last_resort=LastResort(**money.last_resort.model_dump()),
        p_leak=media.p_leak,
        leak_news=media.leak_news,
        mistake=fair.mistake.model_dump(),
        forewarned=(fair.less_if_announced, fair.less_if_helped),
        calls_settle=money.calls_settle,
        repair_months=calling.repair_months,
        guarantee_share=money.guarantee_share,
        refused=(scenario.rivals.refuse, scenario.rivals.refused_cost),
    )  # fmt: skip


def treatments_of(scenario: Scenario, policy: Policy, world: World, seed: int) -> Treatments:
    """Return what the firm does under a policy, given people, ties and luck.

    Raises
    ------
    ValueError
        If the policy cannot be carried out, in words.
    """
    levers, scores = levers_of(scenario, policy), scores_of(scenario)
    setting = Setting(world.people, world.network, np.uint64(seed), levers, scores, world.notes)
    first = policy_named(policy.use)
    if policy.then is None:
        return first.plan(setting)
    later, own = levers_of(scenario, policy.then), policy.then.choose is not None
    if not own:
        later = replace(later, choose=levers.choose)
    return in_sequence(setting, first, policy_named(policy.then.use), later, policy.then.after_days, own_choice=own)


# -- a run ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result(ShowsItself):
    """One policy, once: its trace, and what came of it as pandas objects."""

    scenario: Scenario
    policy: str
    replication: int
    treatments: Treatments
    trace: tr.Trace

    def _shown(self) -> Shown:
        """Return every indicator in the words of its unit."""
        words, measured = Words("en"), self.measured
        rows = [[i.label, words.quantity(measured[i.name], i.unit, self.scenario.currency), i.unit] for i in INDICATORS]
        title = f"{self.scenario.name}: {self.policy}, replication {self.replication}"
        note = "One run, relative to keeping everyone: it says nothing about chance."
        return Shown(title, [note], ["indicator", "value", "unit"], rows)

    @property
    def indicators(self) -> pd.Series:
        """Return every indicator by name."""
        return pd.Series(self.measured, name=self.policy)

    @property
    def measured(self) -> dict[str, float]:
        """Return the same as a plain dictionary."""
        return read_all(self.trace, self.scenario.population.customers)

    @property
    def daily(self) -> pd.DataFrame:
        """Return the daily table; units are in ``wom_sim.world.trace.DAILY``, money is in currency."""
        return daily_table(self.trace)

    @property
    def events(self) -> pd.DataFrame:
        """Return the event log in canonical order, with names instead of codes; empty unless it was kept."""
        return events_table(self.trace)

    @property
    def ledger(self) -> pd.Series:
        """Return the ledger by line in currency, positive where it is good for the firm."""
        lines = self.trace.book.ledger.sum(axis=(0, 1)) / 100.0
        return pd.Series(lines, index=list(tr.LEDGER_NAMES), name=self.policy)

    def traced(self) -> Traced:
        """Return every act traced to its origins. Raises ValueError unless the event log was kept."""
        return traced_of(self)

    @property
    def attribution(self) -> pd.DataFrame:
        """Return where departures, joins lost and calls come from, by effect, dimension and value."""
        return attribution_of_run(self.traced(), [o.name for o in self.scenario.media.outlets])

    @property
    def ledger_table(self) -> pd.DataFrame:
        """Return segment, month, line and amount of the ledger (currency), without what is zero."""
        return ledger_frame(self.trace.book.ledger, [s.name for s in self.scenario.population.segments])


def traced_of(result: Result) -> Traced:
    """Return every act of a run traced to its origins.

    Raises
    ------
    ValueError
        If the event log was not kept.
    """
    book = result.trace.book
    if len(book.log) == 0:
        raise ValueError("events: given none, needed to trace who told whom (events=True)")
    numbers = numbers_of(result.scenario, policy_of(result.scenario, result.policy), 0.0)
    media = Media(numbers.buzz_half_life, numbers.response_news if numbers.response_after > 0 else 1.0)
    return traced(book.log[: int(book.used[0])], media)


def daily_table(trace: tr.Trace) -> pd.DataFrame:
    """Return the daily table of a trace."""
    table = daily_columns(trace.book.daily, trace.buzz)
    table.insert(0, "day", np.arange(len(table)))
    return table


def daily_columns(daily: np.ndarray, buzz: np.ndarray) -> pd.DataFrame:
    """Return rows of a daily table and their buzz with the names of columns, money in currency."""
    columns = {name: daily[:, k] for k, name in enumerate(tr.DAILY_NAMES)}
    return pd.DataFrame(columns | {"money": columns["money"] / 100.0, "buzz": buzz})


def events_table(trace: tr.Trace) -> pd.DataFrame:
    """Return the event log of a trace; ``source`` is the person or outlet told by, -1 if nobody.

    ``segment`` is the number of a customer's segment, -1 of nobody's. Where ``line`` names a line of the ledger,
    ``amount`` is what is booked there (1/100 currency at day 0, positive if good for the firm).
    """
    log = trace.events()
    channel = log["source"] >> tr.SOURCE_SHIFT
    who = (log["source"] & tr.SOURCE_ID).astype(np.int64)
    row = (log["group"] >> tr.SEGMENT_SHIFT).astype(np.int64)
    line = np.minimum(log["line"], len(tr.LEDGER_NAMES)).astype(int)
    return pd.DataFrame(
        {
            "day": log["day"].astype(np.int32),
            "person": log["person"],
            "event": pd.Categorical.from_codes(log["event"].astype(int), list(tr.EVENT_NAMES)),
            "channel": pd.Categorical.from_codes(channel.astype(int), list(tr.CHANNEL_NAMES)),
            "source": np.where(channel == tr.NOBODY, -1, who),
            "cause": pd.Categorical.from_codes(log["cause"].astype(int), list(tr.CAUSE_NAMES)),
            "label": pd.Categorical.from_codes(log["label"].astype(int), list(tr.LABEL_NAMES)),
            "profitable": (log["group"] & tr.G_PROFITABLE) != 0,
            "treated": (log["group"] & tr.G_TREATED) != 0,
            "segment": np.where(row < tr.S_FIRST, -1, row - tr.S_FIRST),
            "line": pd.Categorical.from_codes(line, [*tr.LEDGER_NAMES, ""]),
            "amount": log["amount"],
        }
    )


def run_policy(
    scenario: Scenario, policy: Policy, world: World, engine: Any, replication: int, *, events: bool = False
) -> Result:
    """Return the result of one policy in one replication on a world that stands.

    ``engine`` is a compiled ``Engine`` of that world, or the string "reference".
    """
    seed = luck_seed(scenario, replication)
    numbers = numbers_of(scenario, policy, world.newcomer)
    treatments = treatments_of(scenario, policy, world, seed)
    if engine == "reference":
        from wom_sim.engines.reference import Market

        trace = Market(world, numbers, treatments, seed=seed, events=events).run().result()
    else:
        trace = engine.run(numbers, treatments, seed, events=events)
    prices = Prices(
        numbers.days, numbers.discount, numbers.cost_per_call, numbers.credit_per_call, numbers.credits_teach,
        numbers.learning_discount,
    )  # fmt: skip
    trace = book_price_paid(trace, treatments, world.people, prices)
    return Result(scenario, policy.name, replication, treatments, trace)


def simulate(
    scenario: Scenario,
    policy: str,
    *,
    replication: int = 0,
    engine: str = "compiled",
    events: bool = True,
    world: World | None = None,
) -> Result:
    """Run one policy of a scenario once.

    Parameters
    ----------
    scenario : Scenario
        From ``load_scenario``.
    policy : str
        Name of one of its policies, or ``keep``.
    replication : int
        Which luck; 0 is the first.
    engine : {"compiled", "reference"}
        Both give the same result.
    events : bool
        Whether the event log is kept.
    world : World, optional
        From ``build_world``; built if left out.

    Raises
    ------
    ValueError
        If the policy or the engine is unknown, or the world cannot be made.
    """
    if engine not in ("compiled", "reference"):
        raise ValueError(f"engine: given {engine!r}, allowed: compiled, reference")
    chosen = policy_of(scenario, policy)
    stands = build_world(scenario, replication) if world is None else world
    if engine == "compiled":
        from wom_sim.engines.compiled import Engine

        return run_policy(scenario, chosen, stands, Engine(stands), replication, events=events)
    return run_policy(scenario, chosen, stands, engine, replication, events=events)
