"""The version of the model: what results depend on, besides the scenario.

It is a hash of what the sources say, not of how they are written: comments, docstrings and layout do not count, so
that a mended sentence leaves earlier results as good as they were.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import wom_sim
from wom_sim import plugins
from wom_sim._cache import remembered
from wom_sim._compile import COMPILED_CODE
from wom_sim.policies import POLICIES
from wom_sim.policies import policy as policy_named
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.sections.policies import Policy

FOLDERS = ("rules", "world", "networks", "populations", "policies", "plugins", "engines", "simulation", "outcomes")
FILES = ("_compile.py",)
"""The sources of this package on which the result of a run depends."""
_PACKAGES = ("numpy", "numba", "networkx")
"""Packages whose version counts as well."""


def syntax_hash(source: str) -> str:
    """Return 64 hex digits of what a source says, the same under every version of Python.

    >>> syntax_hash("x = 1") == syntax_hash("x = (1)  # one"), syntax_hash("x = 1") == syntax_hash("x = 2")
    (True, False)
    """
    pieces: list[str] = []
    _write(ast.parse(source), pieces)
    return hashlib.sha256("".join(pieces).encode()).hexdigest()


def _write(node: Any, pieces: list[str]) -> None:
    """Add a syntax tree as text: what a node is and its fields by name, without what says nothing."""
    if isinstance(node, ast.AST):
        pieces.append(f"({type(node).__name__}")
        for name in sorted(node._fields):  # empty fields are left out: newer versions of Python have more of them
            value = getattr(node, name, None)
            if value is not None and value != []:
                pieces.append(f" {name}=")
                _write(_spoken(node, value), pieces)
        pieces.append(")")
    elif isinstance(node, list):
        pieces.append("[")
        for item in node:
            _write(item, pieces)
        pieces.append("]")
    else:
        pieces.append(f"{type(node).__name__}:{node!r}")


def _spoken(parent: ast.AST, value: Any) -> Any:
    """Return a field of a node without docstrings, and without the empty text that ends a format in Python 3.12."""
    if not isinstance(value, list):
        return value
    if isinstance(parent, ast.JoinedStr):
        return [part for part in value if not (isinstance(part, ast.Constant) and part.value == "")]
    return [item for item in value if not _is_text_alone(item)]


def _is_text_alone(node: Any) -> bool:
    """Whether a statement is a text that nothing is done with."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def sources_version(root: Path) -> str:
    """Return 64 hex digits of what the sources of the model say; ``root``: the folder of the package."""
    return _said_by_all(_sources(root))


def _sources(root: Path) -> dict[str, bytes]:
    """Return the sources of the model, by their place in the folder of the package."""
    files = [root / name for name in FILES]
    files += [file for folder in FOLDERS for file in sorted((root / folder).rglob("*.py"))]
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}


def _said_by_all(sources: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, source in sources.items():
        digest.update(f"{name} {syntax_hash(source.decode())}\n".encode())
    return digest.hexdigest()


def _remembered_version(root: Path) -> str:
    """Return ``sources_version``, which takes a second, once for each state of the sources."""
    sources = _sources(root)
    state = b"".join(b"%s %d\n%s" % (name.encode(), len(source), source) for name, source in sources.items())
    return remembered(COMPILED_CODE, "sources_version", state, lambda: _said_by_all(sources))


@cache
def model_version() -> str:
    """Return 16 hex digits that change when a source of this package changes that a result depends on."""
    packages = " ".join(f"{name} {version(name)}" for name in _PACKAGES)
    said = f"{_remembered_version(Path(wom_sim.__file__).parent)} {packages}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@cache
def plugin_version(name: str, kind: str = plugins.POLICY) -> str:
    """Return a hash of the source of a plug-in of another package, "" for what is ours: the model's version covers it.

    Of a module in a package, every module of the package counts, for one may call another. "" also where there is no
    source to read, as of what was compiled or typed in.
    """
    if kind == plugins.POLICY and name in POLICIES:
        return ""
    loaded = policy_named(name) if kind == plugins.POLICY else plugins.load(kind, name)
    try:
        source = _source_of(loaded)
        return "" if source is None else _said_by(Path(source))[:16]
    except (TypeError, OSError, SyntaxError, UnicodeDecodeError):
        return ""


def _source_of(loaded: Any) -> str | None:
    """Return the file in which a plug-in is written: that of a module, a function, or the functions of an object."""
    if inspect.ismodule(loaded) or inspect.isfunction(inspect.unwrap(loaded)):
        return inspect.getsourcefile(inspect.unwrap(loaded))
    functions = (getattr(loaded, name, None) for name in _FUNCTIONS)
    found = next((each for each in functions if callable(each)), None)
    return None if found is None else inspect.getsourcefile(inspect.unwrap(found))


_FUNCTIONS = ("plan", "read", "build", "rule", "draw", "write")
"""Fields of plug-ins that hold a function."""


def _said_by(source: Path) -> str:
    """Return what a file says, or the package in which it is, if it is in one."""
    if not (source.parent / "__init__.py").is_file():
        return syntax_hash(source.read_text(encoding="utf-8"))
    top = source.parent
    while (top.parent / "__init__.py").is_file():
        top = top.parent
    digest = hashlib.sha256()
    for file in sorted(top.rglob("*.py")):
        said = syntax_hash(file.read_text(encoding="utf-8"))
        digest.update(f"{file.relative_to(top).as_posix()} {said}\n".encode())
    return digest.hexdigest()


def uses_of(policy: Policy) -> list[str]:
    """Return the policies by name that a policy of a scenario is made of."""
    return [policy.use] if policy.then is None else [policy.use, policy.then.use]


def plugins_of(scenario: Scenario) -> list[str]:
    """Return name and version of each plug-in of other packages, but policies, on which a scenario's runs depend."""
    return [f"{kind} {name} {plugin_version(name, kind)}" for kind, name in scenario.plugins.used()]


def plugins_version(scenario: Scenario) -> str:
    """Return 16 hex digits of all that a scenario uses of other packages, "" where that is nothing."""
    used = {use: plugin_version(use) for policy in scenario.policies for use in uses_of(policy)}
    named = sorted([f"{use} {found}" for use, found in used.items() if found] + plugins_of(scenario))
    return hashlib.sha256(" ".join(named).encode()).hexdigest()[:16] if named else ""


def version_of(scenario: Scenario) -> str:
    """Return 16 hex digits of the model's version, with that of all that a scenario uses of other packages."""
    used = plugins_version(scenario)
    return hashlib.sha256(f"{model_version()} {used}".encode()).hexdigest()[:16] if used else model_version()
