"""What a firm's past taught (``worlds.posterior``): joint draws of numbers, in place of their plausible ranges.

The file of draws carries what the fit that made it says of itself, so that whoever draws from it hears of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.scenario.distributions import ANY, Limits
from wom_sim.scenario.errors import Fault, ScenarioError, visible

if TYPE_CHECKING:
    import numpy as np  # validating a scenario must not wait for it
    from numpy.typing import NDArray

    from wom_sim.scenario.models import Scenario
    from wom_sim.words import Words

DRAWS = "posterior.parquet"
"""The file in the folder of a fit: a column for each key that was learned of, a row for each draw."""
JUDGED = b"wom_sim fit"
"""Where the file's metadata has what the fit says of itself."""
_EDGES = (0.05, 0.95)
_FEW = 3
"""So many values are told one by one: which rule holds, and the like."""
_MOST = 1_000_000


@dataclass(frozen=True)
class Drawn:
    """The draws of one number; row by row they belong together with those of the others from the same file."""

    values: NDArray[np.float64] = field(repr=False)
    """One for each draw, in the order of the file."""
    kind: str = "posterior"

    @property
    def spread(self) -> tuple[float, float]:
        """Return the 5 and 95 % quantiles."""
        import numpy as np

        low, high = np.quantile(self.values, _EDGES)
        return float(low), float(high)

    @property
    def middle(self) -> float:
        """Return the median."""
        import numpy as np

        return float(np.median(self.values))

    def at(
        self, u: NDArray[np.float64], limits: Limits = ANY, rare: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the values of the rows at the quantiles ``u``; numbers with the same ``u`` come from one row."""
        import numpy as np

        rows = np.minimum((u * len(self.values)).astype(np.int64), len(self.values) - 1)
        values = np.clip(self.values[rows], limits.low, limits.high)
        return np.round(values) if limits.whole else values

    @property
    def shares(self) -> dict[str, float]:
        """Return how often each value is drawn, where there are but a few; else nothing."""
        import numpy as np

        values, counts = np.unique(self.values, return_counts=True)
        if len(values) > _FEW:
            return {}
        return {f"{value:g}": float(count / len(self.values)) for value, count in zip(values, counts, strict=True)}

    def text(self) -> str:
        """Return in short where the middle nine tenths lie, and the median; of a few values, how often each."""
        if shares := self.shares:
            return "learned: " + ", ".join(f"{value} in {100 * share:.3g} %" for value, share in shares.items())
        low, high = self.spread
        return f"learned: {self.middle:z.4g}, 90 % within {low:z.4g} to {high:z.4g}"


@dataclass(frozen=True)
class Judged:
    """What a fit says of itself.

    ``strange``: what was seen that the model cannot show within its ranges. ``covered``: how often the true number lay
    within its 90 % interval in ``tries`` worlds that played the firm, and ``sure``, between which it should be.
    """

    scenario: str
    strange: tuple[str, ...]
    covered: float | None
    tries: int
    sure: tuple[float, float]

    def text(self) -> str:
        """Return it as the file of draws carries it."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Judged:
        """Return what ``text`` or ``run.json`` tells. Raises what a wrong type or a missing name raises."""
        covered, (low, high) = told["covered"], told["sure"]
        share = None if covered is None else float(covered)
        names = tuple(str(name) for name in told["strange"])
        return cls(str(told["scenario"]), names, share, int(told["tries"]), (float(low), float(high)))


def cautions(judged: Judged | None, words: Words, named: Callable[[str], str] = str) -> list[str]:
    """Return what is to be said of draws whose fit does not trust itself, or of which nobody says it does.

    ``named``: what is called how of what was seen.
    """
    if judged is None:
        return [words.say("posterior.unjudged")]
    said, (low, high) = [], judged.sure
    scenario = words.say("report.quoted", name=visible(judged.scenario))
    if judged.strange:
        names = words.listed([visible(named(name)) for name in judged.strange])
        said.append(words.say("posterior.strange", scenario=scenario, names=names))
    if judged.covered is not None and not low <= judged.covered <= high:
        told = {"n": words.exact(judged.tries), "share": words.share(round(judged.covered, 3))}
        ends = {"low": words.share(low), "high": words.share(high)}
        said.append(words.say("posterior.unsure", scenario=scenario, **told, **ends))
    return said


class Posterior(NamedTuple):
    """The draws of a file, by key, and what the fit says of itself; None where the file does not carry it."""

    draws: Mapping[str, Drawn]
    judged: Judged | None


def learned(scenario: Scenario) -> Mapping[str, Drawn]:
    """Return what ``worlds.posterior`` knows of, by key; nothing where there is none.

    Raises
    ------
    ScenarioError
        As ``posterior_of``.
    """
    found = posterior_of(scenario)
    return {} if found is None else found.draws


def posterior_of(scenario: Scenario) -> Posterior | None:
    """Return the draws that ``worlds.posterior`` names; None where it names none.

    Raises
    ------
    ScenarioError
        If the file cannot be read, or holds no draws.
    """
    if scenario.worlds.posterior is None:
        return None
    try:
        return draws_in(Path(scenario.worlds.posterior))
    except ValueError as error:
        raise ScenarioError([Fault(scenario.name, key="worlds.posterior", message=str(error))]) from None


def draws_in(path: Path) -> Posterior:
    """Return the draws of a file, or of the folder of a fit.

    Raises
    ------
    ValueError
        If it cannot be read, or holds no draws; the message says why, and what is allowed.
    """
    place = path / DRAWS if path.is_dir() else path
    try:
        stamp = place.stat()
        return _read(place, stamp.st_mtime_ns, stamp.st_size)
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ValueError(
            f"{visible(str(place))} cannot be read: {words.splitlines()[0]}; allowed: the folder of wom-sim fit, or "
            f"its {DRAWS}"
        ) from None


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, size: int) -> Posterior:
    """Return the columns of a file, and its judgement. Raises ValueError if it is not one of draws."""
    import numpy as np
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    try:
        table = pq.read_table(path)
    except ArrowException as error:
        raise ValueError(str(error)) from None
    if not 1 <= table.num_rows <= _MOST:
        raise ValueError(f"it holds {table.num_rows:,} draws, not 1 to {_MOST:,}")
    found = {}
    for name in table.column_names:
        try:
            values = np.asarray(table[name].to_numpy(), dtype=np.float64)
        except (TypeError, ValueError, ArrowException):
            raise ValueError(f"its column {visible(name)} does not hold numbers") from None
        if not np.isfinite(values).all():
            raise ValueError(f"its column {visible(name)} has what is not a number")
        found[name] = Drawn(values)
    return Posterior(found, _judged((table.schema.metadata or {}).get(JUDGED)))


def _judged(text: bytes | None) -> Judged | None:
    """Return the judgement that a file carries; None where it carries none that can be read."""
    try:
        return None if text is None else Judged.of(json.loads(text))
    except (TypeError, ValueError, KeyError, AttributeError):
        return None


def within(drawn: Drawn, limits: Limits, scenario: Scenario, key: str) -> Drawn:
    """Return the draws of a number. Raises ScenarioError if one is beyond what the key takes."""
    low, high = float(drawn.values.min()), float(drawn.values.max())
    if low < limits.low or high > limits.high:
        message = (
            f"{visible(str(scenario.worlds.posterior))} draws {key} from {low:g} to {high:g}, allowed: "
            f"{limits.low:g} to {limits.high:g}"
        )
        raise ScenarioError([Fault(scenario.name, key="worlds.posterior", message=message)])
    return drawn
