"""What a study file may say: a question, a scenario, what is varied, how, and how often."""

from __future__ import annotations

import math
from typing import Any, Literal

from pydantic import model_validator

from wom_sim.scenario.distributions import Distribution
from wom_sim.scenario.fields import Section
from wom_sim.scenario.fields import key as entry

Kind = Literal["grid", "one_at_a_time", "latin_hypercube", "sobol", "saltelli", "morris", "table"]
SAMPLED = ("latin_hypercube", "sobol", "saltelli", "morris")
"""Designs that sample; they need ``samples``, and a range or a list of values of each factor."""
LARGEST = 10_000_000
"""Points that a design may have."""


class Factor(Section):
    """A key of the scenario that is varied: by a list of values, between a low and a high one, or by a distribution."""

    key: str = entry(..., "Key of the scenario, as --set takes it, such as policies.paid exit.payment", min_length=1)
    values: tuple[Any, ...] | None = entry(None, "Its values: numbers, texts, true or false", min_length=1)
    low: float | None = entry(None, "Lowest value, in place of a list")
    high: float | None = entry(None, "Highest value, in place of a list")
    scale: Literal["linear", "log"] = entry("linear", "How the range between low and high is divided")
    integer: bool | None = entry(None, "Whether only whole numbers are taken; as the key is, if absent")
    steps: int | None = entry(None, "Grid, one at a time: values from low to high", ge=2, le=100_000)
    distribution: Distribution | None = entry(
        None, "What is not known about it, as in a scenario, in place of a list or a range (designs that sample)"
    )

    @model_validator(mode="after")
    def _values_or_range(self) -> Factor:
        others = [n for n in ("values", "low", "high", "steps", "integer") if getattr(self, n) is not None]
        if self.distribution is not None and (others or self.scale != "linear"):
            raise ValueError(f"distribution: stands alone, but {(others or ['scale'])[0]} was given as well")
        if self.values is not None:
            self._check_values()
        elif self.low is not None and self.high is not None:
            self._check_range(self.low, self.high)
        elif self.low is not None or self.high is not None:
            raise ValueError("low and high: both are needed")
        return self

    def _check_values(self) -> None:
        if self.low is not None or self.high is not None:
            raise ValueError("values: stands alone, but low or high was given as well")
        values = self.values or ()
        if not all(isinstance(value, bool | int | float | str) for value in values):
            raise ValueError("values: must be numbers, texts, true or false")
        if len({(type(value) is bool, value) for value in values}) < len(values):
            raise ValueError("values: one is given twice")

    def _check_range(self, low: float, high: float) -> None:
        if not low < high:
            raise ValueError(f"high: must be more than low, {low:g}")
        if self.scale == "log" and low <= 0:
            raise ValueError("low: must be more than 0 on a log scale")
        if self.integer and math.ceil(low) > math.floor(high):
            raise ValueError("low: there is no whole number between low and high")


class Correlation(Section):
    """How two factors go together in the points: their rank correlation (Spearman's)."""

    between: tuple[str, str] = entry(..., "Keys of two factors that are numbers")
    rank: float = entry(..., "Rank correlation of their values over the points", gt=-1.0, lt=1.0)


class Criterion(Section):
    """What a choice must do in a world to be called good enough there: the mean of an output, at least or at most."""

    output: str = entry(..., "Indicator")
    at_least: float | None = entry(None, "Its mean over the replications must be at least this")
    at_most: float | None = entry(None, "Its mean over the replications must be at most this")

    @model_validator(mode="after")
    def _one_limit(self) -> Criterion:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("at_least, at_most: one of them is needed, and not both")
        return self


