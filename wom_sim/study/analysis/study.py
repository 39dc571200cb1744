"""A finished study as tables: what was varied, and what came out at each point, for each policy and replication."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim._tables import read_csv
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.own import named, others_in

KEEP = "keep"
"""Every indicator is relative to keeping everyone, so a difference to ``keep`` is the indicator itself."""

AS_GIVEN = "as given"
"""An empty cell of a table of points: the scenario's own value."""

KINDS = ("grid", "one_at_a_time", "latin_hypercube", "sobol", "saltelli", "morris", "table")
SCATTERED = ("latin_hypercube", "sobol", "saltelli")
"""Designs whose points are spread over the whole space of the factors."""

_HEAD = ("point", "policy", "replication")
_ALL_OUTPUTS = tuple(indicator.name for indicator in INDICATORS)


class NotApplicableError(ValueError):
    """An analysis that the study could have cannot be made; the message says why, and what would help."""

    @property
    def why(self) -> str:
        """Return the message, which knows how it is said in another language."""
        text: str = self.args[0]
        return text


class OtherDesignError(NotApplicableError):
    """An analysis is made for another kind of design; the message says for which."""


class NothingFoundError(NotApplicableError):
    """An analysis was made and there is nothing to write down: that is what was found."""


class StudyError(ValueError):
    """A study folder is not as it must be; the message says what was found, what is allowed, and where."""


