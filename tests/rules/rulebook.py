"""The rules, found by looking; what each may be given; how the tests try them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType

import numba
from hypothesis import strategies as st

import wom_sim.rules
from wom_sim.rules.money import Months
from wom_sim.rules.worth import Worth

COMPILED = not numba.config.DISABLE_JIT
"""False where the compiler is switched off (``make coverage``): rules are then the Python that they were."""

_FOUND = pkgutil.iter_modules(wom_sim.rules.__path__)
MODULES = tuple(importlib.import_module(f"wom_sim.rules.{found.name}") for found in _FOUND)


def python_of(function):
    """Return the Python that a compiled function was."""
    return getattr(function, "py_func", function)


def compiled_functions(module: ModuleType) -> dict:
    """Return the compiled functions that a module defines (not those it imports), by name."""
    return {
        name: thing
        for name, thing in vars(module).items()
        if (hasattr(thing, "py_func") if COMPILED else inspect.isfunction(thing))
        and python_of(thing).__module__ == module.__name__
    }


RULES = {name: rule for module in MODULES for name, rule in compiled_functions(module).items()}

_UNIT = st.floats(0.0, 1.0)
_OPEN = st.floats(2.0**-33, 1.0 - 2.0**-33)
_MONEY = st.floats(0.0, 2000.0)
_MONTH = st.integers(0, 40)
_DAYS = st.integers(0, 400)
_FLAG = st.booleans()

AT_STAKE = st.builds(
    Months, st.integers(0, 12), st.integers(-1, 12), st.just(12), st.integers(1, 40), _UNIT, _UNIT
)  # fmt: skip
BRINGS = st.builds(
    Worth, st.floats(-100.0, 100.0), st.floats(0.0, 60.0), st.floats(0.0, 10.0), st.floats(0.0, 20.0),
    st.sampled_from([0.0, 2.0]), st.floats(0.0, 2.0), st.floats(0.0, 5.0), _UNIT, st.integers(1, 40), _UNIT,
    st.integers(0, 29), st.floats(0.0, 0.1), st.floats(0.1, 0.2), st.integers(0, 6), st.integers(1, 100),
)  # fmt: skip
BY_NAME = {
    "buzz": st.floats(0.0, 1e4), "half_life": st.floats(0.1, 200.0), "news": st.floats(0.0, 100.0),
    "threshold": st.floats(0.1, 200.0), "reach": _UNIT, "days": _DAYS, "u": _OPEN, "p": st.floats(1e-6, 1.0),
    "given": _MONEY, "switching_cost": _MONEY, "surplus": _MONEY, "channel": _UNIT, "framing": _UNIT,
    "helps_to_move": _UNIT, "by_channel": st.just(0.4), "by_framing": st.just(0.4), "by_helping": st.just(0.2),
    "proper_notice": st.floats(1.0, 400.0), "late": _UNIT, "excess": _MONEY, "worth": _MONEY,
    "notice_days": st.floats(0.0, 400.0), "review": _UNIT, "criterion": _UNIT,
    "ground": _UNIT, "appeal": _UNIT, "distributive": _UNIT, "interactional": _UNIT, "procedural": _UNIT,
    "weight_distributive": st.just(0.45), "weight_interactional": st.just(0.40),
    "weight_procedural": st.just(0.15), "severity": _UNIT, "fairness": _UNIT, "agreed": _FLAG,
    "if_agreed": _UNIT, "action": _UNIT, "explanation": _UNIT, "explained_away": _UNIT,
    "boost": st.floats(0.0, 3.0), "half_point": st.floats(0.1, 200.0), "observed": _UNIT,
    "corroborated": st.floats(1.0, 4.0), "response": st.floats(0.0, 3.0), "weight": st.floats(0.0, 50.0),
    "p_sides": _UNIT, "p_affected": _UNIT, "units": st.integers(0, 100_000), "k": st.floats(0.0, 5.0),
    "harm_units": st.integers(0, 100_000), "praise_units": st.integers(0, 100_000), "buffered": _UNIT,
    "advocate": _FLAG, "sides": _FLAG, "p_advocate": _UNIT, "p_siding": _UNIT, "contract_months": _MONTH,
    "month": _MONTH, "locked": _UNIT, "waived": _FLAG, "churn": _UNIT, "multiplier": st.floats(0.0, 10.0),
    "base": _UNIT, "beta": st.floats(0.0, 20.0), "beta_join": st.floats(0.0, 20.0),
    "harm": st.floats(-1.0, 1.0), "contagion": st.floats(1.0, 20.0), "age": st.integers(0, 100),
    "window": st.integers(0, 100), "chi": st.floats(0.0, 2.0), "most": st.floats(1.0, 20.0), "usual": _UNIT,
    "treated": _UNIT, "profit": st.floats(-1000.0, 1000.0), "discount": st.floats(0.0, 0.1), "first": _MONTH,
    "last": _MONTH, "left": st.integers(0, 11), "otherwise": st.integers(-1, 11), "horizon": st.just(12),
    "acquisition": _MONEY, "amount": st.floats(-1e9, 1e9), "margin": st.floats(-1000.0, 1000.0),
    "calls": st.floats(0.0, 200.0), "seeker": _FLAG, "cost_per_call": st.floats(0.0, 50.0),
    "credit_per_call": st.floats(0.0, 50.0), "p_talk": _UNIT, "p_retell": _UNIT, "grievance": _UNIT,
    "talkativeness": st.floats(0.0, 50.0), "p_post": _UNIT, "v": st.floats(0.0, 1.0 - 2.0**-33),
    "longest": st.integers(1, 400),
    "within": _UNIT, "length": st.floats(-1e6, 0.0), "mean": st.floats(0.0, 600.0), "least": st.floats(0.0, 100.0),
    "tail": st.floats(0.3, 3.0), "value": st.floats(-5000.0, 5000.0), "rise": st.floats(-1.0, 10.0),
    "a_year": _UNIT, "time_constant": st.floats(0.5, 100.0),
    "day": st.integers(0, 4000), "bill_day": st.integers(0, 29), "month_days": st.just(30),
    "sensitivity": st.floats(0.0, 5.0), "effect": st.floats(0.0, 3.0), "prompt_days": st.integers(0, 10),
    "share": _UNIT, "settled": st.floats(-1000.0, 1000.0),
    "settles": _UNIT, "by_notice": _UNIT, "by_help": _UNIT,
    "months": st.integers(0, 600), "fee": st.floats(0.0, 100.0),
    "poach": st.floats(0.0, 20.0), "teach": st.floats(0.0, 20.0),
    "by_outlet": st.floats(-1.0, 1.0), "revises_after": st.integers(0, 400),
    "before": st.floats(-1.0, 5.0), "after": st.floats(-1.0, 5.0), "unsolved": _UNIT, "story": st.floats(0.0, 255.0),
    "praise": _FLAG,
    "now": st.floats(-1000.0, 1000.0), "then": st.floats(-1000.0, 1000.0), "end": st.integers(0, 100),
    "bills": st.integers(0, 13), "at_stake": AT_STAKE, "brings": BRINGS, "fades": _UNIT, "kind": st.integers(0, 2),
    "newcomer": st.tuples(st.floats(-100.0, 100.0), _UNIT, _MONEY, st.floats(0.0, 0.1), st.integers(0, 100)),
    "change": st.tuples(*[st.floats(-100.0, 100.0)] * 3), "steepness": st.floats(0.0, 3.0),
    "reference": st.floats(1.1, 100.0),
    "spread": st.floats(0.0, 3.0), "z": st.floats(-6.0, 6.0), "common": _UNIT, "z_story": st.floats(-6.0, 6.0),
    "z_own": st.floats(-6.0, 6.0), "luck": st.floats(0.0, 1e6), "novelty": st.floats(0.0, 2.0),
    "standing": st.floats(1.0, 1000.0), "coherence": _UNIT, "intensity": st.floats(0.0, 1e6),
    "rate": st.floats(0.0, 10.0), "which": st.integers(0, 2),
    "today": st.tuples(st.floats(0.0, 1e4), st.floats(0.0, 1e4), st.floats(0.0, 1e6)),
    "outlet": st.tuples(st.floats(0.0, 200.0), st.floats(0.0, 1e4), st.floats(0.0, 10.0)),
    "drawn": st.tuples(_OPEN, st.floats(-6.0, 6.0), _OPEN),
    "delay": st.tuples(st.floats(0.0, 30.0), st.floats(0.0, 2.0)),
    "found_late": st.tuples(_UNIT, st.integers(0, 60), st.integers(60, 400)), "peak": _UNIT,
    "lots": st.tuples(_UNIT, _OPEN, _UNIT), "passed": st.tuples(st.integers(-1, 400), st.integers(-1, 400)),
    "after_news": st.tuples(_UNIT, st.integers(0, 20), st.integers(20, 60)),
    "chance": _UNIT, "asks": st.sampled_from([0.0, 200.0]), "picked_up": st.integers(-1, 400),
    "lag": st.integers(0, 30), "announced_on": st.integers(0, 400),
    "with_story": _UNIT, "bereaved": _UNIT,
    "alone": _UNIT, "trigger": st.integers(0, 6),
    "limit": st.floats(0.0, 100.0), "seen": st.tuples(*[st.floats(-1.0, 100.0)] * 6),
    "told": st.floats(0.0, 1e6), "act": st.just(0.0) | st.floats(1.0, 1e5), "size": st.floats(0.0, 1e3),
    "heat": st.tuples(st.floats(0.0, 1e4), st.floats(0.0, 1e3)), "more": st.floats(1.0, 5.0),
    "so_far": st.integers(0, 50), "cases": st.integers(0, 50), "free": st.integers(0, 20),
    "complaints": st.floats(0.0, 1e4), "level": st.floats(0.0, 1e3), "bad": st.floats(0.0, 1e4),
    "ratings": st.floats(1.0, 1e4), "stars": st.floats(1.0, 5.0), "lost": st.floats(0.0, 4.0),
    "median": st.floats(0.0, 1e3), "passed_on": _UNIT, "followers": st.floats(0.0, 1e6),
    "wider": st.floats(1.0, 1e3), "follow": st.tuples(st.floats(0.0, 1e3), st.floats(0.0, 3.0)),
    "pass_on": st.tuples(_UNIT, st.floats(0.5, 5.0)), "own_luck": st.tuples(st.floats(-6.0, 6.0), _OPEN),
    "form": st.integers(0, 2), "hazards": st.tuples(_UNIT, _UNIT), "middle": _UNIT, "needed": _UNIT, "heard": _UNIT,
    "mood": st.tuples(st.floats(0.0, 20.0), st.floats(-1.0, 1.0), st.floats(1.0, 20.0)),
    "felt": st.tuples(_UNIT, st.floats(0.0, 50.0), _UNIT), "bar": st.tuples(_UNIT, st.floats(0.0, 1.0)),
    "other_talks": _FLAG, "imitation": st.floats(0.0, 10.0),
    "own_time": st.floats(0.5, 50.0), "own": st.floats(-1.0, 1.0), "elasticity": st.floats(0.0, 3.0),
}  # fmt: skip
"""What an argument of this name may be. A rule with an argument of a new name needs a line here."""


def names_of(name: str) -> list[str]:
    """Return the names of a rule's arguments, in order."""
    return list(inspect.signature(python_of(RULES[name])).parameters)


def arguments(name: str, **narrower) -> st.SearchStrategy:
    """Return a strategy for the arguments of rule ``name``; ``narrower`` replaces what is drawn for some."""
    return st.fixed_dictionaries({each: narrower.get(each, BY_NAME[each]) for each in names_of(name)})


def apply(name: str, given: dict, python: bool = False):
    """Call a rule by name, compiled or as the Python that it was."""
    function = python_of(RULES[name]) if python else RULES[name]
    return function(*(given[each] for each in names_of(name)))
