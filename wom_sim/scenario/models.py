"""The scenario: its tables put together (``sections``), and what must hold between them."""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationError, model_validator

from wom_sim._notebook import Shown, ShowsItself
from wom_sim._tables import ALL_POLICIES
from wom_sim.scenario.fields import Section, key
from wom_sim.scenario.represents import check_represents
from wom_sim.scenario.sections.behaviour import Behaviour
from wom_sim.scenario.sections.choose import Choose, FirmChoose
from wom_sim.scenario.sections.duties import Country, Duties
from wom_sim.scenario.sections.exchange import Exchange
from wom_sim.scenario.sections.media import Media
from wom_sim.scenario.sections.money import Money
from wom_sim.scenario.sections.network import MarketNetwork, Network
from wom_sim.scenario.sections.people_of_note import PersonOfNote
from wom_sim.scenario.sections.plugins import Plugins
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.sections.population import Population
from wom_sim.scenario.sections.rivals import Rivals
from wom_sim.scenario.sections.run import Run
from wom_sim.scenario.sections.search import Search
from wom_sim.scenario.sections.seen import Seen, check_seen
from wom_sim.scenario.sections.texts import Texts
from wom_sim.scenario.sections.verdict import Verdict
from wom_sim.scenario.sections.worlds import Uncertain, Worlds

_DAYS_OF_MONTH = 30


class Scenario(Section, ShowsItself):
    """People, ties, media, behaviour, money, a run, and the policies to compare."""

    name: str = key(..., "Short name", min_length=1, max_length=80)
    question: str = key("", "The question that the scenario answers")
    story: str = key("", "What happened, or what is planned")
    sources: tuple[str, ...] = key((), "Where the facts come from")
    texts: Texts = key(Texts(), "These texts, and names of policies, in further languages")
    currency: str = key(
        "USD",
        "Currency of every amount that the scenario states; defaults are US dollars, and converted (exchange)",
        min_length=1,
        max_length=8,
    )
    population: Population = key(..., "Who they are")
    network: Network = key(MarketNetwork(), "Who knows whom")
    media: Media = Media()
    behaviour: Behaviour = Behaviour()
    money: Money = Money()
    rivals: Rivals = Rivals()
    country: Country | None = key(
        None,
        "Country whose authorities and duties there are: it sets media.outlets, behaviour.complaining and duties where "
        "you do not; nobody's if absent",
    )
    duties: Duties = Duties()
    run: Run = Run()
    worlds: Worlds = Worlds()
    people_of_note: tuple[PersonOfNote, ...] = key(
        (), "People with an audience and a standing of their own", max_length=20
    )
    seen: tuple[Seen, ...] = key(
        (), "What was seen when it was done, from which wom-sim fit learns about what nobody knows", max_length=200
    )
    exchange: Exchange = Exchange()
    verdict: Verdict = Verdict()
    choose: FirmChoose = key(FirmChoose(), "Whom to let go, for every policy that does not say otherwise")
    policies: tuple[Policy, ...] = key(
        ..., "The policies to compare; keep is always added", min_length=1, max_length=50
    )
    search: Search = Search()
    plugins: Plugins = Plugins()
    uncertain: tuple[Uncertain, ...] = Field((), json_schema_extra={"internal": True})
    """The distributions that stand in the file where numbers would; the number in their place is the central one."""

    def _shown(self) -> Shown:
        """Return name, question, people and policies."""
        p = self.population
        size = f"{p.customers:,} customers, {p.prospects:,} prospects, {self.run.days:,} days, "
        size += f"{self.run.replications:,} replications, seed {self.run.seed}"
        rows = [[policy.name, policy.use] for policy in self.policies]
        return Shown(self.name, [text for text in (self.question, size) if text], ["policy", "what it is"], rows)

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        names = [p.name for p in self.policies]
        if len(set(names)) < len(names):
            raise ValueError("policies: each needs a name of its own")
        if any(p.name.casefold() == "keep" and p.use != "keep" for p in self.policies):
            raise ValueError("policies: the name keep is reserved for the policy keep")
        if any(p.name.casefold() == ALL_POLICIES for p in self.policies):
            raise ValueError(f"policies: the name {ALL_POLICIES} is reserved for rows of tables that are about all")
        _check_search(self.search, names)
        _check_limits(self)
        _check_areas(self)
        _check_months(self)
        known = {s.name for s in self.population.segments}
        _check_table(self)
        check_seen(self.seen, known, names, self.run.days)
        n = self.population.customers
        for policy in self.policies:
            chosen = policy.choose or self.choose
            unknown = sorted(set(chosen.segments or ()) - known)
            if unknown:
                raise ValueError(f"choose.segments: {', '.join(unknown)} is not one of {', '.join(sorted(known))}")
            numbers = () if self.population.file is not None else chosen.ids or ()
            if any(isinstance(i, str) or not 0 <= i < n + self.population.prospects for i in numbers):
                raise ValueError(f"choose.ids: people are numbered 0 to {n + self.population.prospects - 1}")
        check_represents(self)
        return self


