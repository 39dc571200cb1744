"""What is to be said of a scenario before it is run: which ties were read, which amounts converted, what is a guess."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wom_sim.scenario.amounts import rate_of
from wom_sim.scenario.beyond import beyond, in_words
from wom_sim.scenario.customers import DRAWN, known_columns, table_of
from wom_sim.scenario.duties import on_duties
from wom_sim.scenario.errors import ScenarioError, visible
from wom_sim.scenario.exchange import converted
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.posterior_of_cases import ANY, POSTERIOR, RULES
from wom_sim.scenario.rates import SOURCE, YEAR
from wom_sim.scenario.represents import simulated
from wom_sim.scenario.sections.network import MarketNetwork
from wom_sim.scenario.ties import close_by_weight, tie_file_of, ties_read
from wom_sim.words import Words

if TYPE_CHECKING:
    from wom_sim.networks.graph_file import TiesRead

_SIZE = "population.household_size"


def notes(scenario: Scenario, words: Words) -> list[str]:
    """Return a sentence or two on each thing that whoever runs a scenario should know.

    Raises
    ------
    ScenarioError
        If the file of ties or the customer table cannot be used.
    """
    said = [*on_customers(scenario, words), *on_ties(scenario, words), *on_money(scenario, words)]
    said += [*on_news(scenario, words), *on_own_rules(scenario, words), *on_duties(scenario, words)]
    return [*said, *(in_words(item, words, scenario.currency) for item in beyond(scenario))]


def notes_as_data(scenario: Scenario) -> list[str]:
    """Return the same in English; nothing of ties whose file can no longer be read."""
    words = Words("en")
    try:
        return notes(scenario, words)
    except ScenarioError:
        guesses = (in_words(item, words, scenario.currency) for item in beyond(scenario))
        return [*on_money(scenario, words), *on_duties(scenario, words), *guesses]


def on_news(scenario: Scenario, words: Words) -> list[str]:
    """Say which rule of news holds where the scenario leaves it open and does not draw it."""
    if scenario.media.rule != ANY or scenario.worlds.draw_from == POSTERIOR:
        return []
    return [words.say("note.any_rule", which=scenario.media.which, rule=RULES[scenario.media.which])]


def on_own_rules(scenario: Scenario, words: Words) -> list[str]:
    """Say where people are chosen by the harm that our rules expect, and a rule of another package makes it."""
    own = [name for name in ("harm", "hazard") if getattr(scenario.plugins, name) is not None]
    steps = [step for policy in scenario.policies for step in (policy, policy.then) if step is not None]
    choices = [scenario.choose, *(step.choose for step in steps if step.choose is not None)]
    if not own or not any(c.harm_at_most is not None or c.spare_most_harmful > 0.0 for c in choices):
        return []
    named = ", ".join(f"plugins.{name} = {visible(str(getattr(scenario.plugins, name)))}" for name in own)
    return [words.say("note.harm_by_ours", named=named)]


def on_money(scenario: Scenario, words: Words) -> list[str]:
    """Say which amounts were converted, at what rate; or that no rate is known. Nothing where all was stated."""
    exchange, rate, currency = scenario.exchange, rate_of(scenario), visible(scenario.currency)
    if rate is None:
        return [words.say("note.no_rate", currency=currency)]
    amounts = [f"{key} {words.quantity(value, unit, scenario.currency)}" for key, value, unit in converted(scenario)]
    if not amounts:
        return []
    source = visible(exchange.source) or words.say("note.rate_stated")
    if exchange.source == SOURCE:
        source = words.say("note.rate_of_year", year=YEAR)
    told = {"currency": currency, "rate": words.number(rate), "source": source, "amounts": ", ".join(amounts)}
    others = [words.say("note.converted_others", others=", ".join(exchange.others))] if exchange.others else []
    return [" ".join([words.say("note.converted", **told), *others])]


def on_customers(scenario: Scenario, words: Words) -> list[str]:
    """Say whom a customer table holds, who of them is simulated how often, what is known and what is drawn."""
    table = table_of(scenario)
    if table is None or scenario.population.file is None:
        return []
    simulated_customers, exact = simulated(scenario.population.customers, scenario.run.represents), words.exact
    name = visible(Path(scenario.population.file).name)
    said = [words.say("note.customers", file=name, customers=exact(len(table)))]
    if table.left:
        said.append(words.say(f"note.customers_left.{'one' if table.left == 1 else 'many'}", n=exact(table.left)))
    if simulated_customers != len(table):
        how = "more" if simulated_customers > len(table) else "fewer"
        said.append(words.say(f"note.customers_{how}", n=exact(simulated_customers), customers=exact(len(table))))
    known = known_columns(scenario, table)
    every = [words.say(f"note.column.{name}") for name, share in known.items() if share == 1.0]
    some = [
        words.say("note.known_in_part", column=words.say(f"note.column.{name}"), share=words.share(share))
        for name, share in known.items()
        if 0.0 < share < 1.0
    ]
    drawn = [words.say(f"note.column.{name}") for name, share in known.items() if share == 0.0]
    drawn += [words.say(f"note.column.{name}") for name in DRAWN]
    if every or some:
        said.append(words.say("note.customers_known", columns=words.listed([*every, *some])))
    said.append(words.say("note.customers_drawn", columns=words.listed(drawn)))
    return [" ".join(said)]


def on_ties(scenario: Scenario, words: Words) -> list[str]:
    """Say what was read of a file of ties, and that households are not built where ties come from elsewhere."""
    network, population = scenario.network, scenario.population
    path = tie_file_of(scenario)
    if isinstance(network, MarketNetwork):
        return [] if path is None else _on_known(scenario, path, words)
    found, unused = ties_read(scenario), _on_household_size(scenario, words)
    if found is None or path is None:
        return [" ".join([words.say("note.households_of_graph", kind=network.kind, tie=network.tie), *unused])]
    counts = _counts(found, words)
    people = words.exact(population.customers + population.prospects)
    said = [words.say("note.ties", file=Path(path).name, people=people, **counts), *_on_form(found, words)]
    return [" ".join(said), " ".join([words.say("note.households_of_file", **counts), *unused])]


def _counts(found: TiesRead, words: Words) -> dict[str, str]:
    """Return what was counted in a file of ties, as sentences take it."""
    return {name: words.exact(count) for name, count in found._asdict().items() if type(count) is int}


def _on_known(scenario: Scenario, path: str, words: Words) -> list[str]:
    """Say what was read of a file of known ties, and that the others are drawn around them."""
    found = ties_read(scenario)
    assert found is not None and isinstance(scenario.network, MarketNetwork)
    counts = _counts(found, words)
    everyone = scenario.population.customers + scenario.population.prospects
    people, tied = words.exact(everyone), words.exact(everyone - found.lonely)
    said = [words.say("note.ties_known", file=Path(path).name, people=people, tied=tied, **counts)]
    said += _on_form(found, words)
    if found.weights == "classes":
        said.append(_on_classes(scenario.network, words))
    return [" ".join([*said, words.say("note.ties_completed")])]


def _on_classes(network: MarketNetwork, words: Words) -> str:
    """Say by which weights ties are close."""
    close = close_by_weight(network)
    return words.say("note.ties_classes", close=words.exact(close.most), share=words.share(round(close.share, 2)))


def _on_household_size(scenario: Scenario, words: Words) -> list[str]:
    """Say of a size of households that the scenario sets that it has no effect; nothing where it sets none."""
    is_set = {*(scenario.worlds.known or ()), *(item.key for item in scenario.uncertain)}
    return [words.say("note.household_size_unused", key=_SIZE)] if _SIZE in is_set else []


def _on_form(found: TiesRead, words: Words) -> list[str]:
    """Say how a file of ties was read, where that is not plain: its form, columns, ids, weights, direction."""
    columns = words.say("note.ties_columns", columns=visible(found.columns)) if found.columns else ""
    said = [words.say("note.ties_form", form=found.form, columns=columns)]
    said += [words.say("note.ties_ignored", columns=visible(found.ignored))] if found.ignored else []
    said += [words.say("note.ties_named", named=words.exact(found.named))] if found.named else []
    told = found.weights not in ("", "classes")
    said += [words.say(f"note.ties_{found.weights}")] if told else []
    said += [words.say("note.ties_negative", negative=words.exact(found.negative))] if found.negative else []
    said += [words.say("note.ties_outside", outside=words.exact(found.outside))] if found.outside else []
    return [*said, words.say("note.ties_directed")] if found.directed else said
