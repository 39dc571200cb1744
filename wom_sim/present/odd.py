"""The ODD protocol of one scenario, in Markdown: what this model is here, to be put behind a paper.

Purpose, entities, schedule and rules are those of every scenario (docs/ODD.md, "the general page"); here stands what
this one makes of them: who, how many, how long, which policies with which levers, every number that differs from its
default or that nobody has measured, and what is drawn. Order: Grimm et al. (2020), the second update of ODD. It is in
English, as journals ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wom_sim import __version__
from wom_sim.outcomes.own import named, own
from wom_sim.results.version import plugins_of, uses_of, version_of
from wom_sim.scenario import Scenario, fingerprint
from wom_sim.scenario.evidence import unmeasured
from wom_sim.scenario.inputs import content_of, inputs_of
from wom_sim.scenario.listing import parameters
from wom_sim.scenario.uncertain import doubts
from wom_sim.world.day import PHASES

_SHOWN = ("net_value", "lost_profitable", "joins_lost", "reached", "national_coverage", "extra_calls")


def odd_page(scenario: Scenario) -> str:
    """Return the ODD page of a scenario."""
    parts = [
        f"# ODD: {_plain(scenario.name)}", _head(scenario), *_overview(scenario), *_concepts(scenario),
        *_details(scenario),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(scenario: Scenario) -> str:
    return (
        f"Made by wom_sim {__version__} (model {version_of(scenario)}) of the scenario with the fingerprint "
        f"{fingerprint(scenario)}. What holds for every scenario (the rules with their formulas and sources, the state "
        "of a person, the order of a day) is in the general ODD page of wom_sim: `wom-sim show docs odd`."
    )


# -- overview ------------------------------------------------------------------------------------------------


def _overview(scenario: Scenario) -> Iterable[str]:
    yield "## 1. Purpose and patterns"
    yield _plain(scenario.question) or "The scenario states no question of its own."
    yield _plain(scenario.story)
    if scenario.seen:
        yield "Patterns against which it is held: " + "; ".join(_plain(each.what) for each in scenario.seen) + "."
    yield "## 2. Entities, state variables and scales"
    people, run = scenario.population, scenario.run
    rows = [
        ("customers", f"{people.customers:,}"), ("prospects", f"{people.prospects:,}"),
        ("each simulated person stands for", f"{run.represents:,}"), ("network", _network(scenario)),
        ("outlets", ", ".join(outlet.name for outlet in scenario.media.outlets) or "none"),
        ("people of note", ", ".join(note.name for note in scenario.people_of_note) or "none"),
        ("time step", "a day"), ("days", f"{run.days:,}, and {run.time_after:,} after the last act"),
        ("money counts over", "all time" if scenario.money.counted_months == float("inf")
         else f"{scenario.money.counted_months:g} months"), ("currency", scenario.currency),
    ]  # fmt: skip
    yield _table(("what", "here"), rows)
    segments = [(s.name, f"{s.share:.3g}", f"{s.revenue:g}", f"{s.calls:g}", f"{s.churn:g}") for s in people.segments]
    yield "Segments (share; revenue, calls and churn a month):"
    yield _table(("segment", "share", "revenue", "calls", "churn"), segments)
    yield "## 3. Process overview and scheduling"
    yield "Each day, in this order: " + "; ".join(_phase(phase) for phase in PHASES) + "."
    yield "The policies that are compared, each against keeping everyone on the same people, ties and luck:"
    yield _table(
        ("policy", "what the firm does", "levers that the scenario sets"), list(map(_policy, scenario.policies))
    )


def _phase(phase: Any) -> str:
    return str(getattr(phase, "name", phase)).replace("_", " ")


def _network(scenario: Scenario) -> str:
    if scenario.plugins.network is not None:
        return f"{scenario.plugins.network} (of another package)"
    return scenario.network.kind


def _policy(policy: Any) -> tuple[str, str, str]:
    said = policy.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    levers = ", ".join(f"{name} = {_value(value)}" for name, value in said.items() if name not in ("name", "use"))
    return policy.name, " then ".join(uses_of(policy)), levers or "none: the policy's own"


# -- design concepts ------------------------------------------------------------------------------------------


def _concepts(scenario: Scenario) -> Iterable[str]:
    yield "## 4. Design concepts"
    rule = scenario.media.rule
    yield (
        f"How a story becomes news: rule `{rule}`. Emergence, sensing, interaction and stochasticity are as on the "
        "general page: every draw is a function of its seed, purpose, person and day (Philox4x32-10), so that policies "
        "differ by what they do and never by luck."
    )
    yield "Observed of every run: " + ", ".join(_indicator(name) for name in _SHOWN) + ", and further indicators."
    if scenario.plugins.indicators:
        mine = [(i.name, i.unit, i.meaning) for i in map(own, scenario.plugins.indicators)]
        yield "Indicators of other packages:"
        yield _table(("indicator", "unit", "meaning"), mine)


def _indicator(name: str) -> str:
    known = named(name)
    return name if known is None else known.label


# -- details -------------------------------------------------------------------------------------------------


def _details(scenario: Scenario) -> Iterable[str]:
    yield "## 5. Initialization"
    seed = scenario.run.seed if scenario.run.world_seed is None else scenario.run.world_seed
    same = "one world for all replications" if scenario.run.same_world else "a world for each replication"
    seeds = f"seed of luck {scenario.run.seed}, of people and ties {seed}"
    yield f"{scenario.run.replications:,} replications; {seeds}; {same}."
    yield "## 6. Input data"
    files = [(key, path.name, content_of(path) or "not there") for key, path in inputs_of(scenario).items()]
    yield _table(("key", "file", "SHA-256"), files) if files else "None: people and ties are drawn."
    yield "Sources that the scenario names: " + "; ".join(map(_plain, scenario.sources)) if scenario.sources else ""
    yield "## 7. Submodels"
    yield "The rules and their sources: general page, section 7. Numbers that differ from their defaults:"
    yield _table(("key", "here", "default", "source"), list(_changed(scenario)))
    if used := plugins_of(scenario):
        yield "Parts of other packages (kind, name, version of the source): " + "; ".join(used) + "."
    assumed = [
        (each.key, _value(each.used[0] if len(each.used) == 1 else list(each.used)), each.unit, each.grade, each.source)
        for each in unmeasured(scenario)
    ]
    yield "Numbers that are estimates or assumptions, and bear on the result:"
    yield _table(("key", "here", "unit", "grade", "source"), assumed)
    drawn = [(doubt.key, doubt.origin, doubt.meaning) for doubt in doubts(scenario)]
    yield "Numbers that a run over worlds draws:"
    yield _table(("key", "why", "meaning"), drawn)


def _changed(scenario: Scenario) -> Iterable[tuple[str, str, str, str]]:
    """Yield the single numbers and choices of the scenario that are not the default."""
    for known in parameters():
        if "[]" in known.key or known.required or known.key.split(".")[0] in ("name", "question", "story", "worlds"):
            continue
        value: Any = scenario
        for part in known.key.split("."):
            value = getattr(value, part, None)
        plain = list(value) if isinstance(value, tuple) else value
        if plain is not None and not _same(plain, known.default) and not isinstance(plain, list):
            yield known.key, _value(plain), _value(known.default), known.source or known.grade


def _same(value: Any, default: Any) -> bool:
    return bool(value == default) or str(value) == str(default)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dict):
        return "; ".join(f"{name} {_value(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value[:12])) + (", ..." if len(value) > 12 else "")
    return "none" if value is None else str(value)


def _plain(text: str) -> str:
    """Return a text that Markdown takes as text, in one line."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown; "None." without rows."""
    if not rows:
        return "None."
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(_plain(str(cell)) for cell in row)} |" for row in rows]
    return "\n".join(lines)