def choices_of(scenario: Scenario) -> list[tuple[str, Choose]]:
    """Return every choice of whom to let go by its path: the scenario's, each policy's, and of what follows it."""
    choices: list[tuple[str, Choose | None]] = [("choose", scenario.choose)]
    for number, policy in enumerate(scenario.policies):
        choices.append((f"policies.{number}.choose", policy.choose))
        choices.append((f"policies.{number}.then.choose", policy.then.choose if policy.then is not None else None))
    return [(path, choose) for path, choose in choices if choose is not None]


def _check_table(scenario: Scenario) -> None:
    """Raise ValueError if a choice asks for what only a customer table knows, without one."""
    if scenario.population.file is not None:
        return
    for path, choose in choices_of(scenario):
        if choose.where is not None:
            raise ValueError(f"{path}.where: given without population.file, whose columns it could ask for")


def _check_limits(scenario: Scenario) -> None:
    """Raise ValueError if a choice, or a value to try for it, may take more customers than there are.

    More than meet the conditions of a choice is no fault: then it takes them all.
    """
    customers = scenario.population.customers
    limits = [(path, choose.limit) for path, choose in choices_of(scenario)]
    limits += [("search.choose", limit) for limit in scenario.search.choose.limit or ()]
    for path, limit in limits:
        if limit is not None and limit > customers:
            raise ValueError(
                f"{path}.limit: given {limit:_}, allowed: at most as many as there are customers, "
                f"population.customers = {customers:_}"
            )


def _check_areas(scenario: Scenario) -> None:
    """Raise ValueError if a choice asks where people live, and the network does not say."""
    if scenario.network.kind == "market":
        return
    for path, choose in choices_of(scenario):
        if choose.in_an_area:
            asked = "area_from" if choose.area_to is None else "area_to"
            raise ValueError(
                f"{path}.{asked}: given with network.kind = {scenario.network.kind!r}, allowed: with network.kind = "
                "'market', in which people have a place; else a segment can stand for an area"
            )


def _check_months(scenario: Scenario) -> None:
    """Raise ValueError if money counts for less than the run."""
    months, days = scenario.money.horizon_months, scenario.run.days
    if months * _DAYS_OF_MONTH < days - days % _DAYS_OF_MONTH:
        raise ValueError(
            f"money.horizon_months: given {months}, allowed: at least the {days // _DAYS_OF_MONTH} months of the run, "
            f"run.days = {days}"
        )


def _check_search(search: Search, policies: list[str]) -> None:
    """Raise ValueError if a policy to search is not there, or a value to try is not one that its lever may have."""
    unknown = sorted(set(search.policies or ()) - set(policies))
    if unknown:
        raise ValueError(f"search.policies: {', '.join(unknown)} is not one of {', '.join(policies)}")
    for path, values in search.levers().items():
        table, _, name = path.rpartition(".")
        for value in values:
            lever: dict[str, Any] = {table: {name: value}} if table else {name: value}
            try:
                Policy.model_validate({"name": "tried", "use": "keep"} | lever)
            except ValidationError as error:
                said = error.errors(include_url=False)[0]["msg"].removeprefix("Input should be ")
                raise ValueError(f"search.{path}: given {value}, allowed: {said}") from None
