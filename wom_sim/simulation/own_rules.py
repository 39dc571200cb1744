"""Rules of other packages: what they declare, compiled so that both engines can call them."""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from wom_sim import plugins
from wom_sim.plugins.limit import PluginError, called

PICK_UP, COVERAGE, HARM, HAZARD = "pick_up", "coverage", "harm", "hazard"
MOST_NUMBERS = 4


class Part(NamedTuple):
    """What a rule of a kind is given, with values to try it with, and the range of what it returns."""

    given: tuple[str, ...]
    tried: tuple[tuple[float, ...], ...]
    low: float
    high: float


_SHARES = (0.0, 0.5, 1.0)
KINDS: Mapping[str, Part] = {
    PICK_UP: Part(
        ("buzz", "post", "intensity", "threshold", "own_threshold", "rate", "coherence"),
        ((0.0, 1.0, 300.0), (0.0, 2.0), (0.0, 5.0), (0.0, 20.0), (0.1, 50.0), (1.0,), _SHARES), 0.0, 1.0,
    ),
    COVERAGE: Part(
        ("reach", "half_life", "days", "usual", "heard"),
        (_SHARES, (0.0, 3.0), (0.0, 1.0, 400.0), _SHARES, _SHARES), 0.0, 1.0,
    ),
    HARM: Part(
        ("bad", "good", "per_dose", "buffered", "days", "half_life"),
        ((0.0, 1.0, 200.0), (0.0, 3.0), (0.5,), _SHARES, (0.0, 14.0, 400.0), (1.0, 14.0)), -1.0, 1.0,
    ),
    HAZARD: Part(
        ("base", "beta", "harm", "contagion"),
        ((0.0, 0.02, 1.0), (0.0, 0.5, 2.0), (-1.0, 0.0, 0.5, 1.0), (1.0, 1.4, 4.0)), 0.0, 1.0,
    ),
}  # fmt: skip
"""The kinds of rule that may be of another package; the arguments stand in this order."""


@dataclass(frozen=True)
class OwnRule:
    """A rule of another package, in place of ours.

    ``name`` is that of its entry point, ``kind`` what it decides (``KINDS``), ``evidence`` where it comes from or that
    it is an assumption. ``rule`` is a plain function of floats, the arguments of its kind in their order and then those
    ``numbers`` (up to four, by the name of their ``[[plugins.numbers]]``); it returns a chance (0..1), or
    harm (-1..1). It may use ``math`` and what Numba compiles, and nothing random: luck is drawn by the engines.
    """

    name: str
    kind: str
    evidence: str
    rule: Callable[..., float]
    numbers: tuple[str, ...] = ()


@lru_cache(maxsize=64)
def own_rule(name: str, kind: str) -> OwnRule:
    """Return a rule of another package by its name.

    Raises
    ------
    ValueError
        If no installed package has it, and (PluginError) if it is none, or says of itself what cannot be.
    """
    found = plugins.declared(plugins.RULE, name, OwnRule)
    if not (isinstance(found.evidence, str) and found.evidence):
        raise _wrong(name, "needs a word on its evidence")
    if found.kind != kind:
        raise _wrong(name, f"is a rule of {str(found.kind)[:40]!r}, and is named for {kind!r}")
    if not isinstance(found.numbers, tuple) or len(found.numbers) > MOST_NUMBERS:
        raise _wrong(name, f"may ask for up to {MOST_NUMBERS} numbers, by name")
    takes = len(KINDS[kind].given) + len(found.numbers)
    if not callable(found.rule) or len(inspect.signature(found.rule).parameters) != takes:
        wanted = ", ".join((*KINDS[kind].given, *map(str, found.numbers)))
        raise _wrong(name, f"must be a function of {takes} numbers: {wanted}")
    return found


@lru_cache(maxsize=64)
def _compiled(name: str, kind: str) -> Any:
    """Return a rule as compiled code that takes the arguments of its kind and four numbers; kept while we run.

    It is tried with values of all sizes first: what does not come to an end, or is no number, is told then.
    """
    import numba

    found, part = own_rule(name, kind), KINDS[kind]
    given = [f"a{k}" for k in range(len(part.given))]
    spare = [f"n{k}" for k in range(MOST_NUMBERS)]
    passed = ", ".join([*given, *spare[: len(found.numbers)]])
    inner = numba.njit(nogil=True, fastmath=False, error_model="numpy")(found.rule)
    places: dict[str, Any] = {"inner": inner}
    exec(f"def outer({', '.join([*given, *spare])}):\n    return float(inner({passed}))", places)
    signature = numba.float64(*[numba.float64] * (len(given) + MOST_NUMBERS))

    def make() -> Any:
        return numba.cfunc(signature, error_model="numpy")(places["outer"])

    made = called(name, "compiled", make, plugins.RULE)
    called(name, "tried", lambda: _try(name, part, made), plugins.RULE)
    return made


def _try(name: str, part: Part, made: Any) -> None:
    """Call a rule with values of all sizes. Raises PluginError where what it returns is none, or out of its range."""
    for values in itertools.product(*part.tried):
        for numbers in ((0.0,) * MOST_NUMBERS, (1.0,) * MOST_NUMBERS):
            value = made.ctypes(*values, *numbers)
            if math.isnan(value) or not part.low <= value <= part.high:
                said = ", ".join(f"{key} {given:g}" for key, given in zip(part.given, values, strict=True))
                raise _wrong(name, f"gives {value:g} for {said}; allowed: {part.low:g} to {part.high:g}")


def rule_numbers(named: Mapping[str, str | None], given: Mapping[str, float]) -> dict[str, Any]:
    """Return what the numbers of a run say of rules of other packages: where each lies, and its numbers.

    ``named``: the rule of each kind by name, None for ours; ``given``: ``[[plugins.numbers]]`` by name, 0 where one
    that a rule asks for is not there.
    """
    known: dict[str, Any] = {}
    for kind in KINDS:
        name = named.get(kind)
        if name is None:
            continue
        asked = own_rule(name, kind).numbers
        values = [float(given.get(number, 0.0)) for number in asked]
        known[f"own_{kind}"] = int(_compiled(name, kind).address)
        known[f"{kind}_numbers"] = tuple(values + [0.0] * (MOST_NUMBERS - len(values)))
    return known


def _wrong(name: str, what: str) -> PluginError:
    return plugins.wrong(plugins.RULE, name, OwnRule, what)
