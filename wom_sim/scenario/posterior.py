"""What a firm's past taught (``worlds.posterior``): joint draws of numbers, in place of their plausible ranges."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from wom_sim.scenario.distributions import ANY, Limits
from wom_sim.scenario.errors import Fault, ScenarioError, visible

if TYPE_CHECKING:
    import numpy as np  # validating a scenario must not wait for it
    from numpy.typing import NDArray

    from wom_sim.scenario.models import Scenario

DRAWS = "posterior.parquet"
"""The file in the folder of a fit: a column for each key that was learned of, a row for each draw."""
_EDGES = (0.05, 0.95)
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

    def at(
        self, u: NDArray[np.float64], limits: Limits = ANY, rare: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the values of the rows at the quantiles ``u``; numbers with the same ``u`` come from one row."""
        import numpy as np

        rows = np.minimum((u * len(self.values)).astype(np.int64), len(self.values) - 1)
        values = np.clip(self.values[rows], limits.low, limits.high)
        return np.round(values) if limits.whole else values

    def text(self) -> str:
        """Return in short where the middle nine tenths lie, and the median."""
        import numpy as np

        low, high = self.spread
        return f"learned: {float(np.median(self.values)):z.4g}, 90 % within {low:z.4g} to {high:z.4g}"


def learned(scenario: Scenario) -> dict[str, Drawn]:
    """Return what ``worlds.posterior`` knows of, by key; nothing where there is none.

    Raises
    ------
    ScenarioError
        If the file cannot be read, or holds no draws.
    """
    if scenario.worlds.posterior is None:
        return {}
    path = Path(scenario.worlds.posterior)
    try:
        stamp = path.stat()
        return _read(path, stamp.st_mtime_ns, stamp.st_size)
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = (
            f"{visible(str(path))} cannot be read: {words.splitlines()[0]}; allowed: the folder of wom-sim fit, or its "
            f"{DRAWS}"
        )
        raise ScenarioError([Fault(scenario.name, key="worlds.posterior", message=message)]) from None


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, size: int) -> dict[str, Drawn]:
    """Return the columns of a file. Raises ValueError if it is not one of draws."""
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
    return found


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