class Factor(NamedTuple):
    """What is varied; bounds and scale matter only where it is a number. ``values``: those listed, in their order."""

    key: str
    numeric: bool
    low: float
    high: float
    log: bool
    values: tuple[Any, ...] = ()

    def unit_scale(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return values as shares of the way from low to high, on the factor's own scale; 0 if there is no way."""
        if self.high <= self.low:
            return np.zeros(len(values))
        if self.log:
            return np.log(values / self.low) / np.log(self.high / self.low)
        return (values - self.low) / (self.high - self.low)


class Response(NamedTuple):
    """One output of one policy: points x replications, NaN where a run is missing.

    ``paired``: it is the difference to a policy other than keeping everyone, to which every output is relative.
    """

    policy: str
    output: str
    runs: NDArray[np.float64]
    paired: bool = False

    @property
    def chance(self) -> bool:
        """Return whether the output is a chance, so that each run is 0 or 1; a difference of two is not."""
        return not self.paired and (found := named(self.output)) is not None and found.unit == "chance"

    @property
    def signed(self) -> bool:
        """Return whether the output may be below zero: money, a difference, or what was seen below zero."""
        known = named(self.output)
        return self.paired or known is None or known.signed or bool((self.runs < 0.0).any())

    @property
    def direction(self) -> str:
        """Return which direction is better for the firm: "more", "less" or ""."""
        known = named(self.output)
        return "more" if known is None else known.direction

    @property
    def head(self) -> dict[str, str]:
        """Return the columns that name it."""
        return {"policy": self.policy, "output": self.output}

    @property
    def means(self) -> NDArray[np.float64]:
        """Return the mean over replications of each point; NaN where no run is there."""
        seen = (~np.isnan(self.runs)).sum(axis=1)
        total = np.nansum(self.runs, axis=1)
        return np.divide(total, seen, out=np.full(len(total), np.nan), where=seen > 0)


@dataclass(frozen=True)
class Study:
    """What was varied (``design``: point, one column a factor) and what came out (``table``).

    ``table`` has point, policy, replication and a column for each output. Values are relative to the policy
    ``reference``. ``seed`` is that of resampling, never 0. ``watch`` is called with how many responses an analysis
    has done, and how many there are, before each; ``leave_out`` with what an analysis leaves out of its table, and why.
    ``unused``: (policy, factor) where no result of the policy can depend on the factor. ``central``: numbers that the
    scenario gives as distributions, and the central value that every run took. ``currency``: the code of money, ""
    where the folder does not say. ``criteria``: (output, ">=" or "<=", limit), what must hold for a choice to do well.
    """

    kind: str
    factors: tuple[Factor, ...]
    design: pd.DataFrame
    table: pd.DataFrame
    outputs: tuple[str, ...]
    reference: str = KEEP
    seed: int = 1
    watch: Callable[[int, int], None] = lambda done, total: None
    leave_out: Callable[[str], None] = lambda reason: None
    unused: frozenset[tuple[str, str]] = frozenset()
    central: Mapping[str, float] = field(default_factory=dict)
    currency: str = ""
    criteria: tuple[tuple[str, str, float], ...] = ()

    def uses(self, policy: str, key: str) -> bool:
        """Return whether a result of a policy, relative to the reference, can depend on a factor."""
        return any((name, key) not in self.unused for name in (policy, self.reference) if name != KEEP)

    @property
    def idle(self) -> list[str]:
        """Return the factors that no policy of the study uses."""
        return [f.key for f in self.factors if not any(self.uses(policy, f.key) for policy in self.policies)]

    @property
    def missing(self) -> dict[str, int]:
        """Return at how many points a policy has no run at all, for each policy that lacks some."""
        there = {policy: len(np.unique(points)) for policy, (_, points, _) in self._places.items()}
        gaps = {policy: len(self.design) - there.get(policy, 0) for policy in self.policies}
        return {policy: n for policy, n in gaps.items() if n}

    @property
    def policies(self) -> list[str]:
        """Return the policies other than the reference, as they first appear."""
        return [p for p in dict.fromkeys(self.table["policy"]) if p not in (self.reference, KEEP)]

    def columns(self, factors: Sequence[Factor] | None = None) -> NDArray[np.float64]:
        """Return the numeric factors as points x factors."""
        chosen = self.numeric if factors is None else factors
        return self.design[[f.key for f in chosen]].to_numpy(dtype=float)

    @property
    def numeric(self) -> tuple[Factor, ...]:
        """Return the factors that are numbers and vary."""
        return tuple(f for f in self.factors if f.numeric and f.high > f.low)

    @property
    def varied(self) -> tuple[Factor, ...]:
        """Return the factors that take more than one value."""
        return tuple(f for f in self.factors if len(set(self.column(f))) > 1)

    def coded(self, factors: Sequence[Factor]) -> NDArray[np.float64]:
        """Return factors as points x factors; of one that is no number, the numbers of its values (``categories``)."""
        columns = [self.design[f.key] if f.numeric else self.categories(f)[0] for f in factors]
        return np.column_stack([np.asarray(column, dtype=float) for column in columns])

    def column(self, factor: Factor) -> pd.Series:
        """Return what each point has of a factor: numbers, or words, of which an empty cell is one."""
        given: pd.Series = self.design[factor.key]
        return given if factor.numeric else given.map(lambda value: AS_GIVEN if pd.isna(value) else str(value))

    def categories(self, factor: Factor) -> tuple[NDArray[np.int64], list[str]]:
        """Return the values of a factor that is no number, and which of them each point has: (numbers, values).

        In the order of the study file, or else as they appear.
        """
        column = self.column(factor)
        listed = list(map(str, factor.values))
        names = listed if set(column) <= set(listed) else list(dict.fromkeys(column))
        return column.map({name: k for k, name in enumerate(names)}).to_numpy(dtype=np.int64), names

    def values(self, policy: str, output: str) -> NDArray[np.float64]:
        """Return an output of a policy as points x replications, in the order of the design."""
        rows, points, replications = self._places[policy]
        shape = len(self.design), self.table["replication"].nunique()
        values = np.full(shape, np.nan)
        values[points, replications] = self.table[output].to_numpy(dtype=float)[rows]
        return values

    @cached_property
    def _places(self) -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
        """Return, for each policy, its rows in the table, and the point and replication of each, counted from 0."""
        points = pd.Index(self.design["point"]).get_indexer(self.table["point"])
        replications = np.unique(self.table["replication"], return_inverse=True)[1]
        policies = self.table["policy"].to_numpy()
        rows = {policy: np.flatnonzero(policies == policy) for policy in dict.fromkeys(policies)}
        return {policy: (own, points[own], replications[own]) for policy, own in rows.items()}

    def responses(self) -> Iterator[Response]:
        """Yield every output of every policy, relative to the reference policy on the same luck."""
        begun, policies = 0, self.policies
        for output in self.outputs:
            base = 0.0 if self.reference == KEEP else self.values(self.reference, output)
            for policy in policies:
                self.watch(begun, len(self.outputs) * len(policies))
                begun += 1
                yield Response(policy, output, self.values(policy, output) - base, self.reference != KEEP)


def read(folder: str | Path, reference: str | None = None) -> Study:
    """Return the study in a folder with ``study.toml``, ``design.csv`` and ``table.parquet``; as ``assemble``.

    Raises
    ------
    StudyError
        If a file is missing or does not fit the others.
    """
    place = Path(folder)
    for name in ("study.toml", "design.csv", "table.parquet"):
        if not (place / name).is_file():
            raise StudyError(f"{place}: {name} is missing; allowed: a folder of a study that has run")
    try:
        asked = tomllib.loads((place / "study.toml").read_text(encoding="utf-8"))
        design, table = read_csv(place / "design.csv"), pd.read_parquet(place / "table.parquet")
    except (ValueError, OSError) as error:
        raise StudyError(f"{place}: cannot be read: {error}") from error
    unused, central, currency = _of_scenario(place)
    return replace(assemble(asked, design, table, reference), unused=unused, central=central, currency=currency)


def _of_scenario(place: Path) -> tuple[frozenset[tuple[str, str]], dict[str, float], str]:
    """Return what the scenario of a folder tells: unused factors, central values, currency; nothing where it is not."""
    from wom_sim.scenario.errors import ScenarioError
    from wom_sim.study.loading import load_study

    if not (place / "scenario.toml").is_file():
        return frozenset(), {}, ""
    try:
        loaded = load_study(place / "study.toml")
        return loaded.unused, loaded.central, loaded.scenario.currency
    except ScenarioError as error:
        raise StudyError(f"{place}: what was run cannot be read: {error.faults[0]}") from error


def assemble(asked: dict[str, Any], design: pd.DataFrame, table: pd.DataFrame, reference: str | None = None) -> Study:
    """Return a study from what its file says, its design, and its table.

    ``reference``: the policy to which all is relative; if None what the study says, else ``keep``.

    Raises
    ------
    StudyError
        If they do not fit together.
    """
    kind = asked.get("design", {}).get("kind")
    if kind not in KINDS:
        raise StudyError(f"study.toml: design.kind: given {kind!r}, allowed: {', '.join(KINDS)}")
    _need(design, ("point",), "design.csv")
    _need(table, _HEAD, "table.parquet")
    others = (indicator.name for indicator in others_in(set(table.columns) - set(design.columns)))
    outputs = tuple(asked.get("outputs") or [*(name for name in _ALL_OUTPUTS if name in table), *sorted(others)])
    _need(table, outputs, "table.parquet")
    if len(table) == 0 or len(design) == 0:
        raise StudyError("table.parquet: there is no run yet; run the study first, or merge this shard with the others")
    if table.duplicated(list(_HEAD)).any():
        raise StudyError("table.parquet: two rows for the same point, policy and replication")
    if design["point"].duplicated().any():
        raise StudyError(f"design.csv: point {design['point'][design['point'].duplicated()].iloc[0]} is there twice")
    strangers = set(table["point"]) - set(design["point"])
    if strangers:
        raise StudyError(f"table.parquet: point {min(strangers)} is not in design.csv")
    policies = list(dict.fromkeys(table["policy"]))
    reference = str(asked.get("reference", KEEP)) if reference is None else reference
    if reference != KEEP and reference not in policies:
        raise StudyError(f"reference: given {reference!r}, allowed: {', '.join(dict.fromkeys([KEEP, *policies]))}")
    if not set(policies) - {reference, KEEP}:
        raise StudyError(f"reference: given {reference!r}, and the study has no other policy to hold against it")
    factors = _factors(asked.get("factors", []), design)
    seed = int(asked.get("seed", 1)) % 2**31 or 1
    criteria = tuple(
        (str(c["output"]), ">=" if "at_least" in c else "<=", float(c.get("at_least", c.get("at_most", 0.0))))
        for c in asked.get("criteria", [])
    )
    shown = design.reset_index(drop=True)
    return Study(str(kind), factors, shown, table, outputs, reference, seed, criteria=criteria)


def _need(table: pd.DataFrame, columns: Sequence[str], file: str) -> None:
    """Raise StudyError if a column is missing."""
    for column in columns:
        if column not in table.columns:
            there = ", ".join(map(str, table.columns))
            raise StudyError(f"{file}: column {column!r} is missing; there are {there}")


def _factors(asked: Sequence[dict[str, Any]], design: pd.DataFrame) -> tuple[Factor, ...]:
    """Return the factors: columns of the design, with bounds and scale where the study file gives them."""
    given = {str(factor.get("key")): factor for factor in asked}
    missing = [key for key in given if key not in design.columns]
    if missing:
        raise StudyError(f"design.csv: column {missing[0]!r} is missing, a factor of study.toml")
    return tuple(_factor(key, given.get(key, {}), design[key]) for key in design.columns if key != "point")


def _factor(key: str, asked: dict[str, Any], column: pd.Series) -> Factor:
    listed = tuple(asked.get("values", ()))
    if not pd.api.types.is_numeric_dtype(column) or column.isna().any():
        return Factor(key, False, 0.0, 0.0, False, listed)
    numbers = column.astype(float)
    low, high = float(asked.get("low", numbers.min())), float(asked.get("high", numbers.max()))
    return Factor(key, True, low, high, asked.get("scale") == "log" and low > 0.0, listed)
