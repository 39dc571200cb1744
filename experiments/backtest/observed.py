"""The cases of the back-test: for each a scenario, which is what was known before, and what came of it.

A file in ``observed/`` names its scenario and holds the outcomes, with their uncertainty, source and grade. Nothing in
it reaches the simulator but which policy to run and at which size.
"""

from __future__ import annotations

import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from questions import QUESTIONS, Question, question_named

from wom_sim import load_scenario
from wom_sim.scenario import Scenario
from wom_sim.scenario.errors import ScenarioError

Numbers = NDArray[np.float64]
ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "observed"
FOLDS = ("A", "B", "C")
POINTS = 20
"""Points that stand for an observation which is not exact."""

Three = tuple[float, float, float]


class CaseError(ValueError):
    """A case file that cannot be used: which one, and why."""


class Observation(NamedTuple):
    """What was observed, as points with weights that add up to 1."""

    values: Numbers
    weights: Numbers


class Outcome(BaseModel):
    """What came of it, as an answer to a question.

    ``chance`` is how sure it is that an event took place; ``amount`` is (least, most likely, most) of a number; ``day``
    is the same for the day of an event, from the firm's first act.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    chance: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    day: Three | None = None
    amount: Three | None = None
    source: str = Field(min_length=4)
    grade: str = Field(pattern=r"^[ABCM]-?(/[ABCM])?$")
    used: bool = False

    @model_validator(mode="after")
    def _answers(self) -> Outcome:
        question = question_named(self.question)
        if question is None:
            known = ", ".join(q.name for q in QUESTIONS if q.kind != "day")
            raise ValueError(f"question: given {self.question!r}, allowed: {known}")
        needed, others = ("chance", ("amount",)) if question.kind == "event" else ("amount", ("chance", "day"))
        if getattr(self, needed) is None or any(getattr(self, name) is not None for name in others):
            raise ValueError(f"{self.question}: takes {needed}, and not {' or '.join(others)}")
        if self.day is not None and question.day is None:
            raise ValueError(f"{self.question}: takes no day")
        for three in (self.day, self.amount):
            if three is not None and not three[0] <= three[1] <= three[2]:
                raise ValueError(f"{self.question}: given {three}, needed: least, most likely, most, in this order")
        return self

    def happened(self, window: int) -> Observation:
        """Return when the event took place, as points; the end of the window stands for 'not within it'.

        The part of it that is doubted lies at the end of the window. An event whose day nobody knows may be on any.
        """
        chance = 1.0 if self.chance is None else self.chance
        days = triangle(self.day) if self.day is not None else (np.arange(POINTS) + 0.5) / POINTS * window
        values = np.append(np.minimum(days, window), float(window))
        return Observation(values, np.append(np.full(POINTS, chance / POINTS), 1.0 - chance))


class Case(BaseModel):
    """A case: its scenario, how it is simulated, and its outcomes.

    ``fold`` is the third of the cases it belongs to, fixed here; ``group`` holds cases together that are not
    independent; ``calibrate`` says whether a calibration may use it when another fold is scored.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    scenario: str
    policy: str
    input: tuple[str, ...] = Field(min_length=1)
    represents: int = Field(ge=1)
    window: int = Field(ge=1, le=3650)
    fold: Literal["A", "B", "C"]
    group: str = ""
    calibrate: bool = True
    outcome: tuple[Outcome, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> Case:
        asked = [o.question for o in self.outcome]
        if len(set(asked)) < len(asked):
            raise ValueError(f"outcome: given {', '.join(asked)}; each question once")
        return self

    @property
    def path(self) -> Path:
        """Return the scenario file."""
        return ROOT / self.scenario

    @cached_property
    def stated(self) -> Scenario:
        """Return the scenario as its file states it, at full size."""
        return load_scenario(self.path)

    @property
    def cluster(self) -> str:
        """Return what the bootstrap draws: the group of the case, or the case itself."""
        return self.group or self.name

    def outcome_of(self, question: Question) -> Outcome:
        """Return the outcome that answers a question; when an event took place is told with whether it did."""
        return next(o for o in self.outcome if question.name in (o.question, _asked(o).day))


def _asked(outcome: Outcome) -> Question:
    question = question_named(outcome.question)
    assert question is not None  # Outcome refuses others
    return question


def triangle(three: Three) -> Numbers:
    """Return ``POINTS`` evenly likely points of the triangular distribution (least, most likely, most).

    >>> triangle((5.0, 5.0, 5.0)).tolist() == [5.0] * POINTS
    True
    """
    low, mode, high = three
    u = (np.arange(POINTS) + 0.5) / POINTS
    if high == low:
        return np.full(POINTS, float(low))
    bend = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.where(u < bend, rising, falling)


def read_case(path: Path) -> Case:
    """Return the case of a file. Raises CaseError, naming file and key, where it cannot be used."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        case = Case.model_validate({"name": path.stem, **data})
    except tomllib.TOMLDecodeError as error:
        raise CaseError(f"{path.name}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise CaseError(f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if not case.path.is_file():
        raise CaseError(f"{path.name}: scenario: given {case.scenario}, which is not there")
    try:
        names = [p.name for p in case.stated.policies]
    except ScenarioError as error:
        raise CaseError(f"{path.name}: scenario: {error}") from None
    if case.policy not in names:
        raise CaseError(f"{path.name}: policy: given {case.policy!r}, allowed: {', '.join(names)}")
    return case


def read_cases(folder: Path = FOLDER) -> tuple[Case, ...]:
    """Return all cases, by name."""
    return tuple(read_case(path) for path in sorted(folder.glob("*.toml")))