class Design(Section):
    """Which points are run."""

    kind: Kind = entry("grid", "How the points are chosen")
    samples: int | None = entry(
        None,
        "Latin hypercube: points. Sobol, Saltelli: base samples, a power of two. Morris: trajectories",
        ge=1,
        le=LARGEST,
    )
    levels: int = entry(4, "Morris: levels of each factor (even)", ge=2, le=100, multiple_of=2)
    second_order: bool = entry(False, "Sobol, Saltelli: whether pairs of factors are to be told apart")
    file: str | None = entry(None, "Table: CSV or Parquet, relative to the study, a column a factor", min_length=1)
    seed: int | None = entry(None, "Seed of the sampling; from the study's seed if absent", ge=0, lt=2**63)
    correlations: tuple[Correlation, ...] = entry((), "Latin hypercube: which factors go together, and how far")
    posterior: str | None = entry(
        None,
        "Latin hypercube: folder of a fit or its posterior.parquet, relative to the study: joint draws",
        min_length=1,
    )

    @model_validator(mode="after")
    def _of_a_hypercube_alone(self) -> Design:
        for name in ("correlations", "posterior"):
            if getattr(self, name) and self.kind != "latin_hypercube":
                independent = "its points need factors that are independent of each other"
                why = independent if self.kind in SAMPLED else "it draws nothing"
                raise ValueError(f"{name}: means nothing where kind = '{self.kind}': {why}; allowed: 'latin_hypercube'")
        return self

    @model_validator(mode="after")
    def _what_the_kind_needs(self) -> Design:
        if self.kind in SAMPLED and self.samples is None:
            raise ValueError(f"samples: missing; kind = '{self.kind}' needs it")
        if self.kind not in SAMPLED and self.samples is not None:
            raise ValueError(f"samples: means nothing where kind = '{self.kind}'")
        if self.second_order and self.kind not in ("sobol", "saltelli"):
            raise ValueError(f"second_order: means nothing where kind = '{self.kind}'; allowed: kind = 'sobol'")
        if self.kind in ("sobol", "saltelli", "morris") and self.samples == 1:
            what = "trajectories" if self.kind == "morris" else "base samples"
            raise ValueError(f"samples: given 1, allowed: 2 or more {what}; from one, no spread can be told")
        if self.kind in ("sobol", "saltelli") and self.samples is not None and self.samples & (self.samples - 1):
            near = 2 ** round(math.log2(self.samples))
            raise ValueError(f"samples: given {self.samples}, allowed: a power of two, such as {near}")
        if self.kind == "table" and self.file is None:
            raise ValueError("file: missing; kind = 'table' needs it")
        if self.kind != "table" and self.file is not None:
            raise ValueError(f"file: means nothing where kind = '{self.kind}'")
        return self


class StudyFile(Section):
    """A study: which policies of which scenario, at which points, how often."""

    name: str = entry(..., "Short name", min_length=1, max_length=80)
    question: str = entry("", "The question that the study answers")
    scenario: str = entry(..., "The scenario file, relative to the study file", min_length=1)
    policies: tuple[str, ...] | None = entry(
        None, "Which of its policies; all if absent. keep is the reference: all its figures are 0", min_length=1
    )
    reference: str | None = entry(
        None, "The policy that the others are held against when the study is analysed; keep if absent", min_length=1
    )
    replications: int = entry(10, "Runs of each policy at each point, paired by luck", ge=1, le=100_000)
    seed: int | None = entry(None, "Seed of what happens; that of the scenario if absent", ge=0, lt=2**63)
    outputs: tuple[str, ...] | None = entry(None, "Indicators in the table; all if absent", min_length=1)
    set: dict[str, Any] = entry({}, "Keys of the scenario that are set at every point")
    design: Design = Design()
    factors: tuple[Factor, ...] = entry((), "What is varied", max_length=500)
    criteria: tuple[Criterion, ...] = entry(
        (), "When a choice does well enough in a world; net value at least 0 if absent"
    )

    @model_validator(mode="after")
    def _consistent(self) -> StudyFile:
        for name, listed in (("policies", self.policies), ("outputs", self.outputs)):
            if listed is not None and len(set(listed)) < len(listed):
                raise ValueError(f"{name}: one is given twice")
        keys = [factor.key for factor in self.factors]
        if len(set(keys)) < len(keys):
            raise ValueError("factors: two have the same key")
        if self.design.kind == "table" and self.factors:
            raise ValueError("factors: a table has its factors in its columns")
        self._check_drawn()
        return self

    def _check_drawn(self) -> None:
        """Raise ValueError for distributions and correlations that the design cannot have."""
        kind = self.design.kind
        for number, factor in enumerate(self.factors):
            if factor.distribution is not None and (kind not in SAMPLED or kind == "morris"):
                why = "its steps go over a range: give low and high" if kind == "morris" else "it draws nothing"
                raise ValueError(f"factors[{number}].distribution: means nothing where kind = '{kind}': {why}")
        numbers = {f.key for f in self.factors if not any(isinstance(v, bool | str) for v in f.values or ())}
        seen: set[frozenset[str]] = set()
        for number, pair in enumerate(self.design.correlations):
            where, both = f"design.correlations[{number}].between", frozenset(pair.between)
            strange = [key for key in pair.between if key not in numbers]
            if strange:
                raise ValueError(f"{where}: given '{strange[0]}', allowed: keys of two factors that are numbers")
            if len(both) < 2 or both in seen:
                raise ValueError(f"{where}: {'a factor with itself' if len(both) < 2 else 'a pair is given twice'}")
            seen.add(both)
