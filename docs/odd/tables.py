"""The tables of docs/ODD.md, each read from the code."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import meanings
import numpy as np

import wom_sim
import wom_sim.rules
from wom_sim import policies
from wom_sim.engines.compiled import firm, state
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.policies.setting import Choice, Levers
from wom_sim.scenario.listing import Parameter, parameters
from wom_sim.scenario.sections.outlets import DEFAULT_OUTLETS
from wom_sim.simulation import numbers_of
from wom_sim.world import people, trace
from wom_sim.world.day import PHASES
from wom_sim.world.luck import Purpose
from wom_sim.world.network import CLASS_NAMES
from wom_sim.world.numbers import Numbers
from wom_sim.world.outlets import OUTLET_TYPE
from wom_sim.world.treatments import TREATMENT_TYPE

PACKAGE = Path(wom_sim.__file__).parent
RULE_MODULES = tuple(
    importlib.import_module(f"wom_sim.rules.{found.name}") for found in pkgutil.iter_modules(wom_sim.rules.__path__)
)


def complete(words: Mapping[str, Any], names: Iterable[str], what: str) -> None:
    """Raise ValueError, naming them, where something has no words, or words speak of nothing."""
    wanted = list(names)
    missing = [name for name in wanted if name not in words]
    idle = [name for name in words if name not in wanted]
    if missing or idle:
        raise ValueError(f"docs/odd/meanings.py, {what}: missing {missing}, too many {idle}")


def markdown(heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """Return a table."""
    lines = [heads, ("---",) * len(heads), *rows]
    cells = ([str(cell).replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def code(name: object) -> str:
    """Return a name as code."""
    return f"`{name}`"


def _type(dtype: np.dtype[Any], name: str) -> str:
    return code(dtype[name].name)


def _columns(dtype: np.dtype[Any], words: Mapping[str, tuple[str, str]], what: str) -> str:
    names = dtype.names or ()
    complete(words, names, what)
    return markdown(
        ("column", "type", "unit", "meaning"), ((code(name), _type(dtype, name), *words[name]) for name in names)
    )


def person_columns() -> str:
    """Return the columns of a person that do not change."""
    heads = ("column", "type", "unit", "meaning")
    return markdown(heads, ((code(c.name), code(c.dtype), c.unit, c.meaning) for c in people.COLUMNS))


def state_columns() -> str:
    """Return the columns of a person that change during a run."""
    return _columns(state.STATE_TYPE, meanings.STATE, "STATE")


def rare_columns() -> str:
    """Return the columns that only few people have."""
    return _columns(state.RARE_TYPE, meanings.RARE, "RARE")


def flags() -> str:
    """Return the flags of a person."""
    return _bits("TOLD", meanings.FLAGS, "FLAGS")


def fates() -> str:
    """Return what may become of a person."""
    return _bits("CAUSED", meanings.FATES, "FATES")


def _bits(one: str, told: dict[str, str], what: str) -> str:
    """Return the table of the bits that state.py assigns in the line in which it assigns ``one``."""
    names = _assigned_with(one)
    complete(told, names, what)
    return markdown(("flag", "bit", "meaning"), ((code(name), vars(state)[name], told[name]) for name in names))


def _assigned_with(name: str) -> list[str]:
    for node in ast.parse(Path(state.__file__).read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            names = [target.id for target in node.targets[0].elts if isinstance(target, ast.Name)]
            if name in names:
                return names
    raise ValueError(f"{name} is no longer in engines/compiled/state.py")


def memory() -> str:
    """Return what the firm and the public remember."""
    names = [name for name in vars(firm) if name in meanings.MEMORY]
    complete(meanings.MEMORY, names, "MEMORY")
    if len(names) != firm.MEMORY:
        raise ValueError(f"the firm remembers {firm.MEMORY} things, docs/odd/meanings.py tells of {len(names)}")
    return markdown(("variable", "meaning"), ((code(name.lower()), meanings.MEMORY[name]) for name in names))


def tie_classes() -> str:
    """Return the classes of ties."""
    complete(meanings.TIES, CLASS_NAMES, "TIES")
    return markdown(("class", "number", "meaning"), ((code(n), k, meanings.TIES[n]) for k, n in enumerate(CLASS_NAMES)))


def outlet_columns() -> str:
    """Return the columns of an outlet."""
    return _columns(OUTLET_TYPE, meanings.OUTLETS, "OUTLETS")


def treatment_columns() -> str:
    """Return the columns of a treatment."""
    return _columns(TREATMENT_TYPE, meanings.TREATMENTS, "TREATMENTS")


def _numbered(names: tuple[str, ...], words: Mapping[str, str], what: str) -> str:
    complete(words, names, what)
    return markdown(
        ("number", "name", "meaning"), ((k, code(n) if n else "(none)", words[n]) for k, n in enumerate(names))
    )


def channels() -> str:
    """Return the channels."""
    return _numbered(trace.CHANNEL_NAMES, meanings.CHANNELS, "CHANNELS")


def causes() -> str:
    """Return the causes of a departure."""
    return _numbered(trace.CAUSE_NAMES, meanings.CAUSES, "CAUSES")


def labels() -> str:
    """Return the labels of a departure or join."""
    return _numbered(trace.LABEL_NAMES, meanings.LABELS, "LABELS")


def phases() -> str:
    """Return the phases of a day."""
    return markdown(
        ("", "phase", "what happens", "reads", "writes"),
        ((k, code(phase.name), phase.does, phase.reads, phase.writes) for k, phase in enumerate(PHASES, 1)),
    )


def purposes() -> str:
    """Return what each number of luck is for."""
    complete(meanings.PURPOSES, Purpose.__members__, "PURPOSES")
    return markdown(
        ("purpose", "block", "lane", "decides", "who", "whom", "day"),
        ((code(p.name), p >> 2, p & 3, *meanings.PURPOSES[p.name]) for p in Purpose),
    )


def events() -> str:
    """Return the events of the log."""
    complete(meanings.EVENTS, trace.EVENT_NAMES[1:], "EVENTS")
    return markdown(
        ("number", "event", "when", "amount (money: 1/100 currency, positive if good for the firm)"),
        ((k, code(name), *meanings.EVENTS[name]) for k, name in enumerate(trace.EVENT_NAMES) if name),
    )


def _lines(lines: tuple[trace.Line, ...]) -> str:
    return markdown(("name", "unit", "meaning"), ((code(line.name), line.unit, line.meaning) for line in lines))


def daily() -> str:
    """Return the columns of the daily table."""
    return _lines(trace.DAILY)


def ledger() -> str:
    """Return the lines of the ledger."""
    return _lines(trace.LEDGER)


def indicators() -> str:
    """Return the indicators."""
    heads = ("indicator", "unit", "better", "meaning")
    return markdown(heads, ((code(i.name), i.unit, i.direction or "-", i.meaning) for i in INDICATORS))


# -- parameters ----------------------------------------------------------------------------------------------


def _short(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(_short, value)) or "(none)"
    if isinstance(value, float):
        return f"{value:,.10g}"
    return str(value) if value is not None else "(not set)"


def _default(parameter: Parameter) -> str:
    return "must be given" if parameter.required else _short(parameter.default)


def _row(parameter: Parameter) -> tuple[str, ...]:
    plausible = "" if parameter.plausible is None else "{:,g} to {:,g}".format(*parameter.plausible)
    choices = f" ({', '.join(parameter.choices)})" if parameter.choices else ""
    return (
        code(parameter.key), _default(parameter), parameter.unit, plausible, parameter.source, parameter.grade,
        parameter.meaning + choices,
    )  # fmt: skip


def _keys_below(*starts: str) -> str:
    rows = [_row(p) for p in parameters() if p.key.startswith(starts)]
    return markdown(("key", "default", "unit", "plausible", "source", "grade", "meaning"), rows)


def behaviour_keys() -> str:
    """Return the keys under ``behaviour``."""
    return _keys_below("behaviour.")


def media_keys() -> str:
    """Return the keys under ``media``."""
    return _keys_below("media.")


def money_keys() -> str:
    """Return the keys under ``money``."""
    return _keys_below("money.")


def population_keys() -> str:
    """Return the keys under ``population``."""
    return _keys_below("population.")


def network_keys() -> str:
    """Return the keys under ``network``."""
    return _keys_below("network.")


def run_keys() -> str:
    """Return the keys under ``run``."""
    return _keys_below("run.")


def lever_keys() -> str:
    """Return the keys of a policy, and of whom it chooses."""
    return _keys_below("choose.", "policies[].")


def default_outlets() -> str:
    """Return the outlets that a scenario has if it names none."""
    names = OUTLET_TYPE.names or ()
    rows = ((outlet.name, *(_short(getattr(outlet, name)) for name in names)) for outlet in DEFAULT_OUTLETS)
    return markdown(("outlet", *map(code, names)), rows)


def derived_numbers() -> str:
    """Return the numbers of a run that do not bear the name of a key under ``behaviour``."""
    known = {p.key.split(".")[2] for p in parameters() if p.key.startswith("behaviour.")}
    derived = [name for name in Numbers._fields if name not in known or name == "weight"]
    complete(meanings.NUMBERS, derived, f"NUMBERS (see {numbers_of.__name__})")
    return markdown(("number", "is"), ((code(name), meanings.NUMBERS[name]) for name in derived))


def policy_list() -> str:
    """Return the policies: what each is, its evidence, and the levers that it sets."""
    plain = Levers()
    rows = []
    for name in policies.POLICIES:
        policy = policies.policy(name)
        own = {lever: getattr(policy.defaults, lever) for lever in Levers.__dataclass_fields__}
        pulled = [f"{code(k)} {_short(v)}" for k, v in own.items() if v != getattr(plain, k)]
        rows.append((code(name), policy.summary, "; ".join(pulled) or "(none)", policy.evidence))
    return markdown(("policy", "what the firm does", "levers that it sets", "evidence"), rows)


def plain_levers() -> str:
    """Return the levers that no policy need set, with their plain values."""
    plain = Levers()
    rows = [(code(n), _short(getattr(plain, n))) for n in Levers.__dataclass_fields__ if n != "choose"]
    choice = [(code(f"choose.{n}"), _short(getattr(Choice(), n))) for n in Choice.__dataclass_fields__]
    return markdown(("lever", "plain value"), [*rows, *choice])


# -- rules ---------------------------------------------------------------------------------------------------


def rules() -> dict[str, Callable[..., Any]]:
    """Return every rule as the Python that it is, by name, in the order of the files and lines."""
    found: dict[str, Callable[..., Any]] = {}
    for module in RULE_MODULES:
        for name, thing in vars(module).items():
            python = getattr(thing, "py_func", thing)
            if inspect.isfunction(python) and python.__module__ == module.__name__:
                found[name] = python
    return found


def callers() -> dict[str, list[str]]:
    """Return, for each rule, the functions that call it: of the reference engine, the policies and the books."""
    found: dict[str, set[str]] = {name: set() for name in rules()}
    for file in sorted(PACKAGE.rglob("*.py")):
        place = file.relative_to(PACKAGE).with_suffix("").as_posix()
        if place.startswith(("engines/compiled", "present", "charts", "cli")):
            continue
        for outer, node in _calls(ast.parse(file.read_text())):
            name = _called(node, place)
            if name in found and not (place.startswith("rules/") and outer == name):
                found[name].add(f"{place.rpartition('/')[2]}.{outer}")
    return {name: sorted(by) for name, by in found.items()}


def _called(node: ast.Call, place: str) -> str:
    """Return the name of what is called, if it may be a rule: a bare name, or an attribute of a module of rules."""
    if isinstance(node.func, ast.Name):
        return node.func.id
    modules = {module.__name__.rpartition(".")[2] for module in RULE_MODULES}
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id in modules:
        return node.func.attr
    return ""


def _calls(tree: ast.Module) -> Iterable[tuple[str, ast.Call]]:
    """Yield every call with the name of the outermost function or method around it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call):
                    yield node.name, inner


