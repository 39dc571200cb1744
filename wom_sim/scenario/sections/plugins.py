"""``[plugins]``: what a scenario takes from other packages, by the names of their entry points.

Policies are named by ``use``.
"""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from wom_sim.scenario.fields import Section, key


class PluginNumber(Section):
    """A number that plug-ins read by its name; it can be set, varied, drawn and doubted as any other."""

    name: str = key(..., "The name by which a plug-in asks for it", min_length=1, max_length=60)
    value: float = key(0.0, "The number", grade="Assumption")


class Plugins(Section):
    """What other packages add, by the names of their entry points (docs/PLUGINS.md)."""

    population: str | None = key(
        None, "Who they are: a population of another package, made from that of the segments", min_length=1
    )
    network: str | None = key(
        None, "Who knows whom: a network of another package, in place of what [network] says", min_length=1
    )
    pick_up: str | None = key(
        None, "How a story becomes news: a rule of another package, in place of media.rule", min_length=1
    )
    coverage: str | None = key(
        None, "How widely an outlet that reports is read each day: a rule of another package, in place of ours",
        min_length=1,
    )  # fmt: skip
    harm: str | None = key(
        None, "What the story does to who heard it: a rule of another package, in place of ours", min_length=1
    )
    hazard: str | None = key(
        None, "How harm and departures of ties raise the hazard of leaving: a rule of another package", min_length=1
    )
    indicators: tuple[str, ...] = key((), "Indicators of other packages, beside ours in every table", max_length=100)
    charts: tuple[str, ...] = key((), "Charts of other packages, beside ours", max_length=100)
    sections: tuple[str, ...] = key(
        (), "Sections of other packages, in the report before the indicators", max_length=50
    )
    numbers: tuple[PluginNumber, ...] = key((), "Numbers that plug-ins read", max_length=200)

    @model_validator(mode="after")
    def _once(self) -> Plugins:
        lists: tuple[tuple[str, tuple[Any, ...]], ...] = (
            ("indicators", self.indicators), ("charts", self.charts), ("sections", self.sections),
            ("numbers", tuple(number.name for number in self.numbers)),
        )  # fmt: skip
        for name, listed in lists:
            if len(set(listed)) < len(listed):
                raise ValueError(f"{name}: one is given twice")
        return self

    @property
    def given(self) -> dict[str, float]:
        """Return the numbers by name."""
        return {number.name: number.value for number in self.numbers}

    def of_runs(self) -> dict[str, Any]:
        """Return as plain data what the result of a run depends on: neither charts nor sections change it."""
        data = self.model_dump(mode="json", exclude_defaults=True)
        return {name: value for name, value in data.items() if name not in ("charts", "sections")}

    def of_people(self) -> dict[str, Any]:
        """Return as plain data what people and ties depend on; nothing where neither is of another package."""
        if self.population is None and self.network is None:
            return {}
        others = ("indicators", *self.rules)
        return {name: value for name, value in self.of_runs().items() if name not in others}

    def used(self) -> list[tuple[str, str]]:
        """Return (kind, name) of each plug-in on which the result of a run depends."""
        single = [("population", self.population), ("network", self.network)]
        single += [("rule", name) for name in self.rules.values()]
        return [(kind, name) for kind, name in single if name is not None] + [
            ("indicator", name) for name in self.indicators
        ]

    @property
    def rules(self) -> dict[str, str | None]:
        """Return the rule of another package for each kind of rule, None for ours."""
        return {"pick_up": self.pick_up, "coverage": self.coverage, "harm": self.harm, "hazard": self.hazard}
