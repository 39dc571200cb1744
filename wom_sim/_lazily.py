"""A part of another package that is loaded with it though hardly anybody uses it, loaded when somebody does.

This module is no part of what is compiled: a change here compiles nothing anew.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import LazyLoader, module_from_spec
from types import ModuleType


def lazily(package: ModuleType, name: str) -> None:
    """Let a module of a package be loaded when something of it is first used, unless it is loaded already.

    Source: "Implementing lazy imports", documentation of Python's ``importlib``.
    """
    full = f"{package.__name__}.{name}"
    spec = PathFinder.find_spec(full, package.__path__)
    if full in sys.modules or spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[full] = module
    spec.loader.exec_module(module)
    setattr(package, name, module)
