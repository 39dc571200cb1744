"""What is not known about a number: a distribution in its place, and the value at each of its quantiles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import model_validator

from wom_sim.scenario.fields import Section, key

if TYPE_CHECKING:
    import numpy as np  # validating a scenario must not wait for it
    from numpy.typing import NDArray

FORMS = (
    "{low=, high=} or {low=, mode=, high=}, {mean=, sd=}, {median=, sigma=}, each of these two with low= and high= "
    "if wanted, or {choice=[...], weights=[...]}"
)
WORDS = frozenset(
    {"low", "mode", "high", "mean", "sd", "median", "sigma", "choice", "weights", "zero", "rare", "rare_share"}
)
"""The keys of a distribution; no table of a scenario consists of these alone."""
_NEEDS = {
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "choice": ("choice",),
    "triangular": ("low", "high"),
}
_MIXED = ("zero", "rare", "rare_share")
_MAY = {
    "normal": ("low", "high", *_MIXED), "lognormal": ("low", "high", *_MIXED), "choice": ("weights",),
    "triangular": ("mode", *_MIXED),
}  # fmt: skip


class Limits(NamedTuple):
    """Which values a key takes: from ``low`` to ``high``; whole numbers only if ``whole``."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False


ANY = Limits()


class Distribution(Section):
    """What is not known about a number, in place of the number.

    Triangular (uniform without ``mode``), normal or log-normal (cut off at ``low`` and ``high``, if given, and at
    the limits of the key), or a choice of numbers with weights (equal if left out). ``zero`` and ``rare`` put chances
    apart: that the number is 0, and that it is ``rare``; the rest has what remains of the chance.
    """

    low: float | None = key(None, "Least value")
    mode: float | None = key(None, "Most likely value")
    high: float | None = key(None, "Greatest value")
    mean: float | None = key(None, "Mean of a normal distribution")
    sd: float | None = key(None, "Its standard deviation", gt=0.0)
    median: float | None = key(None, "Median of a log-normal distribution", gt=0.0)
    sigma: float | None = key(None, "Standard deviation of its logarithm", gt=0.0)
    choice: tuple[float, ...] | None = key(None, "The values there are", min_length=1, max_length=1000)
    weights: tuple[float, ...] | None = key(None, "How likely each is, in any unit")
    zero: float | None = key(None, "Chance that it is 0", ge=0.0, lt=1.0)
    rare: float | None = key(None, "What it is in a rare world; all such values come in the same worlds")
    rare_share: float | None = key(None, "Chance of a rare world", gt=0.0, lt=1.0)

    @property
    def kind(self) -> str:
        """Return the kind: triangular (or uniform), normal, lognormal or choice."""
        given = self.model_fields_set_with_values()
        if "choice" in given:
            return "choice"
        if "median" in given or "sigma" in given:
            return "lognormal"
        return "normal" if "mean" in given or "sd" in given else "triangular"

    def model_fields_set_with_values(self) -> set[str]:
        """Return the keys that were given a value."""
        return {name for name in type(self).model_fields if getattr(self, name) is not None}

    @model_validator(mode="after")
    def _one_kind(self) -> Distribution:
        given, kind = self.model_fields_set_with_values(), self.kind
        missing = [name for name in _NEEDS[kind] if name not in given]
        strange = sorted(given - {*_NEEDS[kind], *_MAY[kind]})
        if missing or strange:
            wrong = f"{strange[0]} does not go with it" if strange else f"{missing[0]} is missing"
            raise ValueError(f"not a distribution: {wrong}; allowed: {FORMS}")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"low must be below high; given {self.low:g} and {self.high:g}")
        for name in ("mode", "mean", "median"):
            middle = getattr(self, name)
            if middle is not None and not _or_inf(self.low, -1) <= middle <= _or_inf(self.high):
                raise ValueError(f"{name} must lie between low and high; given {middle:g}")
        self._check_weights()
        self._check_mixed()
        return self

    def _check_mixed(self) -> None:
        if (self.rare is None) != (self.rare_share is None):
            raise ValueError("rare and rare_share go together")
        if (self.zero or 0.0) + (self.rare_share or 0.0) >= 1.0:
            raise ValueError("zero and rare_share must leave a chance for the rest; together they must be below 1")

    def _check_weights(self) -> None:
        if self.weights is None or self.choice is None:
            return
        if len(self.weights) != len(self.choice):
            raise ValueError(f"as many weights as values are needed; given {len(self.weights)} for {len(self.choice)}")
        if min(self.weights) < 0.0 or sum(self.weights) <= 0.0:
            raise ValueError("weights must not be negative, and one at least must be more than 0")

    def misfit(self, limits: Limits) -> float | None:
        """Return a value that this says is possible and the key does not take, or None."""
        if self.kind == "choice":
            values = self.choice or ()
        elif self.kind == "triangular":
            values = tuple(v for v in (self.low, self.mode, self.high) if v is not None)
        else:  # cut off at the limits, so that only the middle must be possible
            values = ((self.mean if self.kind == "normal" else self.median) or 0.0,)
            outside = [v for v in (self.low, self.high) if v is not None and not limits.low <= v <= limits.high]
            values = (*values, *outside)
        values = (*values, *self._apart())
        for value in values:
            strange = limits.whole and self.kind == "choice" and not float(value).is_integer()
            if strange or not limits.low <= value <= limits.high:
                return value
        return None

    def _apart(self) -> tuple[float, ...]:
        """Return the values that have a chance of their own."""
        return (*((0.0,) if self.zero else ()), *(() if self.rare is None else (self.rare,)))

    @property
    def spread(self) -> tuple[float, float]:
        """Return the ends: the least and greatest value, or the 2.5 and 97.5 % quantiles where it has no ends."""
        if self.kind == "choice":
            return min(self.choice or ()), max(self.choice or ())
        import numpy as np

        low, high = self._base(np.array([0.025, 0.975]), ANY)
        low, high = (found if end is None else end for found, end in ((low, self.low), (high, self.high)))
        return float(min((low, *self._apart()))), float(max((high, *self._apart())))

    def central(self, limits: Limits = ANY) -> float:
        """Return the value that stands for all: mode, middle, mean, median or the most likely choice."""
        if self.kind == "choice":
            values = self.choice or ()
            weights = self.weights or (1.0,) * len(values)
            value = values[weights.index(max(weights))]
        elif self.kind == "triangular":
            value = ((self.low or 0.0) + (self.high or 0.0)) / 2.0 if self.mode is None else self.mode
        else:
            value = (self.mean if self.kind == "normal" else self.median) or 0.0
        value = min(max(value, limits.low), limits.high)
        return float(round(value)) if limits.whole else value

    def at(
        self, u: NDArray[np.float64], limits: Limits = ANY, rare: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the values at the quantiles ``u`` (each more than 0 and less than 1), within ``limits``.

        ``rare``: quantiles that decide in which of them the rare value comes; all numbers that share them are rare
        together. Without it the rare value comes above ``1 - rare_share`` of ``u`` itself.
        """
        import numpy as np

        share, zero = self.rare_share or 0.0, self.zero or 0.0
        if not share and not zero:
            return self._base(u, limits)
        seldom = (u if rare is None else rare) > 1.0 - share
        usual = np.minimum(u / (1.0 - share), 1.0 - 1e-12) if rare is None else u
        none = zero / (1.0 - share)
        values = self._base(np.clip((usual - none) / (1.0 - none), 1e-12, 1.0 - 1e-12), limits)
        return np.where(seldom, self.rare or 0.0, np.where(usual < none, 0.0, values))

    def _base(self, u: NDArray[np.float64], limits: Limits) -> NDArray[np.float64]:
        """Return the values at the quantiles of what is neither 0 nor rare by a chance of its own."""
        import numpy as np

        if self.kind == "choice":
            values = self._chosen(u)
        elif self.kind == "triangular":
            values = self._triangular(u)
        else:
            values = self._cut_off(u, limits)
        values = np.clip(values, limits.low, limits.high)
        return np.round(values) if limits.whole else values

    def _chosen(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np

        values = np.asarray(self.choice, dtype=float)
        weights = np.ones(len(values)) if self.weights is None else np.asarray(self.weights, dtype=float)
        upto = np.cumsum(weights) / weights.sum()
        chosen: NDArray[np.float64] = values[np.minimum(np.searchsorted(upto, u, side="right"), len(values) - 1)]
        return chosen

    def _triangular(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np

        low, high = float(self.low or 0.0), float(self.high or 0.0)
        if self.mode is None:
            return low + u * (high - low)
        left = (self.mode - low) / (high - low)
        rising = low + np.sqrt(u * (high - low) * (self.mode - low))
        falling = high - np.sqrt((1.0 - u) * (high - low) * (high - self.mode))
        return np.where(u < left, rising, falling)

    def _cut_off(self, u: NDArray[np.float64], limits: Limits) -> NDArray[np.float64]:
        """Return the values of the normal or log-normal, whose ends are cut off."""
        import numpy as np
        from scipy.special import ndtr, ndtri

        in_logs = self.kind == "lognormal"
        middle = math.log(self.median or 1.0) if in_logs else self.mean or 0.0
        sd = (self.sigma if in_logs else self.sd) or 1.0
        ends = (max(limits.low, _or_inf(self.low, -1)), min(limits.high, _or_inf(self.high)))
        low, high = (_log(end) if in_logs else end for end in ends)
        below, above = ndtr((low - middle) / sd), ndtr((high - middle) / sd)
        found = middle + sd * ndtri(below + u * (above - below))
        values: NDArray[np.float64] = np.exp(found) if in_logs else found
        return values

    def text(self) -> str:
        """Return it as it is written in a scenario file."""
        given: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        parts = []
        for name, value in given.items():
            if value is not None:
                shown = ", ".join(f"{v:g}" for v in value) if isinstance(value, tuple) else f"{value:g}"
                parts.append(f"{name}=[{shown}]" if isinstance(value, tuple) else f"{name}={shown}")
        return "{" + ", ".join(parts) + "}"


def _or_inf(value: float | None, sign: int = 1) -> float:
    return sign * math.inf if value is None else value


def _log(value: float) -> float:
    if value == math.inf:
        return math.inf
    return math.log(value) if value > 0.0 else -math.inf
