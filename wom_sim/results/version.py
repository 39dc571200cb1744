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
from wom_sim.policies import POLICIES
from wom_sim.policies import policy as policy_named
from wom_sim.scenario.models import Policy, Scenario

FOLDERS = ("rules", "world", "networks", "populations", "policies", "engines", "simulation", "outcomes")
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
    files = [root / name for name in FILES]
    files += [file for folder in FOLDERS for file in sorted((root / folder).rglob("*.py"))]
    digest = hashlib.sha256()
    for file in files:
        said = syntax_hash(file.read_text(encoding="utf-8"))
        digest.update(f"{file.relative_to(root).as_posix()} {said}\n".encode())
    return digest.hexdigest()


@cache
def model_version() -> str:
    """Return 16 hex digits that change when a source of this package changes that a result depends on."""
    packages = " ".join(f"{name} {version(name)}" for name in _PACKAGES)
    said = f"{sources_version(Path(wom_sim.__file__).parent)} {packages}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@cache
def plugin_version(use: str) -> str:
    """Return a hash of the source of a policy of another package, "" for ours, which the model's version covers."""
    if use in POLICIES:
        return ""
    planner = getattr(policy_named(use), "plan", None)
    try:
        source = inspect.getsourcefile(inspect.unwrap(planner)) if planner is not None else None
        return "" if source is None else syntax_hash(Path(source).read_text(encoding="utf-8"))[:16]
    except (TypeError, OSError, SyntaxError, UnicodeDecodeError):
        return ""


def uses_of(policy: Policy) -> list[str]:
    """Return the policies by name that a policy of a scenario is made of."""
    return [policy.use] if policy.then is None else [policy.use, policy.then.use]


def version_of(scenario: Scenario) -> str:
    """Return 16 hex digits of the model's version, that of policies of other packages which a scenario uses with it."""
    plugins = {use: plugin_version(use) for policy in scenario.policies for use in uses_of(policy)}
    named = sorted(f"{use} {found}" for use, found in plugins.items() if found)
    if not named:
        return model_version()
    return hashlib.sha256(" ".join([model_version(), *named]).encode()).hexdigest()[:16]