def _formula(function: Callable[..., Any]) -> str:
    """Return the body of a rule without its docstring."""
    lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    definition = next(n for n in ast.walk(ast.parse("\n".join(lines))) if isinstance(n, ast.FunctionDef))
    signature = f"def {function.__name__}({ast.unparse(definition.args)}) -> {ast.unparse(definition.returns)}:"
    body = definition.body[1] if len(definition.body) > 1 else definition.body[0]
    return "\n".join([signature, *lines[body.lineno - 1 :]])


def _words(function: Callable[..., Any]) -> tuple[str, str, str]:
    """Return the first sentence of a rule, the rest of what it says, and its example."""
    text = inspect.getdoc(function) or ""
    said, _, example = text.partition("\n>>>")
    first, _, rest = said.partition("\n\n")
    return _one_line(first), _one_line(rest), (">>>" + example).strip() if example else ""


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def rule_book() -> str:
    """Return every rule: first sentence, source, formula, example, and who calls it."""
    used = callers()
    parts = []
    for module in RULE_MODULES:
        name_of_module = module.__name__.rpartition(".")[2]
        parts.append(f"### `rules/{name_of_module}.py`: {_one_line((module.__doc__ or '').partition('.')[0])}")
        for name, function in rules().items():
            if function.__module__ != module.__name__:
                continue
            first, rest, example = _words(function)
            by = ", ".join(map(code, used[name]))
            if not by:
                raise ValueError(f"the rule {name} is called by nothing")
            parts += [f"#### `{name}`", first]
            parts += [rest] if rest else []
            parts += [f"Called by {by}.", f"```python\n{_formula(function)}\n```"]
            parts += [f"Example:\n```python\n{example}\n```"] if example else []
    return "\n\n".join(parts)


TABLES: dict[str, Callable[[], str]] = {
    function.__name__: function
    for function in (
        person_columns, state_columns, flags, rare_columns, fates, memory,
        tie_classes, outlet_columns, treatment_columns, channels, causes,
        labels, phases, purposes, events, daily, ledger, indicators, behaviour_keys, media_keys, money_keys,
        population_keys, network_keys, run_keys, lever_keys, default_outlets, derived_numbers, policy_list,
        plain_levers, rule_book,
    )
}  # fmt: skip
"""Every table by the name under which docs/odd/ODD.md.in calls for it."""
